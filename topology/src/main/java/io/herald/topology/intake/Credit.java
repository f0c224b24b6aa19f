package io.herald.topology.intake;

import java.time.Duration;

/**
 * How much of what is due the router may handle on a tick. While it is behind, only what is urgent: due items are work
 * that it gives itself, and must not keep it from catching up.
 */
record Credit(int bulk, int urgent) {
    private static final Duration MOST_LAG = Duration.ofMillis(200);
    private static final int PER_TICK = 500;

    static Credit at(Duration lag) {
        return new Credit(lag.compareTo(MOST_LAG) > 0 ? 0 : PER_TICK, PER_TICK);
    }
}
