package io.herald.topology.timing;

import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * A full minute in some zone, more often than not close to where its clocks change.
 *
 * @param zone any that this JVM knows
 * @param moment between 1980, when no zone had seconds in its offset any more, and 2038
 */
record ZonedMoments(ZoneId zone, Instant moment) {
    private static final List<String> HARD = List.of(
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "Asia/Kathmandu",
            "Pacific/Kiritimati",
            "Pacific/Apia",
            "Africa/Casablanca",
            "America/Havana",
            "America/St_Johns",
            "Asia/Beirut",
            "Antarctica/Troll");

    static Arbitrary<ZonedMoments> any() {
        List<String> all = ZoneId.getAvailableZoneIds().stream().sorted().toList();
        Arbitrary<Instant> moments = Arbitraries.longs()
                .between(315_532_800L / 60, 2_145_916_800L / 60)
                .map(minute -> Instant.ofEpochSecond(60 * minute));
        Arbitrary<Integer> near = Arbitraries.integers().between(-1_500, 1_500);
        return Combinators.combine(Arbitraries.oneOf(Arbitraries.of(all), Arbitraries.of(HARD)), moments, near)
                .as((zone, moment, minutes) -> near(ZoneId.of(zone), moment, minutes));
    }

    private static ZonedMoments near(ZoneId zone, Instant moment, int minutes) {
        ZoneOffsetTransition next = zone.getRules().nextTransition(moment);
        boolean soon = next != null && next.getInstant().isBefore(Instant.parse("2038-01-01T00:00:00Z"));
        return new ZonedMoments(zone, soon ? next.getInstant().plus(minutes, ChronoUnit.MINUTES) : moment);
    }
}
