package io.herald.topology.timing;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.List;

/** Local times of users as moments, where the clocks go forward and back. */
final class Zones {
    private static final int MINUTES_A_DAY = 24 * 60;

    private Zones() {}

    /** Returns the rules of a zone; UTC if it is null or this JVM does not know it. */
    static ZoneRules rules(String zone) {
        if (zone == null) {
            return ZoneOffset.UTC.getRules();
        }
        try {
            return ZoneId.of(zone).getRules();
        } catch (DateTimeException unknown) {
            return ZoneOffset.UTC.getRules();
        }
    }

    /** Returns the date that the clocks of a zone show. */
    static LocalDate date(ZoneRules rules, Instant now) {
        return LocalDateTime.ofEpochSecond(now.getEpochSecond(), 0, rules.getOffset(now))
                .toLocalDate();
    }

    /** Returns the moment at which the clocks show a time for the first time; if they skip it, when they skip it. */
    static Instant first(ZoneRules rules, LocalDate date, int minute) {
        return moment(rules, date, minute, true);
    }

    /** Returns the moment at which the clocks show a time for the last time; if they skip it, when they skip it. */
    static Instant last(ZoneRules rules, LocalDate date, int minute) {
        return moment(rules, date, minute, false);
    }

    private static Instant moment(ZoneRules rules, LocalDate date, int minute, boolean first) {
        int ofDay = Math.floorMod(minute, MINUTES_A_DAY);
        LocalDateTime local = date.atTime(ofDay / 60, ofDay % 60);
        List<ZoneOffset> offsets = rules.getValidOffsets(local);
        if (offsets.isEmpty()) {
            return rules.getTransition(local).getInstant();
        }
        return local.toInstant(offsets.get(first ? 0 : offsets.size() - 1));
    }
}
