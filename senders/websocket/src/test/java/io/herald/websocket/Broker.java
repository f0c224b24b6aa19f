package io.herald.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.Realtime;
import io.herald.testkit.TestBroker;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.wire.GatewayKey;
import io.herald.wire.WireFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A real broker, the router's end of {@code realtime}, and intake's end of what the gateway writes. */
final class Broker implements AutoCloseable {
    // Each is told of every change, as if it held a socket of everybody.
    private static final List<GatewayKey> GATEWAYS = List.of(new GatewayKey("gateway-1"), new GatewayKey("gateway-2"));

    static final String REGISTRY = "mock://gateway";

    private final TestBroker kafka;
    private final WireFormat wire =
            new WireFormat(Map.of("schema.registry.url", REGISTRY, "auto.register.schemas", true));
    private final KafkaProducer<byte[], byte[]> router;

    Broker(Path folder) {
        kafka = TestBroker.start(folder);
        router = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "transactional.id", "router"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        router.initTransactions();
    }

    TestBroker kafka() {
        return kafka;
    }

    String bootstrap() {
        return kafka.bootstrap();
    }

    /** Writes changes in a transaction of their own, as the router does. */
    void commit(Realtime... changes) {
        router.beginTransaction();
        for (Realtime change : changes) {
            for (GatewayKey gateway : GATEWAYS) {
                // The commit fails where this does.
                Future<RecordMetadata> unused = send(change, gateway);
            }
        }
        router.commitTransaction();
    }

    /** Writes a change for one gateway, in a transaction of its own. */
    void commit(Realtime change, GatewayKey gateway) {
        router.beginTransaction();
        Future<RecordMetadata> unused = send(change, gateway);
        router.commitTransaction();
    }

    /** Writes a change in a transaction that comes to nothing. */
    void abort(Realtime change) throws ExecutionException, InterruptedException {
        router.beginTransaction();
        // It must be in the log, or there is nothing that a reader could leave out.
        RecordMetadata written = send(change, GATEWAYS.get(0)).get();
        if (!written.hasOffset()) {
            throw new IllegalStateException("not written");
        }
        router.abortTransaction();
    }

    /** Writes bytes that are no change. */
    void commitGarbage() {
        router.beginTransaction();
        Future<RecordMetadata> unused = send(new byte[] {1, 2, 3}, GATEWAYS.get(0));
        router.commitTransaction();
    }

    private Future<RecordMetadata> send(Realtime change, GatewayKey gateway) {
        return send(wire.value(Topics.REALTIME, change), gateway);
    }

    private Future<RecordMetadata> send(byte[] value, GatewayKey gateway) {
        int partition = gateway.partition(Topics.REALTIME.partitions());
        return router.send(new ProducerRecord<>(Topics.REALTIME.name(), partition, gateway.bytes(), value));
    }

    /** Returns everything that {@code topic} holds at this moment, oldest first within a partition. */
    <T extends SpecificRecord> List<T> read(Topic topic, Class<T> type) {
        return entries(topic).stream()
                .map(entry -> wire.read(topic, type, entry.value()))
                .toList();
    }

    /** Returns the keys of everything that {@code topic} holds at this moment, as text. */
    List<String> keys(Topic topic) {
        return entries(topic).stream()
                .map(entry -> new String(entry.key(), UTF_8))
                .toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> entries(Topic topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrap()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(partition -> new TopicPartition(topic.name(), partition.partition()))
                    .toList();
            Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<byte[], byte[]>> entries = new ArrayList<>();
            while (end.entrySet().stream().anyMatch(left -> consumer.position(left.getKey()) < left.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(entries::add);
            }
            return entries;
        }
    }

    @Override
    public void close() {
        router.close(Duration.ofSeconds(1));
        kafka.close();
    }
}
