package io.herald.sender;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * One partition from its assignment to its loss: what was read and has not begun, and how far it is done. All but
 * {@link #progress} belongs to the polling thread.
 */
final class Assigned {
    private final TopicPartition partition;
    private final Progress progress;
    private final Deque<ConsumerRecord<byte[], byte[]>> backlog = new ArrayDeque<>();
    private OffsetAndMetadata committed;

    Assigned(TopicPartition partition, OffsetAndMetadata committed) {
        this.partition = partition;
        this.progress = committed == null ? new Progress() : new Progress(committed);
        this.committed = committed;
    }

    TopicPartition partition() {
        return partition;
    }

    Progress progress() {
        return progress;
    }

    Deque<ConsumerRecord<byte[], byte[]>> backlog() {
        return backlog;
    }

    /** Keeps a record until it may begin. */
    void add(ConsumerRecord<byte[], byte[]> record) {
        backlog.add(record);
    }

    /** Returns whether all that was read is done. */
    boolean drained() {
        return backlog.isEmpty() && progress.idle();
    }

    /** Returns what to commit, if that is news. */
    Optional<OffsetAndMetadata> due() {
        return progress.mark().filter(mark -> !mark.equals(committed));
    }

    /** Notes what the group knows now; null if that is not known. */
    void committed(OffsetAndMetadata mark) {
        committed = mark;
    }
}
