package io.herald.sender;

import java.time.Duration;

/** Bounds how many deliveries are on their way, from the call until their report is acknowledged. Thread-safe. */
final class InFlight {
    private final int limit;
    private int count;
    private long ended;

    InFlight(int limit) {
        this.limit = limit;
    }

    /** Returns whether one may start; it stays so until one does. */
    synchronized boolean hasRoom() {
        return count < limit;
    }

    /** Starts one, for which there is room. */
    synchronized void start() {
        count++;
    }

    /** Ends one. */
    synchronized void end() {
        count--;
        ended++;
        notifyAll();
    }

    synchronized int count() {
        return count;
    }

    int limit() {
        return limit;
    }

    /** Waits until there is room, for {@code most} at most. */
    synchronized void awaitRoom(Duration most) throws InterruptedException {
        long deadline = System.nanoTime() + most.toNanos();
        for (long left = most.toNanos(); count >= limit && left > 0; left = deadline - System.nanoTime()) {
            wait(millis(left));
        }
    }

    /** Waits until another one ends, for {@code most} at most; at once when there is none. */
    synchronized void awaitEnd(Duration most) throws InterruptedException {
        long before = ended;
        long deadline = System.nanoTime() + most.toNanos();
        for (long left = most.toNanos();
                count > 0 && ended == before && left > 0;
                left = deadline - System.nanoTime()) {
            wait(millis(left));
        }
    }

    private static long millis(long nanos) {
        return Math.max(1, nanos / 1_000_000);
    }
}
