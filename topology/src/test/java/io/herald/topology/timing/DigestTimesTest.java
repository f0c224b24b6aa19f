package io.herald.topology.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.schema.Frequency;
import io.herald.schema.Weekday;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigestTimesTest {
    @ParameterizedTest(name = "{0} {3}: {6}")
    @CsvSource(nullValues = "-", textBlock = """
            WINDOW, 0,    -,      Europe/Berlin,       2026-05-01T12:00:00Z,     2026-05-01T12:10:00Z, so long after it opened
            HOURLY, 0,    -,      UTC,                 2026-05-01T12:00:00Z,     2026-05-01T13:00:00Z, always later
            HOURLY, 0,    -,      UTC,                 2026-05-01T11:59:59.999Z, 2026-05-01T12:00:00Z, a millisecond
            HOURLY, 0,    -,      UTC,                 2026-05-01T12:00:00.001Z, 2026-05-01T13:00:00Z, a millisecond late
            HOURLY, 15,   -,      Asia/Kathmandu,      2026-05-01T12:00:00Z,     2026-05-01T12:30:00Z, the minute of the user's clock
            HOURLY, 15,   -,      Europe/Berlin,       2026-03-29T00:15:00Z,     2026-03-29T01:15:00Z, an hour that is skipped
            HOURLY, 15,   -,      Europe/Berlin,       2026-10-25T00:15:00Z,     2026-10-25T01:15:00Z, an hour that comes twice
            HOURLY, 45,   -,      Australia/Lord_Howe, 2026-04-04T14:45:00Z,     2026-04-04T15:15:00Z, half an hour that comes twice
            HOURLY, 15,   -,      Australia/Lord_Howe, 2026-10-03T14:45:00Z,     2026-10-03T16:15:00Z, half an hour that is skipped
            DAILY,  480,  -,      Europe/Berlin,       2026-05-01T05:59:59Z,     2026-05-01T06:00:00Z, this morning
            DAILY,  480,  -,      Europe/Berlin,       2026-05-01T06:00:00Z,     2026-05-02T06:00:00Z, always later
            DAILY,  150,  -,      Europe/Berlin,       2026-03-28T12:00:00Z,     2026-03-29T01:00:00Z, a time that is skipped
            DAILY,  150,  -,      Europe/Berlin,       2026-10-24T12:00:00Z,     2026-10-25T00:30:00Z, the first of two
            DAILY,  150,  -,      Europe/Berlin,       2026-10-25T00:30:00Z,     2026-10-26T01:30:00Z, and not the second
            DAILY,  540,  -,      Asia/Kathmandu,      2026-05-01T12:00:00Z,     2026-05-02T03:15:00Z, a zone of quarters
            DAILY,  0,    -,      Pacific/Kiritimati,  2026-05-01T12:00:00Z,     2026-05-02T10:00:00Z, where the day begins
            DAILY,  480,  -,      Pacific/Apia,        2011-12-29T20:00:00Z,     2011-12-30T10:00:00Z, a day that never was
            DAILY,  480,  -,      -,                   2026-05-01T05:59:59Z,     2026-05-01T08:00:00Z, no zone: UTC
            DAILY,  480,  -,      Mars/Olympus,        2026-05-01T05:59:59Z,     2026-05-01T08:00:00Z, a zone that is unknown: UTC
            WEEKLY, 480,  FRIDAY, UTC,                 2026-05-01T07:00:00Z,     2026-05-01T08:00:00Z, today
            WEEKLY, 480,  FRIDAY, UTC,                 2026-05-01T08:00:00Z,     2026-05-08T08:00:00Z, in a week
            WEEKLY, 480,  -,      UTC,                 2026-05-01T08:00:00Z,     2026-05-04T08:00:00Z, no day: Monday
            WEEKLY, 480,  MONDAY, America/New_York,    2026-05-04T02:00:00Z,     2026-05-04T12:00:00Z, it is Sunday evening there
            """)
    void aDigestIsDueWhenTheUsersClockShowsIt(
            Frequency frequency, int minute, Weekday weekday, String zone, Instant opened, Instant due, String why) {
        assertThat(DigestTimes.due(frequency, minute, weekday, 600_000, zone, opened))
                .isEqualTo(due);
    }

    @Test
    void whatIsSentAtOnceIsNeverDue() {
        assertThatThrownBy(() -> DigestTimes.due(Frequency.IMMEDIATE, 0, null, 1, "UTC", Instant.EPOCH))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Against somebody who looks at the clock every minute. */
    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void isAsGoodAsLookingAtTheClock(
            @ForAll("moments") ZonedMoments zoned,
            @ForAll @IntRange(min = 0, max = 1_439) int minute,
            @ForAll Weekday weekday) {
        String zone = zoned.zone().getId();
        ClockWalk walk = new ClockWalk(zoned.zone(), zoned.moment().minus(Duration.ofDays(3)), 16 * 24 * 60);
        int now = walk.at(zoned.moment());
        int[] daily = walk.days().map(day -> walk.reached(day, minute)).toArray();
        int[] weekly = walk.days()
                .filter(day -> ClockWalk.weekday(day) == weekday)
                .map(day -> walk.reached(day, minute))
                .toArray();
        for (int at = now; at < now + 4 * 60; at += 17) {
            int opened = at;
            Instant moment = walk.moment(at);
            assertThat(DigestTimes.due(Frequency.HOURLY, minute % 60, null, 1, zone, moment))
                    .as("hourly after %s in %s", moment, zone)
                    .isEqualTo(walk.moment(walk.minuteOfHour(minute % 60, at)));
            assertThat(DigestTimes.due(Frequency.DAILY, minute, null, 1, zone, moment))
                    .as("daily after %s in %s", moment, zone)
                    .isEqualTo(walk.moment(firstAfter(opened, daily)));
            assertThat(DigestTimes.due(Frequency.WEEKLY, minute, weekday, 1, zone, moment))
                    .as("weekly after %s in %s", moment, zone)
                    .isEqualTo(walk.moment(firstAfter(opened, weekly)));
        }
    }

    private static int firstAfter(int opened, int[] dues) {
        return IntStream.of(dues).filter(due -> due > opened).min().orElseThrow();
    }

    @Provide
    Arbitrary<ZonedMoments> moments() {
        return ZonedMoments.any();
    }
}
