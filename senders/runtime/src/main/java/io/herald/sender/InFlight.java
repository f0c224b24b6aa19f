package io.herald.sender;

import java.time.Duration;

/** Bounds how many deliveries are on their way: from the call until their progress is committed. Thread-safe. */
final class InFlight {
    private final int limit;
    private int count;
    private long answered;

    InFlight(int limit) {
        this.limit = limit;
    }

    /** Returns whether one may start; it stays so until one does. */
    synchronized boolean hasRoom() {
        return count < limit;
    }

    /** Starts one if there is room. */
    synchronized boolean tryStart() {
        if (count >= limit) {
            return false;
        }
        count++;
        return true;
    }

    /** Starts one, for which there is room. */
    synchronized void start() {
        count++;
    }

    /** Ends one. */
    synchronized void end() {
        count--;
    }

    /** Notes that one needs only to be committed any more. */
    synchronized void answered() {
        answered++;
        notifyAll();
    }

    synchronized int count() {
        return count;
    }

    int limit() {
        return limit;
    }

    /** Waits until another one is {@link #answered}, for {@code most} at most. */
    synchronized void awaitAnswer(Duration most) throws InterruptedException {
        long before = answered;
        long deadline = System.nanoTime() + most.toNanos();
        for (long left = most.toNanos(); answered == before && left > 0; left = deadline - System.nanoTime()) {
            wait(Math.max(1, left / 1_000_000));
        }
    }
}
