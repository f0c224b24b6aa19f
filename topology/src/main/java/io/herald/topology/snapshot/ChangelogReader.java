package io.herald.topology.snapshot;

import io.herald.schema.Cut;
import io.herald.topology.router.RouterStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;

/** Reads all changelogs of a router from their beginning, and keeps the last value of each key. */
final class ChangelogReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Cluster cluster;
    private final Map<String, Integer> stores = new HashMap<>();
    private final List<TopicPartition> partitions;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final LastValues values = new LastValues();

    /** The mark of a checkpoint in one changelog, and when it was written. */
    record Mark(Cut cut, Instant at) {}

    ChangelogReader(Cluster cluster, Changelogs changelogs, int mailboxPartitions) {
        this.cluster = cluster;
        RouterStores.NAMES.forEach(store -> stores.put(changelogs.topic(store), stores.size()));
        this.partitions = changelogs.all(mailboxPartitions);
        this.consumer = cluster.consumer();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Reads whatever is committed by now. */
    void readToEnd() {
        Map<TopicPartition, Long> ends =
                cluster.offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
            consumer.poll(POLL).forEach(this::keep);
        }
    }

    /**
     * Reads on, each changelog up to its mark of the checkpoint {@code id} and not further.
     *
     * @throws ToolRefusedException naming the changelogs in which it does not turn up in time
     */
    Map<TopicPartition, Mark> readToMarks(String id, Duration most) {
        Map<TopicPartition, Mark> marks = new HashMap<>();
        Instant end = cluster.clock().instant().plus(most);
        while (marks.size() < partitions.size()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (!marks.containsKey(partition)) {
                    keepUpToMark(record, partition, id, marks);
                }
            }
            consumer.pause(marks.keySet());
            if (cluster.clock().instant().isAfter(end)) {
                throw new ToolRefusedException(
                        "checkpoint " + id + " did not arrive within " + most.toSeconds() + " s in "
                                + missing(marks.keySet()) + ": is the topology running, and without a long backlog?");
            }
        }
        return marks;
    }

    /** Returns what was read of a store and partition. */
    Entries entries(String store, int partition) {
        return values.entries(RouterStores.NAMES.indexOf(store), partition);
    }

    @Override
    public void close() {
        consumer.close();
        values.close();
    }

    private void keepUpToMark(
            ConsumerRecord<byte[], byte[]> record,
            TopicPartition partition,
            String id,
            Map<TopicPartition, Mark> marks) {
        if (isMark(record) && record.value() != null) {
            Cut cut = cut(record.value());
            if (cut.getId().equals(id)) {
                marks.put(partition, new Mark(cut, Instant.ofEpochMilli(record.timestamp())));
            }
        } else {
            keep(record);
        }
    }

    // Marks are not state: what is restored from a snapshot has none.
    private void keep(ConsumerRecord<byte[], byte[]> record) {
        if (!isMark(record)) {
            values.put(
                    stores.get(record.topic()), record.partition(), record.key(), record.value(), record.timestamp());
        }
    }

    private boolean isMark(ConsumerRecord<byte[], byte[]> record) {
        return Shards.isCut(RouterStores.NAMES.get(stores.get(record.topic())), Bytes.wrap(record.key()));
    }

    private Collection<String> missing(Collection<TopicPartition> found) {
        Collection<String> missing = new TreeSet<>();
        partitions.stream()
                .filter(partition -> !found.contains(partition))
                .forEach(partition -> missing.add(partition.toString()));
        return missing;
    }

    private static Cut cut(byte[] value) {
        try {
            return Cut.getDecoder().decode(value);
        } catch (IOException broken) {
            throw new UncheckedIOException("the mark of a checkpoint cannot be read", broken);
        }
    }
}
