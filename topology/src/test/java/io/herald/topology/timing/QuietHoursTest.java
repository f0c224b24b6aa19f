package io.herald.topology.timing;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.Profile;
import io.herald.schema.QuietWindow;
import io.herald.schema.Reason;
import io.herald.schema.Weekday;
import io.herald.topology.timing.QuietHours.Quiet;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuietHoursTest {
    /** Windows as {@code 22:00-07:00}, with {@code /SATURDAY+SUNDAY} for days. Until: - where it is not quiet. */
    @ParameterizedTest(name = "{0} {1}: {4}")
    @CsvSource(nullValues = "-", textBlock = """
            Europe/Berlin,    22:00-07:00,             2026-01-10T20:59:59.999Z, -,                    just before it begins
            Europe/Berlin,    22:00-07:00,             2026-01-10T21:00:00Z,     2026-01-11T06:00:00Z, begins with its start
            Europe/Berlin,    22:00-07:00,             2026-01-11T05:59:59.999Z, 2026-01-11T06:00:00Z, across midnight
            Europe/Berlin,    22:00-07:00,             2026-01-11T06:00:00Z,     -,                    ends with its end
            Europe/Berlin,    13:00-15:00,             2026-07-01T11:00:00Z,     2026-07-01T13:00:00Z, within a day in summer
            Europe/Berlin,    22:00-07:00,             2026-03-28T21:00:00Z,     2026-03-29T05:00:00Z, the night that is an hour short
            Europe/Berlin,    22:00-07:00,             2026-10-24T20:00:00Z,     2026-10-25T06:00:00Z, the night that is an hour long
            Europe/Berlin,    02:30-04:00,             2026-03-29T00:59:59.999Z, -,                    before a start that is skipped
            Europe/Berlin,    02:30-04:00,             2026-03-29T01:00:00Z,     2026-03-29T02:00:00Z, a skipped start is when it is skipped
            Europe/Berlin,    01:00-02:30,             2026-03-29T00:30:00Z,     2026-03-29T01:00:00Z, a skipped end likewise
            Europe/Berlin,    02:10-02:50,             2026-03-29T01:00:00Z,     -,                    a window that is skipped
            Europe/Berlin,    02:30-02:45,             2026-10-25T00:30:00Z,     2026-10-25T01:45:00Z, from the first to the second of two
            Europe/Berlin,    02:30-02:45,             2026-10-25T01:10:00Z,     2026-10-25T01:45:00Z, also in between
            America/New_York, 23:00-01:30,             2026-11-01T05:45:00Z,     2026-11-01T06:30:00Z, ends with the second of two
            America/New_York, 01:30-09:00,             2026-11-01T05:30:00Z,     2026-11-01T14:00:00Z, begins with the first of two
            America/New_York, 22:00-08:00,             2026-03-08T03:00:00Z,     2026-03-08T12:00:00Z, the night that is an hour short
            Australia/Lord_Howe, 01:45-06:00,          2026-04-04T14:45:00Z,     2026-04-04T19:30:00Z, half an hour that comes twice
            Australia/Lord_Howe, 02:15-06:00,          2026-10-03T15:29:59Z,     -,                    before half an hour that is skipped
            Australia/Lord_Howe, 02:15-06:00,          2026-10-03T15:30:00Z,     2026-10-03T19:00:00Z, half an hour that is skipped
            Asia/Kathmandu,   21:00-09:00,             2026-05-01T15:15:00Z,     2026-05-02T03:15:00Z, a zone of quarters
            Pacific/Kiritimati, 22:00-07:00,           2026-05-01T08:00:00Z,     2026-05-01T17:00:00Z, where the day begins
            Pacific/Apia,     22:00-07:00,             2011-12-30T08:00:00Z,     2011-12-30T17:00:00Z, the night over a day that never was
            Pacific/Apia,     22:00-07:00/THURSDAY,    2011-12-30T08:00:00Z,     2011-12-30T10:00:00Z, whose end was skipped
            Pacific/Apia,     22:00-07:00/FRIDAY,      2011-12-30T09:59:59Z,     -,                    that was skipped itself
            Pacific/Apia,     22:00-07:00/FRIDAY,      2011-12-30T10:00:00Z,     2011-12-30T17:00:00Z, all but its end
            Asia/Beirut,      00:00-00:30,             2026-03-28T22:00:00Z,     -,                    midnight is skipped
            Asia/Beirut,      00:00-02:00,             2026-03-28T22:00:00Z,     2026-03-28T23:00:00Z, midnight is skipped
            America/Havana,   00:30-00:45,             2026-11-01T05:15:00Z,     2026-11-01T05:45:00Z, midnight comes twice
            America/St_Johns, 00:00-07:00,             2010-11-07T03:00:00Z,     2010-11-07T10:30:00Z, yesterday comes again after it began
            America/St_Johns, 23:45-23:30/FRIDAY,      2010-11-07T02:30:30Z,     2010-11-07T03:00:00Z, and before it ends
            -,                22:00-07:00,             2026-01-10T22:00:00Z,     2026-01-11T07:00:00Z, no zone: UTC
            Mars/Olympus,     22:00-07:00,             2026-01-10T22:00:00Z,     2026-01-11T07:00:00Z, a zone that is unknown: UTC
            UTC,              00:00-00:00/SATURDAY+SUNDAY, 2026-05-02T12:00:00Z, 2026-05-04T00:00:00Z, two whole days without a gap
            UTC,              00:00-00:00/SATURDAY+SUNDAY, 2026-05-01T23:59:59Z, -,                    not the day before
            UTC,              22:00-07:00/FRIDAY,      2026-05-02T06:00:00Z,     2026-05-02T07:00:00Z, the day is that of its start
            UTC,              22:00-07:00/SATURDAY,    2026-05-02T06:00:00Z,     -,                    and not that of its end
            UTC,              20:00-23:00 22:00-07:00, 2026-05-01T20:30:00Z,     2026-05-02T07:00:00Z, windows that overlap
            UTC,              22:00-07:00 20:00-22:00, 2026-05-01T20:30:00Z,     2026-05-02T07:00:00Z, windows that touch in any order
            UTC,              20:00-21:59 22:00-07:00, 2026-05-01T20:30:00Z,     2026-05-01T21:59:00Z, a minute between them
            UTC,              00:00-00:00,             2026-05-01T20:30:00Z,     2026-05-09T20:30:00Z, always: as far as is looked ahead
            UTC,              '',                      2026-05-01T20:30:00Z,     -,                    no windows
            """)
    void windowsAreTimesOnTheUsersWall(String zone, String windows, Instant now, Instant until, String why) {
        Profile profile = profile(zone, windows(windows), null);
        assertThat(QuietHours.at(profile, Channel.PUSH, now))
                .isEqualTo(Optional.ofNullable(until).map(end -> new Quiet(Reason.QUIET_HOURS, end)));
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(textBlock = """
            '',        'PUSH EMAIL SMS',      'PUSH EMAIL SMS',      all but the inbox and webhooks
            PUSH,      PUSH,                  'PUSH EMAIL SMS',      push only 9 to 21
            INBOX,     INBOX,                 'PUSH EMAIL SMS',      the inbox where it is named
            'WEBHOOK SMS', 'SMS WEBHOOK',     'PUSH EMAIL SMS',      several
            """)
    void aWindowIsForItsChannelsAndDoNotDisturbForThosePeopleHear(
            String channels, String quiet, String disturbed, String why) {
        Instant now = Instant.parse("2026-05-01T22:00:00Z");
        QuietWindow window = new QuietWindow(List.of(), 21 * 60, 9 * 60, channels(channels));
        Profile windowOnly = profile("UTC", List.of(window), null);
        Profile doNotDisturb = profile("UTC", List.of(), now.plusSeconds(1));
        for (Channel channel : Channel.values()) {
            assertThat(QuietHours.at(windowOnly, channel, now).isPresent())
                    .isEqualTo(channels(quiet).contains(channel));
            assertThat(QuietHours.nextStart(windowOnly, channel, now).isPresent())
                    .isEqualTo(channels(quiet).contains(channel));
            assertThat(QuietHours.at(doNotDisturb, channel, now).isPresent())
                    .isEqualTo(channels(disturbed).contains(channel));
        }
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(nullValues = "-", textBlock = """
            '',          2026-05-01T12:00:00Z, -,                    it ends now
            '',          2026-05-01T12:00:01Z, 2026-05-01T12:00:01Z, a second more
            22:00-07:00, 2026-05-01T23:00:00Z, 2026-05-02T07:00:00Z, it ends in the night
            22:00-07:00, 2026-05-01T22:00:00Z, 2026-05-02T07:00:00Z, it ends as the night begins
            22:00-07:00, 2026-05-01T21:59:59Z, 2026-05-01T21:59:59Z, just before the night
            '',          9999-12-31T00:00:00Z, 2026-05-09T12:00:00Z, for good: as far as is looked ahead
            """)
    void doNotDisturbRunsIntoTheNight(String windows, Instant doNotDisturb, Instant until, String why) {
        Profile profile = profile("UTC", windows(windows), doNotDisturb);
        assertThat(QuietHours.at(profile, Channel.PUSH, Instant.parse("2026-05-01T12:00:00Z")))
                .isEqualTo(Optional.ofNullable(until).map(end -> new Quiet(Reason.DO_NOT_DISTURB, end)));
    }

    @ParameterizedTest(name = "{0} {1}: {4}")
    @CsvSource(nullValues = "-", textBlock = """
            Europe/Berlin,       22:00-07:00,          2026-01-10T20:59:59Z, 2026-01-10T21:00:00Z, in a second
            Europe/Berlin,       22:00-07:00,          2026-01-10T21:00:00Z, 2026-01-11T21:00:00Z, it has begun: the next one
            Europe/Berlin,       02:30-04:00,          2026-03-29T00:00:00Z, 2026-03-29T01:00:00Z, a start that is skipped
            Europe/Berlin,       02:10-02:50,          2026-03-29T00:00:00Z, 2026-03-30T00:10:00Z, a window that is skipped
            Europe/Berlin,       02:30-04:00,          2026-10-25T00:00:00Z, 2026-10-25T00:30:00Z, the first of two
            Australia/Lord_Howe, 02:15-06:00,          2026-10-03T15:00:00Z, 2026-10-03T15:30:00Z, half an hour that is skipped
            Pacific/Apia,        22:00-07:00,          2011-12-30T08:00:00Z, 2011-12-30T10:00:00Z, on a day that never was
            UTC,                 22:00-07:00/FRIDAY,   2026-05-01T22:00:00Z, 2026-05-08T22:00:00Z, once a week
            UTC,                 20:00-21:00 08:00-09:00, 2026-05-01T10:00:00Z, 2026-05-01T20:00:00Z, the sooner of two
            UTC,                 '',                   2026-05-01T10:00:00Z, -,                    no windows
            """)
    void theNextWindowBeginsWhenTheClockFirstShowsIt(
            String zone, String windows, Instant now, Instant start, String why) {
        assertThat(QuietHours.nextStart(profile(zone, windows(windows), null), Channel.PUSH, now))
                .isEqualTo(Optional.ofNullable(start));
    }

    /** Against somebody who looks at the clock every minute: in every zone, before and after its clocks change. */
    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void isAsGoodAsLookingAtTheClock(
            @ForAll("moments") ZonedMoments zoned, @ForAll("windowLists") List<QuietWindow> windows) {
        Instant now = zoned.moment();
        Profile profile = profile(zoned.zone().getId(), windows, null);
        ClockWalk walk = new ClockWalk(zoned.zone(), now.minus(Duration.ofDays(4)), 16 * 24 * 60);
        List<int[]> spans = spans(walk, windows);
        int horizon = (int) QuietHours.HORIZON.toMinutes();
        for (int at = walk.at(now); at < walk.at(now) + 6 * 60; at += 7) {
            int begin = at;
            int end = at;
            for (int before = -1; before != end; ) {
                before = end;
                int reached = end;
                end = spans.stream()
                        .filter(span -> span[0] <= reached && reached < span[1])
                        .mapToInt(span -> span[1])
                        .max()
                        .orElse(end);
            }
            Optional<Quiet> expected = end == at
                    ? Optional.empty()
                    : Optional.of(new Quiet(Reason.QUIET_HOURS, walk.moment(Math.min(end, at + horizon))));
            assertThat(QuietHours.at(profile, Channel.PUSH, walk.moment(at)))
                    .as("%s at %s", zoned.zone(), walk.moment(at))
                    .isEqualTo(expected);
            assertThat(QuietHours.nextStart(profile, Channel.PUSH, walk.moment(at)))
                    .as("after %s in %s", walk.moment(at), zoned.zone())
                    .isEqualTo(spans.stream()
                            .filter(span -> span[0] > begin && span[0] <= begin + horizon)
                            .map(span -> walk.moment(span[0]))
                            .min(Instant::compareTo));
        }
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void whenAQuietTimeIsOverItIsNotQuiet(
            @ForAll("moments") ZonedMoments zoned, @ForAll("windowLists") List<QuietWindow> windows) {
        Profile profile = profile(zoned.zone().getId(), windows, null);
        QuietHours.at(profile, Channel.PUSH, zoned.moment()).ifPresent(quiet -> {
            assertThat(quiet.until()).isAfter(zoned.moment());
            if (quiet.until().isBefore(zoned.moment().plus(QuietHours.HORIZON))) {
                assertThat(QuietHours.at(profile, Channel.PUSH, quiet.until())).isEmpty();
            }
            assertThat(QuietHours.at(profile, Channel.PUSH, quiet.until().minusMillis(1)))
                    .isPresent();
        });
    }

    @Provide
    Arbitrary<ZonedMoments> moments() {
        return ZonedMoments.any();
    }

    @Provide
    Arbitrary<List<QuietWindow>> windowLists() {
        Arbitrary<Integer> minutes = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 1_439),
                Arbitraries.of(0, 30, 60, 90, 105, 120, 135, 150, 180, 1_320, 1_380, 1_439));
        Arbitrary<List<Weekday>> days =
                Arbitraries.of(Weekday.class).list().uniqueElements().ofMaxSize(4);
        Arbitrary<List<Channel>> channels =
                Arbitraries.of(List.of(), List.of(), List.of(Channel.PUSH), List.of(Channel.SMS));
        return Combinators.combine(days, minutes, minutes, channels)
                .as(QuietWindow::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    private static List<int[]> spans(ClockWalk walk, List<QuietWindow> windows) {
        List<int[]> spans = new ArrayList<>();
        for (QuietWindow window : windows) {
            if (!window.getChannels().contains(Channel.SMS)) {
                int over = window.getEndMinute() > window.getStartMinute() ? 0 : 1;
                IntStream days = walk.days()
                        .filter(day ->
                                window.getDays().isEmpty() || window.getDays().contains(ClockWalk.weekday(day)));
                days.forEach(day -> {
                    int start = walk.reached(day, window.getStartMinute());
                    int end = walk.left(day + over, window.getEndMinute());
                    if (start < end) {
                        spans.add(new int[] {start, end});
                    }
                });
            }
        }
        return spans;
    }

    private static Profile profile(String zone, List<QuietWindow> windows, Instant doNotDisturb) {
        return Profile.newBuilder()
                .setVersion(1)
                .setZone(zone)
                .setQuietHours(windows)
                .setDoNotDisturbUntil(doNotDisturb)
                .build();
    }

    private static List<QuietWindow> windows(String text) {
        List<QuietWindow> windows = new ArrayList<>();
        for (String one : text.isEmpty() ? new String[0] : text.split(" ", -1)) {
            String[] words = one.split("[-/]", -1);
            List<Weekday> days = words.length < 3
                    ? List.of()
                    : Arrays.stream(words[2].split("\\+", -1))
                            .map(Weekday::valueOf)
                            .toList();
            windows.add(new QuietWindow(days, minute(words[0]), minute(words[1]), List.of()));
        }
        return windows;
    }

    private static int minute(String time) {
        return LocalTime.parse(time).toSecondOfDay() / 60;
    }

    private static List<Channel> channels(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(" ", -1)).map(Channel::valueOf).toList();
    }
}
