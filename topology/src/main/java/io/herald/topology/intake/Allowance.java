package io.herald.topology.intake;

/**
 * A bucket of records that may be written, filled at a pace. It never holds more than a tenth of a second's worth, so
 * that what was not written while there was nothing to write does not come all at once.
 */
final class Allowance {
    private static final double BURST_SECONDS = 0.1;
    private static final double MILLIS = 1_000;

    private double left;
    private long filledAt;
    private boolean spent;

    /**
     * Starts empty.
     *
     * @param now milliseconds
     */
    Allowance(long now) {
        this.filledAt = now;
    }

    /**
     * Fills the bucket.
     *
     * @param perSecond the pace since the last time; 0 empties it
     * @param now milliseconds; a clock that was put back or far ahead costs or gives no more than a burst
     */
    void fill(double perSecond, long now) {
        double burst = perSecond == 0 ? 0 : Math.max(1, perSecond * BURST_SECONDS);
        double more = perSecond * Math.max(0, now - filledAt) / MILLIS;
        left = Math.min(burst, left + more);
        filledAt = now;
    }

    /** Returns whether one may be written; notes that it was asked for in vain. */
    boolean any() {
        boolean any = left >= 1;
        spent |= !any;
        return any;
    }

    /** Takes records out. One source record may be many; what is too much is paid back before the next. */
    void spend(int records) {
        left -= records;
    }

    /** Returns whether there was too little since the last call. */
    boolean wasSpent() {
        boolean was = spent;
        spent = false;
        return was;
    }
}
