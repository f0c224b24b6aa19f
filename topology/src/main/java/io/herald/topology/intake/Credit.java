package io.herald.topology.intake;

import java.time.Duration;

/**
 * How much of what is due, and of broadcasts, the router may handle on a tick. While it is behind, only what is urgent:
 * due items are work that it gives itself, and must not keep it from catching up. Otherwise as much as it has shown to
 * bear.
 */
record Credit(Pace pace) {
    private static final int URGENT = 500;
    // All of a tick is handled at one go, and whatever comes behind it waits for that: some 30 ms at the most. It is
    // given whether or not there was use for it, so it cannot be trusted to have been tried.
    private static final Pace.Bounds BULK = new Pace.Bounds(10, 250, 10);

    /** Returns the credit of the first tick. */
    static Credit first() {
        return new Credit(Pace.startingAt(100, BULK));
    }

    /** Returns the credit of the next tick. */
    Credit after(Duration lag) {
        return new Credit(pace.after(lag, true));
    }

    int bulk() {
        return (int) pace.allowed();
    }

    int urgent() {
        return URGENT;
    }
}
