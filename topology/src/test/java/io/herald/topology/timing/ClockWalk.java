package io.herald.topology.timing;

import io.herald.schema.Weekday;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Somebody who looks at the clock on the wall once a minute and writes down what it shows. Knows nothing of which local
 * times a zone skips or repeats, and so can say whether the rules that do are right.
 */
final class ClockWalk {
    private static final int DAY = 24 * 60;

    private static final List<Weekday> WEEKDAYS = List.of(Weekday.values());

    private final Instant from;
    private final long[] shown;

    /** Walks from {@code from}, which is a full minute, for {@code minutes}. */
    ClockWalk(ZoneId zone, Instant from, int minutes) {
        this.from = from;
        this.shown = new long[minutes];
        ZoneRules rules = zone.getRules();
        for (int at = 0; at < minutes; at++) {
            Instant moment = moment(at);
            shown[at] = (moment.getEpochSecond() + rules.getOffset(moment).getTotalSeconds()) / 60;
        }
    }

    Instant moment(int at) {
        return from.plusSeconds(60L * at);
    }

    int at(Instant moment) {
        return (int) ((moment.getEpochSecond() - from.getEpochSecond()) / 60);
    }

    /** Returns the days since 1970 that begin after the walk does and are over before it ends. */
    IntStream days() {
        return IntStream.range((int) (shown[0] / DAY) + 1, (int) (shown[shown.length - 1] / DAY) - 1);
    }

    /** Returns the day of the week; 1970 began on a Thursday. */
    static Weekday weekday(int day) {
        return WEEKDAYS.get(Math.floorMod(day + 3, 7));
    }

    /** Returns when the clock first showed the time or a later one. */
    int reached(int day, int minute) {
        return first(0, shown.length, at -> shown[at] >= (long) day * DAY + minute);
    }

    /** Returns when the clock showed the time last, or skipped it. */
    int left(int day, int minute) {
        long wanted = (long) day * DAY + minute;
        for (int at = shown.length - 1; at >= 0; at--) {
            if (shown[at] == wanted) {
                return at;
            }
        }
        return reached(day, minute);
    }

    /** Returns when the clock first shows a minute of the hour after {@code at}. */
    int minuteOfHour(int minute, int at) {
        return first(at + 1, shown.length, later -> shown[later] % 60 == minute);
    }

    private static int first(int from, int to, IntPredicate wanted) {
        return IntStream.range(from, to).filter(wanted).findFirst().orElseThrow();
    }
}
