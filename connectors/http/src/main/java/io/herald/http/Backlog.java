package io.herald.http;

import java.time.Duration;

/**
 * Counts what was handed to Kafka and is not answered, and says when to hand over no more: when too much waits, or when
 * nothing that waits was acknowledged for a while. Once all of that has failed one is let through again, and shows
 * whether Kafka is back. Thread-safe.
 */
final class Backlog {
    private static final long COMPLAINTS_NANOS = Duration.ofSeconds(5).toNanos();

    private final int most;
    private final long stalledNanos;
    private int waiting;
    private long progressAt;
    private boolean complained;
    private long complainedAt;

    Backlog(int most, Duration stalled) {
        this.most = most;
        this.stalledNanos = stalled.toNanos();
    }

    /** Counts one more, or returns false where no more may wait. */
    synchronized boolean enter(long nanoTime) {
        if (!isOpen(nanoTime)) {
            return false;
        }
        if (waiting == 0) {
            progressAt = nanoTime;
        }
        waiting++;
        return true;
    }

    /**
     * Counts one less.
     *
     * @return false where it failed, and so did others a moment ago: one line in the log tells of all
     */
    synchronized boolean leave(boolean acknowledged, long nanoTime) {
        waiting--;
        if (acknowledged) {
            progressAt = nanoTime;
            return true;
        }
        if (complained && nanoTime - complainedAt < COMPLAINTS_NANOS) {
            return false;
        }
        complained = true;
        complainedAt = nanoTime;
        return true;
    }

    synchronized boolean isOpen(long nanoTime) {
        return waiting == 0 || (waiting < most && !isStalled(nanoTime));
    }

    /** Returns whether something waits, and nothing was acknowledged for a while. */
    synchronized boolean isStalled(long nanoTime) {
        return waiting > 0 && nanoTime - progressAt >= stalledNanos;
    }
}
