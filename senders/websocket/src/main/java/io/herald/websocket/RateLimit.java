package io.herald.websocket;

/** A token bucket. Not thread-safe. */
final class RateLimit {
    private static final double NANOS = 1e9;

    private final double perSecond;
    private final double burst;
    private double left;
    private long last;

    /** Creates a full bucket. */
    RateLimit(int perSecond, int burst, long nanoTime) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.left = burst;
        this.last = nanoTime;
    }

    /** Takes one, or returns false where none is left. */
    boolean tryTake(long nanoTime) {
        left = Math.min(burst, left + (nanoTime - last) / NANOS * perSecond);
        last = nanoTime;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
