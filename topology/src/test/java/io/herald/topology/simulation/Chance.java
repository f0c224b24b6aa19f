package io.herald.topology.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Draws everything that happens in a simulation, from one seed: the same seed, the same world. */
final class Chance {
    private final Random random;

    Chance(long seed) {
        // Seeds that follow one another begin alike in java.util.Random.
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        random.nextLong();
    }

    boolean percent(int percent) {
        return random.nextInt(100) < percent;
    }

    /** Returns a number from {@code least} to {@code most}. */
    int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    long between(long least, long most) {
        return least + Math.floorMod(random.nextLong(), most - least + 1);
    }

    @SafeVarargs
    final <T> T oneOf(T... options) {
        return options[random.nextInt(options.length)];
    }

    <T> T oneOf(List<T> options) {
        return options.get(random.nextInt(options.size()));
    }

    /** Returns some of them, in their order; maybe none. */
    <T> List<T> someOf(List<T> options, int percentEach) {
        List<T> some = new ArrayList<>();
        for (T option : options) {
            if (percent(percentEach)) {
                some.add(option);
            }
        }
        return some;
    }

    /** Returns what {@code value} makes, in so many of a hundred cases; else null. */
    <T> T maybe(int percent, Supplier<T> value) {
        return percent(percent) ? value.get() : null;
    }

    /** Returns a time between the two, short ones as likely as long ones. */
    Duration between(Duration least, Duration most) {
        double low = Math.log((double) Math.max(1, least.toMillis()));
        double high = Math.log((double) Math.max(1, most.toMillis()));
        return Duration.ofMillis(Math.round(Math.exp(low + random.nextDouble() * (high - low))));
    }

    /** Returns a time with the given mean, as between things that happen independently of one another. */
    Duration around(Duration mean) {
        return Duration.ofMillis(1 + Math.round(-Math.log(1 - random.nextDouble()) * mean.toMillis()));
    }

    long seed() {
        return random.nextLong();
    }
}
