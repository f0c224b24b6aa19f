package io.herald.http;

import java.time.Duration;

/** A token bucket. Not thread-safe. */
public final class RateLimit {
    private static final double NANOS = 1e9;

    private final double perSecond;
    private final double burst;
    private double left;
    private long last;

    /** Creates a full bucket. */
    public RateLimit(int perSecond, int burst, long nanoTime) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.left = burst;
        this.last = nanoTime;
    }

    /** Takes one, or returns false where none is left. */
    public boolean tryTake(long nanoTime) {
        return tryTake(1, nanoTime);
    }

    /**
     * Takes {@code count}, or nothing, and then returns false. More than the bucket holds is taken when it is full, and
     * owed: so no size is refused for ever, and the rate holds.
     */
    public boolean tryTake(int count, long nanoTime) {
        fill(nanoTime);
        if (left < Math.min(count, burst)) {
            return false;
        }
        left -= count;
        return true;
    }

    /** Returns how long it takes until {@code count} can be taken, if nobody takes before. */
    public Duration untilFree(int count, long nanoTime) {
        fill(nanoTime);
        double missing = Math.min(count, burst) - left;
        return Duration.ofNanos((long) Math.ceil(Math.max(0, missing) / perSecond * NANOS));
    }

    private void fill(long nanoTime) {
        left = Math.min(burst, left + (nanoTime - last) / NANOS * perSecond);
        last = nanoTime;
    }
}
