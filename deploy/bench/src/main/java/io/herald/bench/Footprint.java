package io.herald.bench;

import io.herald.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Counts what Herald writes to Kafka for an event: the mailbox, the outputs and the changelogs, read back from the
 * broker. Keeps what was written, for the plain producer to write again.
 */
final class Footprint {
    private static final int MOST_KEPT = 200_000;

    private final Rig rig;
    private final Map<TopicPartition, Long> from;
    private final Map<String, Written> topics = new TreeMap<>();
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();

    /** What went to one topic. */
    static final class Written {
        private long records;
        private long bytes;

        private void add(ConsumerRecord<byte[], byte[]> record) {
            records++;
            bytes += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        }

        long records() {
            return records;
        }

        /** Returns bytes of keys and values, before compression. */
        long bytes() {
            return bytes;
        }
    }

    /** Begins to count what {@code application} writes. */
    Footprint(Rig rig, String application) {
        this.rig = rig;
        List<String> written = new ArrayList<>();
        written.add(Topics.MAILBOX.name());
        Topics.OUTPUTS.forEach(topic -> written.add(topic.name()));
        Rig.get(rig.admin().listTopics().names()).stream()
                .filter(name -> name.startsWith(application + "-") && name.endsWith("-changelog"))
                .forEach(written::add);
        this.from = rig.ends(written);
    }

    /** Reads what was written since, once the topology is quiet. */
    void read() {
        try (KafkaConsumer<byte[], byte[]> consumer = rig.consumer()) {
            consumer.assign(from.keySet());
            from.forEach(consumer::seek);
            Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(from.keySet()));
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(this::add);
            }
        }
    }

    /** Returns what went to each topic, by name. */
    Map<String, Written> topics() {
        return topics;
    }

    long totalRecords() {
        return topics.values().stream().mapToLong(Written::records).sum();
    }

    long totalBytes() {
        return topics.values().stream().mapToLong(Written::bytes).sum();
    }

    /** Returns what was written, or as much of it as is enough to be typical. */
    List<ProducerRecord<byte[], byte[]>> records() {
        return records;
    }

    private void add(ConsumerRecord<byte[], byte[]> record) {
        topics.computeIfAbsent(record.topic(), topic -> new Written()).add(record);
        if (records.size() < MOST_KEPT) {
            records.add(new ProducerRecord<>(record.topic(), record.partition(), record.key(), record.value()));
        }
    }
}
