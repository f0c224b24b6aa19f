package io.herald.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.topic.Topic;
import io.herald.wire.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;

/** Plain Kafka clients, as anybody outside of Herald would use them. */
final class Wire implements AutoCloseable {
    private final String bootstrap;
    private final String registry;
    private final WireFormat format;
    private final KafkaProducer<byte[], byte[]> producer;

    private final List<Future<RecordMetadata>> sent = new ArrayList<>();

    /** A committed record of a topic. */
    record Read<T>(int partition, long offset, ConsumerRecord<byte[], byte[]> raw, T value) {}

    Wire(String bootstrap, String registry) {
        this.bootstrap = bootstrap;
        this.registry = registry;
        this.format = new WireFormat(Map.of("schema.registry.url", registry));
        Properties settings = new Properties();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 3 << 20);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Writes a record, without a key; {@link #flush} waits for it. */
    void send(Topic topic, SpecificRecord record) {
        sendBytes(topic, format.value(topic, record));
    }

    /** Writes a record with a key, so that it keeps its order among those of the same key. */
    void send(Topic topic, String key, SpecificRecord record) {
        sent.add(producer.send(new ProducerRecord<>(topic.name(), key.getBytes(UTF_8), format.value(topic, record))));
    }

    void sendBytes(Topic topic, byte[] value) {
        sent.add(producer.send(new ProducerRecord<>(topic.name(), null, value)));
    }

    /** Waits until all that was sent is written. */
    void flush() {
        producer.flush();
        for (Future<RecordMetadata> written : sent) {
            try {
                written.get();
            } catch (InterruptedException | ExecutionException failure) {
                throw new AssertionError("not written", failure);
            }
        }
        sent.clear();
    }

    /** Reads everything that is committed in a topic now, partition by partition in order. */
    <T extends SpecificRecord> List<Read<T>> readAll(Topic topic, Class<T> type) {
        List<Read<T>> all = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : readRaw(topic.name())) {
            T value = record.value() == null ? null : format.read(topic, type, record.value());
            all.add(new Read<>(record.partition(), record.offset(), record, value));
        }
        return all;
    }

    /** As {@link #readAll}, in bytes. */
    List<ConsumerRecord<byte[], byte[]>> readRaw(String topic) {
        Properties settings = new Properties();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .collect(Collectors.toList());
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(200)).forEach(all::add);
            }
        }
        return all;
    }

    /** Returns what serializers are configured with. */
    Map<String, Object> format() {
        return Map.of("schema.registry.url", registry);
    }

    /** Reads a value; null is one that was removed. */
    SpecificRecord read(Topic topic, Bytes value) {
        Class<?> type = SpecificData.get().getClass(topic.value());
        return value == null ? null : format.read(topic, type.asSubclass(SpecificRecord.class), value.get());
    }

    /** Reads everything that is committed in a topic now, whatever its type. */
    List<? extends Read<? extends SpecificRecord>> readAll(Topic topic) {
        Class<?> type = SpecificData.get().getClass(topic.value());
        return readAll(topic, type.asSubclass(SpecificRecord.class));
    }

    @Override
    public void close() {
        producer.close();
    }
}
