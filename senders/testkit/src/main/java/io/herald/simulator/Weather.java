package io.herald.simulator;

import java.time.Duration;

/**
 * How a provider fares until it is told otherwise: which fault it has, and how many requests meet it. The same requests
 * in the same order meet the same faults again.
 *
 * @param percent how many of a hundred requests meet it, 0 to 100
 * @param seed which of them
 * @param delay how long answers take ({@link Fault#LATENCY}), or what Retry-After says, in whole seconds
 *     ({@link Fault#THROTTLING})
 */
public record Weather(Fault fault, int percent, long seed, Duration delay) {
    /** Nothing goes wrong. */
    public static final Weather FINE = new Weather(Fault.NONE, 0, 0, Duration.ZERO);

    private static final int ALL = 100;

    /** Checks the share. */
    public Weather {
        if (percent < 0 || percent > ALL) {
            throw new IllegalArgumentException("percent is 0 to 100, not " + percent);
        }
    }

    /** Returns a fault that every request meets; a delay is one second. */
    public static Weather of(Fault fault) {
        return new Weather(fault, ALL, 0, Duration.ofSeconds(1));
    }

    /** Returns the same for {@code share} of a hundred requests, which {@code its} seed picks. */
    public Weather percent(int share, long its) {
        return new Weather(fault, share, its, delay);
    }

    /** Returns the same with another delay. */
    public Weather delay(Duration longer) {
        return new Weather(fault, percent, seed, longer);
    }
}
