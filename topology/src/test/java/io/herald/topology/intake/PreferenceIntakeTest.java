package io.herald.topology.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.herald.schema.ActorBlock;
import io.herald.schema.Attribute;
import io.herald.schema.Cap;
import io.herald.schema.Channel;
import io.herald.schema.DigestPreference;
import io.herald.schema.Frequency;
import io.herald.schema.OptOut;
import io.herald.schema.Overflow;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.QuietWindow;
import io.herald.schema.Reason;
import io.herald.schema.Weekday;
import io.herald.wire.UserKey;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PreferenceIntakeTest {
    private static final UserKey ANN = new UserKey("acme", "ann");

    /** What is wrong, what is taken in, and the field that the refusal names. */
    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("no tenant", change -> change.setTenant(""), "tenant"),
                refusal("no user", change -> change.setUser(" "), "user"),
                refusal("a user too long", change -> change.setUser("x".repeat(129)), "user"),
                refusal("not a language", change -> change.setLocale("de_DE"), "locale"),
                refusal("a name too long", change -> change.setDisplayName("x".repeat(201)), "displayName"),
                refusal(
                        "switches without end",
                        change -> change.setOptOuts(Collections.nCopies(1_001, optOut(null, null, null))),
                        "optOuts"),
                refusal(
                        "a category that none can have",
                        change -> change.setOptOuts(List.of(optOut("No Such", null, null))),
                        "optOuts.category"),
                refusal(
                        "a topic that none can be",
                        change -> change.setOptOuts(List.of(optOut(null, "sports//arsenal", null))),
                        "optOuts.topic"),
                refusal(
                        "an object too long",
                        change -> change.setOptOuts(List.of(optOut(null, null, "x".repeat(129)))),
                        "optOuts.object"),
                refusal(
                        "blocks without end",
                        change -> change.setBlockedActors(Collections.nCopies(1_001, new ActorBlock("bob", true))),
                        "blockedActors"),
                refusal(
                        "an actor that none can be",
                        change -> change.setBlockedActors(List.of(new ActorBlock("b\0b", true))),
                        "blockedActors.actor"),
                refusal(
                        "windows without end",
                        change -> change.setQuietHours(Collections.nCopies(22, window(0, 1))),
                        "quietHours"),
                refusal(
                        "before the day",
                        change -> change.setQuietHours(List.of(window(-1, 1))),
                        "quietHours.startMinute"),
                refusal(
                        "after the day",
                        change -> change.setQuietHours(List.of(window(1_440, 1))),
                        "quietHours.startMinute"),
                refusal(
                        "ends before the day",
                        change -> change.setQuietHours(List.of(window(0, -1))),
                        "quietHours.endMinute"),
                refusal(
                        "ends after the day",
                        change -> change.setQuietHours(List.of(window(0, 1_440))),
                        "quietHours.endMinute"),
                refusal(
                        "digests without end",
                        change -> change.setDigests(Collections.nCopies(101, digest("comment", Frequency.DAILY, 0))),
                        "digests"),
                refusal(
                        "a digest of no category",
                        change -> change.setDigests(List.of(digest("", Frequency.DAILY, 0))),
                        "digests.category"),
                refusal("caps without end", change -> change.setCaps(Collections.nCopies(6, cap(1, 1_000))), "caps"),
                refusal("a cap of none", change -> change.setCaps(List.of(cap(0, 1_000))), "caps.most"),
                refusal("a cap of too many", change -> change.setCaps(List.of(cap(101, 1_000))), "caps.most"),
                refusal("a window too short", change -> change.setCaps(List.of(cap(1, 999))), "caps.windowMs"),
                refusal(
                        "a window too long",
                        change -> change.setCaps(List.of(cap(1, 31L * 86_400_000 + 1))),
                        "caps.windowMs"),
                refusal(
                        "attributes without end",
                        change -> change.setAttributes(Collections.nCopies(101, new Attribute("plan", "gold"))),
                        "attributes"),
                refusal(
                        "an attribute without a name",
                        change -> change.setAttributes(List.of(new Attribute("", "gold"))),
                        "attributes.name"),
                refusal(
                        "an empty value",
                        change -> change.setAttributes(List.of(new Attribute("plan", ""))),
                        "attributes.value"),
                refusal(
                        "a value too long",
                        change -> change.setAttributes(List.of(new Attribute("plan", "x".repeat(129)))),
                        "attributes.value"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void aRefusalNamesTheField(String why, PreferenceChanged change, String field) {
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> PreferenceIntake.preference(change));
        assertThat(refused).isNotNull();
        assertThat(refused.reason()).isEqualTo(Reason.INVALID);
        assertThat(refused.field()).isEqualTo(field);
        assertThat(refused.getMessage()).isNotBlank();
    }

    @Test
    void whatIsRightGoesToItsUser() {
        assertThat(PreferenceIntake.preference(aPreference())).isEqualTo(new Intake.Letter(ANN, aPreference()));
    }

    @Test
    void whatIsAbsentStaysAbsent() {
        PreferenceChanged nothing =
                PreferenceChanged.newBuilder().setTenant("acme").setUser("ann").build();
        assertThat(PreferenceIntake.preference(
                                PreferenceChanged.newBuilder(nothing).build())
                        .body())
                .isEqualTo(nothing);
    }

    @Test
    void listsMayBeEmptiedAndAsLongAsTheyMay() {
        PreferenceChanged change = aPreference();
        change.setQuietHours(List.of());
        change.setCaps(List.of());
        assertThat(taken(change)).isEqualTo(change);

        change.setOptOuts(Collections.nCopies(1_000, optOut("x".repeat(64), "a/b/c/d/e/f/g/h", "x".repeat(128))));
        change.setBlockedActors(Collections.nCopies(1_000, new ActorBlock("x".repeat(128), true)));
        change.setDisplayName("😀".repeat(200));
        change.setQuietHours(Collections.nCopies(21, window(1_439, 1_439)));
        change.setDigests(Collections.nCopies(100, digest("x".repeat(64), Frequency.WEEKLY, 1_439)));
        change.setCaps(Collections.nCopies(5, cap(100, 31L * 86_400_000)));
        change.setAttributes(Collections.nCopies(100, new Attribute("x".repeat(64), "😀".repeat(128))));
        assertThat(taken(change)).isEqualTo(change);
    }

    @Test
    void textsAreCleanedAndLocalesTakeTheirForm() {
        PreferenceChanged change = aPreference();
        change.setDisplayName("A\0nn\n\u202ELee");
        change.setLocale("pt-br");
        assertThat(taken(change).getDisplayName()).isEqualTo("Ann Lee");
        assertThat(taken(change).getLocale()).isEqualTo("pt-BR");
    }

    @Test
    void daysAndChannelsOfAQuietWindowAreSets() {
        QuietWindow window = window(1_320, 360);
        window.setDays(List.of(Weekday.SUNDAY, Weekday.MONDAY, Weekday.SUNDAY));
        window.setChannels(Collections.nCopies(10_000, Channel.PUSH));
        PreferenceChanged change = aPreference();
        change.setQuietHours(List.of(window));
        assertThat(taken(change).getQuietHours())
                .containsExactly(
                        new QuietWindow(List.of(Weekday.MONDAY, Weekday.SUNDAY), 1_320, 360, List.of(Channel.PUSH)));
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(nullValues = "-", textBlock = """
            -,                   true,  as before
            Europe/Berlin,       true,  plain
            Australia/Lord_Howe, true,  summer is half an hour
            America/Argentina/Buenos_Aires, true, three parts
            UTC,                 true,  no place
            Etc/GMT+5,           true,  fixed but in the list
            '',                  false, empty
            europe/berlin,       false, names have one spelling
            Europe/Atlantis,     false, nowhere
            +02:00,              false, an offset knows no summer
            GMT+2,               false, an offset in disguise
            Z,                   false, an offset of one letter
            ' Europe/Berlin',    false, a space
            """)
    void aZoneIsAPlaceOfTheTimeZoneDatabase(String zone, boolean taken, String why) {
        PreferenceChanged change = aPreference();
        change.setZone(zone);
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> PreferenceIntake.preference(change));
        assertThat(refused == null).isEqualTo(taken);
        assertThat(refused == null ? "zone" : refused.field()).isEqualTo("zone");
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(textBlock = """
            HOURLY,    59,   true,  the last of an hour
            HOURLY,    60,   false, hours are shorter
            DAILY,     1439, true,  the last of a day
            DAILY,     1440, false, days are shorter
            WEEKLY,    1439, true,  of the day and not of the week
            WEEKLY,    1440, false, of the day and not of the week
            IMMEDIATE, 0,    true,  not used
            WINDOW,    1440, false, not used but no minute either
            DAILY,     -1,   false, before the day
            """)
    void aMinuteIsOneOfItsHourOrDay(Frequency frequency, int minute, boolean taken, String why) {
        PreferenceChanged change = aPreference();
        change.setDigests(List.of(digest(null, frequency, minute)));
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> PreferenceIntake.preference(change));
        assertThat(refused == null).isEqualTo(taken);
        assertThat(refused == null ? "digests.minute" : refused.field()).isEqualTo("digests.minute");
    }

    private static PreferenceChanged taken(PreferenceChanged change) {
        return (PreferenceChanged)
                PreferenceIntake.preference(PreferenceChanged.newBuilder(change).build())
                        .body();
    }

    private static Arguments refusal(String why, Consumer<PreferenceChanged> fault, String field) {
        PreferenceChanged change = aPreference();
        fault.accept(change);
        return Arguments.of(why, change, field);
    }

    private static OptOut optOut(String category, String topic, String object) {
        return new OptOut(category, Channel.PUSH, true, topic, object);
    }

    private static QuietWindow window(int start, int end) {
        return new QuietWindow(List.of(), start, end, List.of());
    }

    private static DigestPreference digest(String category, Frequency frequency, int minute) {
        return new DigestPreference(category, frequency, minute, null);
    }

    private static Cap cap(int most, long windowMs) {
        return new Cap(null, false, most, windowMs, Overflow.DROP);
    }

    private static PreferenceChanged aPreference() {
        return PreferenceChanged.newBuilder()
                .setTenant("acme")
                .setUser("ann")
                .setOptOuts(List.of(optOut("comment", "sports/football", "thread-1")))
                .setBlockedActors(List.of(new ActorBlock("bob", true)))
                .setLocale("de")
                .setDisplayName("Ann")
                .setZone("Europe/Berlin")
                .setQuietHours(List.of(window(1_320, 360)))
                .setDoNotDisturbUntil(Instant.EPOCH)
                .setDigests(List.of(digest("comment", Frequency.DAILY, 540)))
                .setCaps(List.of(cap(5, 3_600_000)))
                .setAttributes(List.of(new Attribute("plan", "gold"), new Attribute("beta", null)))
                .build();
    }
}
