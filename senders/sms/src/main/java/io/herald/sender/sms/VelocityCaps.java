package io.herald.sender.sms;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * How many segments may go to one range of numbers in an hour and a day, and to all in a day. Who makes an app send
 * codes to a range that pays him for each (toll pumping) uses many numbers of one range, and so meets a cap that real
 * users do not.
 *
 * <p>Each process counts for itself. Memory is bounded: beyond {@value #MOST_RANGES} ranges at a time, all others share
 * one count, so that nobody gets past a cap by using many. Thread-safe, and pure but for what it has counted.
 */
final class VelocityCaps {
    static final int MOST_RANGES = 10_000;

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final int HOUR_STEPS = 13;
    private static final int DAY_STEPS = 25;
    private static final String OTHERS = "";

    private final Limits limits;
    private final Map<String, Counts> ranges = new HashMap<>();
    private final Window account = new Window(DAY, DAY_STEPS);
    private long swept = Long.MIN_VALUE;

    /**
     * What is allowed, in segments; 0 for any number.
     *
     * @param digits how many digits make a range, those of the country code among them
     */
    record Limits(int digits, int rangeHour, int rangeDay, int accountDay) {}

    /** What a message is allowed. */
    enum Verdict {
        /** It is counted. */
        ALLOWED,
        /** Too many went to its range within an hour. */
        RANGE_HOUR,
        /** Too many went to its range within a day. */
        RANGE_DAY,
        /** Too many went out within a day. */
        ACCOUNT_DAY
    }

    private static final class Counts {
        private final Window hour = new Window(HOUR, HOUR_STEPS);
        private final Window day = new Window(DAY, DAY_STEPS);
    }

    VelocityCaps(Limits limits) {
        this.limits = limits;
    }

    /** Counts a message, unless it is above a cap. */
    synchronized Verdict take(String number, int segments, Instant at) {
        long now = at.toEpochMilli();
        Counts range = range(number.substring(0, Math.min(number.length(), limits.digits() + 1)), now);
        if (above(range.hour.sum(now), segments, limits.rangeHour())) {
            return Verdict.RANGE_HOUR;
        }
        if (above(range.day.sum(now), segments, limits.rangeDay())) {
            return Verdict.RANGE_DAY;
        }
        if (above(account.sum(now), segments, limits.accountDay())) {
            return Verdict.ACCOUNT_DAY;
        }
        range.hour.add(now, segments);
        range.day.add(now, segments);
        account.add(now, segments);
        return Verdict.ALLOWED;
    }

    /** Returns how many ranges are counted one by one. */
    synchronized int ranges() {
        return ranges.size();
    }

    private Counts range(String prefix, long now) {
        Counts known = ranges.get(prefix);
        if (known != null) {
            return known;
        }
        if (ranges.size() >= MOST_RANGES) {
            sweep(now);
        }
        return ranges.computeIfAbsent(ranges.size() >= MOST_RANGES ? OTHERS : prefix, any -> new Counts());
    }

    // Costs a walk over all of them, so it is done once an hour at most.
    private void sweep(long now) {
        if (swept == Long.MIN_VALUE || now - swept >= HOUR.toMillis()) {
            swept = now;
            ranges.values().removeIf(range -> range.day.sum(now) == 0);
        }
    }

    private static boolean above(long before, int more, int limit) {
        return limit > 0 && before + more > limit;
    }
}
