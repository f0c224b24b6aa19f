package io.herald.sender;

import io.herald.schema.Lane;

/**
 * A token bucket that both lanes draw from. Bulk leaves half of what may go at once: so an urgent delivery of that
 * weight or less waits only for others that are urgent, unless a bulk one heavier than that has just gone. Times are
 * those of {@link System#nanoTime}. Not thread-safe.
 */
final class Pace {
    private static final double NANOS = 1e9;
    private static final double LEAST_BURST = 2;
    private static final double BURST_SECONDS = 0.2;

    private final double burst;
    private double tokens = Double.MAX_VALUE;
    private long at;

    /**
     * Creates a full bucket.
     *
     * @param burst how much may go at once after a pause; 0 for a fifth of a second's, or 2 if that is more
     */
    Pace(double burst, long now) {
        this.burst = burst;
        this.at = now;
    }

    /**
     * Takes {@code weight}, if it is there. What weighs more than the bucket holds goes when it is full, and what is
     * urgent and heavy when as much is there as bulk leaves; those after it wait the longer.
     *
     * @param perSecond infinite for no limit
     * @return how long to wait before the next try, in nanoseconds; 0 if it was taken
     */
    long take(int weight, Lane lane, double perSecond, long now) {
        if (Double.isInfinite(perSecond)) {
            return 0;
        }
        double most = burst > 0 ? burst : Math.max(LEAST_BURST, perSecond * BURST_SECONDS);
        tokens = Math.min(most, tokens + (now - at) / NANOS * perSecond);
        at = now;
        double needed =
                switch (lane) {
                    case URGENT -> Math.min(weight, Math.max(1, most / 2));
                    case BULK -> Math.min(most, weight + most / 2);
                };
        double missing = needed - tokens;
        if (missing > 0) {
            return (long) Math.ceil(missing / perSecond * NANOS);
        }
        tokens -= weight;
        return 0;
    }
}
