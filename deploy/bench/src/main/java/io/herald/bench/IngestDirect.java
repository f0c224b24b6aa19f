package io.herald.bench;

import io.herald.topic.Topics;
import io.herald.wire.WireFormat;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A producer that writes the events itself, with the serializer and the acknowledgements that ingest has. */
final class IngestDirect {
    private IngestDirect() {}

    /** Takes the broker's and the registry's address; each order says how many events. */
    public static void main(String[] words) throws IOException {
        WireFormat wire = new WireFormat(Map.of("schema.registry.url", words[1], "auto.register.schemas", false));
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", words[0], "acks", "all", "linger.ms", 2),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            Orders orders = new Orders(System.out);
            orders.done("");
            orders.obey(order -> Long.toString(write(producer, wire, Long.parseLong(order.get(0)))));
        }
    }

    private static long write(KafkaProducer<byte[], byte[]> producer, WireFormat wire, long events) {
        AtomicReference<Exception> failed = new AtomicReference<>();
        long start = System.nanoTime();
        for (long number = 0; number < events; number++) {
            byte[] value = wire.value(Topics.NOTIFICATION_REQUESTED, IngestLoad.record(number));
            // The callback tells all that the future would.
            Future<RecordMetadata> unused = producer.send(
                    new ProducerRecord<>(Topics.NOTIFICATION_REQUESTED.name(), value), (where, failure) -> {
                        if (failure != null) {
                            failed.set(failure);
                        }
                    });
        }
        producer.flush();
        if (failed.get() != null) {
            throw new IllegalStateException("not all was written", failed.get());
        }
        return System.nanoTime() - start;
    }
}
