package io.herald.topology.guarantee;

import io.herald.schema.Frequency;
import io.herald.schema.Weekday;
import java.time.Instant;

/** When a digest that begins now is to be sent, as somebody finds it who watches the clock on the wall until then. */
public final class Calendar {
    private Calendar() {}

    /** Returns the moment; {@code zone} null: UTC. */
    public static Instant due(
            Frequency frequency, int minute, Weekday weekday, long windowMs, String zone, Instant now) {
        WallClock clock = WallClock.of(zone, now);
        return switch (frequency) {
            case IMMEDIATE -> throw new IllegalArgumentException("what is sent at once is in no digest");
            case WINDOW -> now.plusMillis(windowMs);
            case HOURLY -> clock.minuteOfHour(Math.floorMod(minute, 60), now);
            case DAILY -> next(clock, minute, null, now);
            case WEEKLY -> next(clock, minute, weekday == null ? Weekday.MONDAY : weekday, now);
        };
    }

    private static Instant next(WallClock clock, int minute, Weekday weekday, Instant now) {
        int day = clock.day(now) - 1;
        while ((weekday != null && clock.weekday(day) != weekday)
                || !clock.reached(day, minute).isAfter(now)) {
            day++;
        }
        return clock.reached(day, minute);
    }
}
