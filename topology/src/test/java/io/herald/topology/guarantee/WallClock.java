package io.herald.topology.guarantee;

import io.herald.schema.Weekday;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A clock on a wall, and somebody who wrote down what it showed at every minute of a year. Knows nothing of which local
 * times a zone skips or repeats.
 */
final class WallClock {
    static final int DAY = 24 * 60;

    private static final int MARGIN_DAYS = 30;
    private static final Map<String, WallClock> KNOWN = new ConcurrentHashMap<>();

    private final long firstMinute;
    private final int[] shown;
    private final Map<Long, Integer> reached = new HashMap<>();
    private final Map<Long, Integer> left = new HashMap<>();

    private WallClock(ZoneRules rules, int year) {
        firstMinute = minutes(LocalDate.of(year, 1, 1).minusDays(MARGIN_DAYS));
        shown = new int[(int) (minutes(LocalDate.of(year + 1, 1, 1).plusDays(MARGIN_DAYS)) - firstMinute)];
        for (int at = 0; at < shown.length; at++) {
            Instant moment = moment(at);
            long local = (moment.getEpochSecond() + rules.getOffset(moment).getTotalSeconds()) / 60;
            shown[at] = (int) (local - firstMinute);
        }
    }

    /** Returns the clock of a zone, with the year about {@code moment}. */
    static WallClock of(String zone, Instant moment) {
        int year = moment.atOffset(ZoneOffset.UTC).getYear();
        String name = zone == null ? "UTC" : zone;
        return KNOWN.computeIfAbsent(
                name + year, key -> new WallClock(ZoneId.of(name).getRules(), year));
    }

    /** Returns the day that the clock shows at {@code moment}, of its own counting. */
    int day(Instant moment) {
        return Math.floorDiv(shown[at(moment)], DAY);
    }

    /** Returns the day of the week of such a day. */
    Weekday weekday(int day) {
        return Weekday.valueOf(
                LocalDate.EPOCH.plusDays(firstMinute / DAY + day).getDayOfWeek().name());
    }

    /** Returns when the clock first showed a time or a later one. */
    Instant reached(int day, int minute) {
        int wanted = day * DAY + minute;
        synchronized (reached) {
            return moment(reached.computeIfAbsent((long) wanted, key -> {
                int at = Math.max(0, wanted - DAY);
                while (shown[at] < wanted) {
                    at++;
                }
                return at;
            }));
        }
    }

    /** Returns when the clock last showed a time, or skipped it. */
    Instant left(int day, int minute) {
        int wanted = day * DAY + minute;
        synchronized (left) {
            return moment(left.computeIfAbsent((long) wanted, key -> {
                for (int at = Math.min(shown.length - 1, wanted + DAY); at > wanted - DAY && at >= 0; at--) {
                    if (shown[at] == wanted) {
                        return at;
                    }
                }
                return at(reached(day, minute));
            }));
        }
    }

    /** Returns when after {@code moment} the clock shows a minute of the hour. */
    Instant minuteOfHour(int minute, Instant moment) {
        int at = at(moment) + 1;
        while (Math.floorMod(shown[at], 60) != minute) {
            at++;
        }
        return moment(at);
    }

    private int at(Instant moment) {
        return (int) (Math.floorDiv(moment.getEpochSecond(), 60L) - firstMinute);
    }

    private Instant moment(int at) {
        return Instant.EPOCH.plus(Duration.ofMinutes(firstMinute + at));
    }

    private static long minutes(LocalDate day) {
        return day.toEpochDay() * DAY;
    }
}
