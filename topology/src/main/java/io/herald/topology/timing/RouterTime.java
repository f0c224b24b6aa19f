package io.herald.topology.timing;

import java.time.Duration;
import java.time.Instant;

/**
 * The router's time: the highest moment it has read of, never backwards.
 *
 * @param now the time
 * @param clamped whether the last moment heard was so far ahead that time only took one step towards it
 */
public record RouterTime(Instant now, boolean clamped) {
    /**
     * The farthest that one record can move time. After an outage a few ticks walk the whole way; an intake whose clock
     * is a year ahead moves it by this much and is noticed.
     */
    public static final Duration LONGEST_STEP = Duration.ofHours(1);

    /** Returns the time after a record that was accepted at {@code heard}; {@code now} is null before the first. */
    public static RouterTime advance(Instant now, Instant heard) {
        if (now == null) {
            return new RouterTime(heard, false);
        }
        if (!heard.isAfter(now)) {
            return new RouterTime(now, false);
        }
        Instant most = now.plus(LONGEST_STEP);
        return heard.isAfter(most) ? new RouterTime(most, true) : new RouterTime(heard, false);
    }
}
