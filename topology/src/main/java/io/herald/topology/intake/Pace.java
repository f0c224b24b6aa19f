package io.herald.topology.intake;

import java.time.Duration;

/**
 * How much may be asked of the router that it need not do now: more and more while it keeps up, half when it falls
 * behind (additive increase, multiplicative decrease: several that pace themselves by the same router come to equal
 * shares). While it is behind nothing at all, so that it catches up at once. In between a little less, or it would stay
 * just short of behind, and all that is urgent would wait that long.
 *
 * @param level how much, in the unit of the bounds
 * @param behind whether the router was behind when it was last looked at
 */
record Pace(Bounds bounds, double level, boolean behind) {
    private static final Duration BEHIND = Duration.ofMillis(200);
    private static final Duration AT_EASE = Duration.ofMillis(50);
    private static final double EASING = 16;

    /**
     * What a pace may be.
     *
     * @param least that a router which falls behind again and again is still asked for, between those times
     * @param most that is ever asked for
     * @param step by which it rises
     */
    record Bounds(double least, double most, double step) {}

    static Pace startingAt(double level, Bounds bounds) {
        return new Pace(bounds, level, false);
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
            return new Pace(bounds, behind ? level : atLeast(level / 2), true);
        }
        if (lag.compareTo(AT_EASE) >= 0) {
            return new Pace(bounds, behind ? level : atLeast(level - level / EASING), false);
        }
        return new Pace(bounds, spent ? Math.min(bounds.most(), level + bounds.step()) : level, false);
    }

    private double atLeast(double next) {
        return Math.max(bounds.least(), next);
    }

    /** Returns how much is allowed now. */
    double allowed() {
        return behind ? 0 : level;
    }
}
