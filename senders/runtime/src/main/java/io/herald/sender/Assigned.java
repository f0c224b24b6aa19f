package io.herald.sender;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * One partition from its assignment to its loss: what was read and has not begun, and how far it is done. All but what
 * is done, in flight, released or gone belongs to the polling thread.
 */
final class Assigned {
    private final TopicPartition partition;
    private final Progress progress;
    private final Deque<Waiting> backlog = new ArrayDeque<>();
    private final AtomicInteger active = new AtomicInteger();
    private final Queue<Attempt> done = new ConcurrentLinkedQueue<>();
    private volatile boolean released;
    private volatile boolean gone;
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

    Deque<Waiting> backlog() {
        return backlog;
    }

    /** Notes that one is on its way to the provider, or its report to Kafka. */
    void goes() {
        active.incrementAndGet();
    }

    /** Notes that it is not any more. */
    void ends() {
        active.decrementAndGet();
    }

    /** Returns whether some are. */
    boolean active() {
        return active.get() > 0;
    }

    /** Notes that {@code attempt} is done, and is to be {@link #takeDone taken} with the next commit. */
    void done(Attempt attempt) {
        // In this order: whoever takes it may rely on due().
        progress.complete(attempt.offset());
        done.add(attempt);
    }

    /** Returns those that {@link #due} covers from now on, if it was not asked before. */
    List<Attempt> takeDone() {
        List<Attempt> taken = new ArrayList<>();
        for (Attempt each = done.poll(); each != null; each = done.poll()) {
            taken.add(each);
        }
        return taken;
    }

    /** Returns whether there is anything to commit that deliveries wait for. */
    boolean hasDone() {
        return !done.isEmpty();
    }

    /** Takes back what {@link #takeDone} gave, as it could not be committed. */
    void giveBack(List<Attempt> taken) {
        done.addAll(taken);
    }

    /** Lets none of it go any more. */
    void release() {
        released = true;
        backlog.clear();
    }

    boolean released() {
        return released;
    }

    /** Notes that nothing of it will be committed here any more. */
    void goAway() {
        gone = true;
    }

    boolean isGone() {
        return gone;
    }

    /** Keeps a record until it may begin. */
    void add(ConsumerRecord<byte[], byte[]> record) {
        backlog.add(new Waiting(record));
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
