package io.herald.topology.intake;

import java.time.Duration;

/**
 * How much may be asked of the router that it need not do now: more and more while it keeps up, half when it falls
 * behind (additive increase, multiplicative decrease: several that pace themselves by the same router come to equal
 * shares). While it is behind nothing at all, so that it catches up at once. In between, when that lasts, a little
 * less, or it would stay just short of behind, and all that is urgent would wait that long.
 *
 * @param level how much, in the unit of the bounds
 * @param uneasy how many times in a row the router was late when it was looked at
 * @param behind whether it was behind the last time
 */
record Pace(Bounds bounds, double level, int uneasy, boolean behind) {
    private static final Duration BEHIND = Duration.ofMillis(200);
    private static final Duration LATE = Duration.ofMillis(50);
    // Between two commits the router looks late and is not; a queue that stands is late every time.
    private static final int STANDING = 3;
    private static final double EASING = 8;

    /**
     * What a pace may be.
     *
     * @param least that a router which falls behind again and again is still asked for, between those times
     * @param most that is ever asked for
     * @param step by which it rises
     */
    record Bounds(double least, double most, double step) {}

    static Pace startingAt(double level, Bounds bounds) {
        return new Pace(bounds, level, 0, false);
    }

    /**
     * Returns the pace after a look at the router.
     *
     * @param lag of the router
     * @param spent whether all that was allowed was used; an allowance that nobody uses says nothing of what the router
     *     can bear, and does not rise
     */
    Pace after(Duration lag, boolean spent) {
        if (lag.compareTo(BEHIND) > 0) {
            // Once for each time it falls behind: what it is behind with was asked for before.
            return new Pace(bounds, behind ? level : atLeast(level / 2), uneasy + 1, true);
        }
        if (lag.compareTo(LATE) >= 0) {
            boolean stands = uneasy + 1 >= STANDING && !behind;
            return new Pace(bounds, stands ? atLeast(level - level / EASING) : level, uneasy + 1, false);
        }
        return new Pace(bounds, spent ? Math.min(bounds.most(), level + bounds.step()) : level, 0, false);
    }

    /** Returns how much is allowed now. */
    double allowed() {
        return behind ? 0 : level;
    }

    private double atLeast(double next) {
        return Math.max(bounds.least(), next);
    }
}
