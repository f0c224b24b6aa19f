package io.herald.topology.timing;

import io.herald.schema.Frequency;
import io.herald.schema.Weekday;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/** When digests are sent. */
public final class DigestTimes {
    private static final long HOUR = 3_600;

    private DigestTimes() {}

    /**
     * Returns when a digest that opened at {@code opened} is due: always later. HOURLY whenever the clocks of the zone
     * show the minute; DAILY and WEEKLY when they show the time first, or skip it.
     *
     * @param minute of the day; of the hour for HOURLY
     * @param weekday for WEEKLY; null: Monday
     * @param windowMs for WINDOW
     * @param zone null or unknown: UTC
     * @throws IllegalArgumentException for IMMEDIATE, which collects nothing
     */
    public static Instant due(
            Frequency frequency, int minute, Weekday weekday, long windowMs, String zone, Instant opened) {
        return switch (frequency) {
            case IMMEDIATE -> throw new IllegalArgumentException("what is sent at once is in no digest");
            case WINDOW -> opened.plusMillis(windowMs);
            case HOURLY -> hourly(minute, Zones.rules(zone), opened);
            case DAILY -> daily(minute, null, Zones.rules(zone), opened);
            case WEEKLY -> daily(minute, dayOfWeek(weekday), Zones.rules(zone), opened);
        };
    }

    // Hour by hour as the clocks go: a skipped hour has no digest, one that comes twice has two.
    private static Instant hourly(int minute, ZoneRules rules, Instant opened) {
        long wanted = Math.floorMod(minute, 60) * 60L;
        Instant from = opened.plusNanos(1);
        while (true) {
            long local = from.getEpochSecond() + rules.getOffset(from).getTotalSeconds();
            long wait = Math.floorMod(wanted - local, HOUR);
            if (wait == 0 && from.getNano() > 0) {
                wait = HOUR;
            }
            Instant due = Instant.ofEpochSecond(from.getEpochSecond() + wait);
            ZoneOffsetTransition next = rules.nextTransition(from);
            if (next == null || due.isBefore(next.getInstant())) {
                return due;
            }
            from = next.getInstant();
        }
    }

    private static Instant daily(int minute, DayOfWeek weekday, ZoneRules rules, Instant opened) {
        LocalDate day = Zones.date(rules, opened);
        while (true) {
            if (weekday == null || day.getDayOfWeek() == weekday) {
                Instant due = Zones.first(rules, day, minute);
                if (due.isAfter(opened)) {
                    return due;
                }
            }
            day = day.plusDays(1);
        }
    }

    private static DayOfWeek dayOfWeek(Weekday weekday) {
        return weekday == null ? DayOfWeek.MONDAY : DayOfWeek.valueOf(weekday.name());
    }
}
