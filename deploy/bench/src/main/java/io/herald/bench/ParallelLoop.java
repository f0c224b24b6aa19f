package io.herald.bench;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.CommitMode;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import io.herald.schema.Delivery;
import io.herald.topic.Topics;
import io.herald.wire.WireFormat;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Confluent's parallel-consumer at the work of a sender's loop: reads deliveries, calls the {@link TimedProvider},
 * writes reports, commits. Clients and commits are set as Herald's are. It has a thread for each call.
 */
final class ParallelLoop implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final ThreadLocal<WireFormat> wire;
    private final TimedProvider provider = new TimedProvider(false);
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ParallelStreamProcessor<byte[], byte[]> processor;

    private ParallelLoop(Map<String, String> settings) {
        Map<String, String> registry = Map.of("schema.registry.url", settings.get("schema.registry.url"));
        this.wire = ThreadLocal.withInitial(() -> new WireFormat(registry));
        Map<String, Object> reading = new HashMap<>();
        reading.put("bootstrap.servers", settings.get("bootstrap.servers"));
        reading.put("group.id", settings.get("group.id"));
        reading.put("isolation.level", "read_committed");
        reading.put("enable.auto.commit", false);
        reading.put("auto.offset.reset", "earliest");
        this.consumer = new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        settings.get("bootstrap.servers"),
                        "acks",
                        "all",
                        "linger.ms",
                        5,
                        "compression.type",
                        "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        boolean inOrder = Boolean.parseBoolean(settings.get(TimedProvider.IN_ORDER));
        this.processor =
                ParallelStreamProcessor.createEosStreamProcessor(ParallelConsumerOptions.<byte[], byte[]>builder()
                        .ordering(inOrder ? ProcessingOrder.KEY : ProcessingOrder.UNORDERED)
                        .maxConcurrency(Integer.parseInt(settings.get("in.flight.max")))
                        .commitMode(CommitMode.PERIODIC_CONSUMER_ASYNCHRONOUS)
                        .commitInterval(Duration.ofMillis(200))
                        .consumer(consumer)
                        .producer(producer)
                        .build());
    }

    /** Starts it. */
    static ParallelLoop start(Map<String, String> settings) {
        ParallelLoop loop = new ParallelLoop(settings);
        loop.processor.subscribe(List.of(Topics.DELIVERY_APNS.name()));
        loop.processor.pollAndProduce(record -> loop.report(record.key(), record.value()));
        return loop;
    }

    private ProducerRecord<byte[], byte[]> report(byte[] key, byte[] value) {
        WireFormat its = wire.get();
        Delivery delivery = its.read(Topics.DELIVERY_APNS, Delivery.class, value);
        provider.send(delivery).join();
        return new ProducerRecord<>(
                Topics.DELIVERY_REPORTED.name(), key, its.value(Topics.DELIVERY_REPORTED, StandIn.accepted(delivery)));
    }

    @Override
    public void close() {
        processor.closeDontDrainFirst(GRACE);
        producer.close(GRACE);
        provider.close();
    }
}
