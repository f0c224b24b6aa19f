package io.herald.topology.preferences;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.ActorBlock;
import io.herald.schema.Attribute;
import io.herald.schema.Cap;
import io.herald.schema.Channel;
import io.herald.schema.DigestPreference;
import io.herald.schema.Frequency;
import io.herald.schema.OptOut;
import io.herald.schema.Overflow;
import io.herald.schema.Pair;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.Profile;
import io.herald.schema.QuietWindow;
import io.herald.schema.Reason;
import io.herald.schema.Weekday;
import io.herald.topology.audience.Audience;
import io.herald.topology.rules.Rule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferencesTest {
    private static final Profile NEW = Profile.newBuilder().setVersion(0).build();

    /** Switches as {@code category/channel}, with {@code *} for every one. */
    @ParameterizedTest(name = "{4}")
    @CsvSource(nullValues = "-", textBlock = """
            '',                             comment, PUSH,  -,                  nothing is switched off
            comment/PUSH,                   comment, PUSH,  CATEGORY_OPTED_OUT, this
            comment/PUSH,                   comment, EMAIL, -,                  another channel
            comment/PUSH,                   like,    PUSH,  -,                  another category
            comment/*,                      comment, EMAIL, CATEGORY_OPTED_OUT, a category on every channel
            comment/*,                      like,    EMAIL, -,                  another category
            */PUSH,                         comment, PUSH,  CHANNEL_OPTED_OUT,  a channel for every category
            */PUSH,                         comment, EMAIL, -,                  another channel
            */*,                            comment, PUSH,  OPTED_OUT,          everything
            */* */PUSH,                     comment, PUSH,  CHANNEL_OPTED_OUT,  the channel is more specific
            */* */PUSH,                     comment, EMAIL, OPTED_OUT,          but says nothing of another
            */PUSH comment/*,               comment, PUSH,  CATEGORY_OPTED_OUT, the category is more specific
            comment/* */* */PUSH comment/PUSH, comment, PUSH, CATEGORY_OPTED_OUT, in any order of switching
            """)
    void theMostSpecificSwitchNamesTheReason(
            String switches, String category, Channel channel, Reason reason, String why) {
        Profile profile = Preferences.apply(NEW, switched(switches, true));
        assertThat(Preferences.optedOut(profile, category, channel, null, null)).isEqualTo(Optional.ofNullable(reason));
    }

    /**
     * Switches as {@code category/channel/topic/object}; the event is a comment on t1, published to sports/football.
     */
    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(nullValues = "-", textBlock = """
            */*/*/t1,                   MUTED,              this object
            */*/*/t2,                   -,                  another object
            comment/*/*/t1,             MUTED,              this object in this category
            like/*/*/t1,                -,                  this object in another category
            */PUSH/*/t1,                MUTED,              this object on this channel
            */EMAIL/*/t1,               -,                  this object on another channel
            */*/sports/football/*,      TOPIC_OPTED_OUT,    this topic
            */*/sports/*,               TOPIC_OPTED_OUT,    the topic above it
            */*/sports/football/arsenal/*, -,               a topic below it
            */*/sports/foot/*,          -,                  a topic whose name begins the same
            */*/sport/*,                -,                  a word that begins the same
            */*/sports/rugby/*,         -,                  another topic
            */*/sports/*  */*/*/t1,     MUTED,              the object is more specific than the topic
            comment/PUSH/*/*  */*/sports/*, TOPIC_OPTED_OUT, the topic is more specific than the category
            comment/*/*/*  */PUSH/*/t1  */*/*/*, MUTED,     in any order
            */*/sports/t2,              -,                  all that a switch names must be so
            */*/sports/t1,              MUTED,              and is
            """)
    void theObjectGoesBeforeTheTopicAndTheTopicBeforeTheRest(String switches, Reason reason, String why) {
        List<OptOut> optOuts = new ArrayList<>();
        for (String one : switches.split(" +", -1)) {
            String[] words = one.split("/", -1);
            String topic = String.join("/", Arrays.copyOfRange(words, 2, words.length - 1));
            optOuts.add(new OptOut(
                    orAny(words[0]),
                    words[1].equals("*") ? null : Channel.valueOf(words[1]),
                    true,
                    orAny(topic),
                    orAny(words[words.length - 1])));
        }
        Profile profile = Preferences.apply(NEW, change().setOptOuts(optOuts).build());
        assertThat(profile.getOptOuts()).hasSameSizeAs(optOuts);
        assertThat(Preferences.optedOut(profile, "comment", Channel.PUSH, "sports/football", "t1"))
                .isEqualTo(Optional.ofNullable(reason));
        assertThat(Preferences.optedOut(profile, "comment", Channel.PUSH, null, null))
                .as("what is about nothing and of no topic is not concerned by either")
                .isNotEqualTo(Optional.of(Reason.MUTED))
                .isNotEqualTo(Optional.of(Reason.TOPIC_OPTED_OUT));
    }

    @Test
    void aSwitchForAnObjectDoesNotReplaceTheOneForItsCategory() {
        OptOut category = new OptOut("comment", null, true, null, null);
        OptOut topic = new OptOut("comment", null, true, "sports", null);
        OptOut object = new OptOut("comment", null, true, null, "t1");
        Profile all = Preferences.apply(
                NEW, change().setOptOuts(List.of(object, category, topic)).build());
        assertThat(all.getOptOuts()).containsExactly(category, object, topic);
        Profile unmuted = Preferences.apply(
                all,
                change().setOptOuts(List.of(new OptOut("comment", null, false, null, "t1")))
                        .build());
        assertThat(unmuted.getOptOuts()).containsExactly(category, topic);
    }

    @Test
    void timesAndCapsAreTakenAsAWhole() {
        QuietWindow night = new QuietWindow(List.of(), 22 * 60, 7 * 60, List.of());
        QuietWindow lunch = new QuietWindow(List.of(Weekday.MONDAY), 12 * 60, 13 * 60, List.of(Channel.PUSH));
        Cap cap = new Cap(Channel.PUSH, null, 5, 86_400_000L, Overflow.DROP);
        Instant until = Instant.parse("2026-03-01T12:00:00Z");
        Profile before = Preferences.apply(
                NEW,
                change().setZone("Europe/Berlin")
                        .setQuietHours(List.of(night, lunch))
                        .setDoNotDisturbUntil(until)
                        .setCaps(List.of(cap))
                        .build());
        assertThat(before.getZone()).isEqualTo("Europe/Berlin");
        assertThat(before.getQuietHours()).containsExactly(night, lunch);
        assertThat(before.getDoNotDisturbUntil()).isEqualTo(until);
        assertThat(before.getCaps()).containsExactly(cap);
        assertThat(Preferences.apply(before, change().build()))
                .as("what is absent stays")
                .isEqualTo(Profile.newBuilder(before).setVersion(2).build());

        Profile after = Preferences.apply(
                before,
                change().setQuietHours(List.of(lunch)).setCaps(List.of()).build());
        assertThat(after.getQuietHours()).containsExactly(lunch);
        assertThat(after.getCaps()).isEmpty();
        assertThat(after.getZone()).isEqualTo("Europe/Berlin");
        assertThat(Preferences.apply(
                                after,
                                change().setDoNotDisturbUntil(Instant.EPOCH).build())
                        .getDoNotDisturbUntil())
                .as("a time in the past ends it")
                .isEqualTo(Instant.EPOCH);
    }

    /** Settings as {@code category=FREQUENCY}, with {@code *} for all categories, in turn. */
    @ParameterizedTest(name = "{2}")
    @CsvSource(textBlock = """
            a=DAILY,                     'a=DAILY',           one category
            b=DAILY a=HOURLY *=WEEKLY,   '*=WEEKLY a=HOURLY b=DAILY', sorted
            a=DAILY a=IMMEDIATE,         'a=IMMEDIATE',       the later one of a category
            *=DAILY *=WINDOW,            '',                  the rules' own for all is no setting
            *=DAILY a=WINDOW,            '*=DAILY a=WINDOW',  but for one it goes before that for all
            """)
    void digestSettingsReplaceThoseOfTheSameCategory(String changes, String settings, String why) {
        Profile profile = NEW;
        for (String change : changes.split(" ", -1)) {
            String[] words = change.split("=", -1);
            profile = Preferences.apply(
                    profile,
                    change().setDigests(List.of(
                                    new DigestPreference(orAny(words[0]), Frequency.valueOf(words[1]), 480, null)))
                            .build());
        }
        assertThat(profile.getDigests().stream()
                        .map(digest -> (digest.getCategory() == null ? "*" : digest.getCategory())
                                + "="
                                + digest.getFrequency())
                        .collect(Collectors.joining(" ")))
                .isEqualTo(settings);
    }

    @Test
    void attributesAreSetAndRemovedByName() {
        Profile profile = Preferences.apply(
                NEW,
                change().setAttributes(List.of(
                                new Attribute("team", "blue"),
                                new Attribute("city", "Bonn"),
                                new Attribute("age", "7")))
                        .build());
        assertThat(profile.getAttributes())
                .containsExactly(new Pair("age", "7"), new Pair("city", "Bonn"), new Pair("team", "blue"));
        Profile after = Preferences.apply(
                profile,
                change().setAttributes(List.of(
                                new Attribute("age", null), new Attribute("city", "Köln"), new Attribute("gone", null)))
                        .build());
        assertThat(after.getAttributes()).containsExactly(new Pair("city", "Köln"), new Pair("team", "blue"));
        assertThat(profile.getAttributes()).as("what was given is not touched").hasSize(3);
    }

    @Test
    void settingsAreBounded() {
        PreferenceChanged full = change().setAttributes(IntStream.range(0, Preferences.MOST_SETTINGS)
                        .mapToObj(number -> new Attribute("a" + number, "v"))
                        .toList())
                .setDigests(IntStream.range(0, Preferences.MOST_SETTINGS)
                        .mapToObj(number -> new DigestPreference("c" + number, Frequency.DAILY, 0, null))
                        .toList())
                .build();
        PreferenceChanged more = change().setAttributes(List.of(new Attribute("more", "v"), new Attribute("a0", "w")))
                .setDigests(List.of(
                        new DigestPreference("more", Frequency.DAILY, 0, null),
                        new DigestPreference("c0", Frequency.HOURLY, 0, null)))
                .build();
        Profile profile = Preferences.apply(Preferences.apply(NEW, full), more);
        assertThat(profile.getAttributes())
                .hasSize(Preferences.MOST_SETTINGS)
                .contains(new Pair("a0", "w"))
                .doesNotContain(new Pair("more", "v"));
        assertThat(profile.getDigests())
                .hasSize(Preferences.MOST_SETTINGS)
                .contains(new DigestPreference("c0", Frequency.HOURLY, 0, null))
                .noneMatch(digest -> "more".equals(digest.getCategory()));
    }

    @Test
    void whatIsAbsentStays() {
        Profile before = Preferences.apply(
                NEW,
                change().setLocale("de")
                        .setDisplayName("Ann")
                        .setOptOuts(List.of(new OptOut("comment", Channel.PUSH, true, null, null)))
                        .setBlockedActors(List.of(new ActorBlock("troll", true)))
                        .build());
        Profile after = Preferences.apply(before, change().build());
        assertThat(after)
                .isEqualTo(Profile.newBuilder(before)
                        .setVersion(before.getVersion() + 1)
                        .build());
        Profile renamed =
                Preferences.apply(before, change().setDisplayName("Anna").build());
        assertThat(renamed.getDisplayName()).isEqualTo("Anna");
        assertThat(renamed.getLocale()).isEqualTo("de");
        assertThat(renamed.getOptOuts()).isEqualTo(before.getOptOuts());
        assertThat(renamed.getBlockedActors()).isEqualTo(before.getBlockedActors());
    }

    @Test
    void aSwitchIsRemovedExactly() {
        Profile before = Preferences.apply(NEW, switched("comment/PUSH comment/* */PUSH */*", true));
        assertThat(before.getOptOuts()).hasSize(4);
        Profile after = Preferences.apply(before, switched("comment/*", false));
        assertThat(after.getOptOuts())
                .containsExactly(
                        new OptOut(null, null, true, null, null),
                        new OptOut(null, Channel.PUSH, true, null, null),
                        new OptOut("comment", Channel.PUSH, true, null, null));
        assertThat(Preferences.apply(before, switched("like/PUSH", false)).getOptOuts())
                .isEqualTo(before.getOptOuts());
    }

    @Test
    void theLastWordOnASwitchWins() {
        PreferenceChanged offAndOn = change().setOptOuts(
                        List.of(new OptOut("a", null, true, null, null), new OptOut("a", null, false, null, null)))
                .setBlockedActors(List.of(new ActorBlock("troll", false), new ActorBlock("troll", true)))
                .build();
        Profile profile = Preferences.apply(NEW, offAndOn);
        assertThat(profile.getOptOuts()).isEmpty();
        assertThat(profile.getBlockedActors()).containsExactly("troll");
    }

    @Test
    void theSameChangeAgainChangesNothingButTheVersion() {
        PreferenceChanged change = switched("comment/PUSH */*", true);
        Profile once = Preferences.apply(NEW, change);
        Profile twice = Preferences.apply(once, change);
        assertThat(twice).isEqualTo(Profile.newBuilder(once).setVersion(2).build());
    }

    @Test
    void theProfileGivenIsNotTouched() {
        Profile before = Preferences.apply(NEW, switched("comment/PUSH", true));
        Profile copy = Profile.newBuilder(before).build();
        Preferences.apply(before, switched("comment/PUSH", false));
        Preferences.apply(before, switched("like/PUSH", true));
        assertThat(before).isEqualTo(copy);
    }

    @Test
    void listsAreBounded() {
        PreferenceChanged full = change().setOptOuts(IntStream.range(0, Preferences.MOST)
                        .mapToObj(number -> new OptOut("c" + number, null, true, null, null))
                        .toList())
                .setBlockedActors(IntStream.range(0, Preferences.MOST)
                        .mapToObj(number -> new ActorBlock("a" + number, true))
                        .toList())
                .build();
        PreferenceChanged more = change().setOptOuts(List.of(new OptOut("more", null, true, null, null)))
                .setBlockedActors(List.of(new ActorBlock("more", true)))
                .build();
        Profile profile = Preferences.apply(Preferences.apply(NEW, full), more);
        assertThat(profile.getOptOuts())
                .hasSize(Preferences.MOST)
                .doesNotContain(new OptOut("more", null, true, null, null));
        assertThat(profile.getBlockedActors()).hasSize(Preferences.MOST).doesNotContain("more");

        PreferenceChanged less = change().setOptOuts(
                        List.of(new OptOut("c0", null, false, null, null), new OptOut("more", null, true, null, null)))
                .build();
        assertThat(Preferences.apply(profile, less).getOptOuts())
                .as("where one goes, another has room")
                .hasSize(Preferences.MOST)
                .contains(new OptOut("more", null, true, null, null));
    }

    /** Against two plain sets, whatever the order of the changes. */
    @Property(tries = 300)
    void isAsGoodAsTwoSets(@ForAll("changes") List<PreferenceChanged> changes) {
        Set<String> off = new HashSet<>();
        Set<String> blocked = new HashSet<>();
        Profile profile = NEW;
        for (PreferenceChanged change : changes) {
            profile = Preferences.apply(profile, change);
            for (OptOut optOut : change.getOptOuts()) {
                flip(off, optOut.getCategory() + "/" + optOut.getChannel(), optOut.getOptedOut());
            }
            change.getBlockedActors().forEach(block -> flip(blocked, block.getActor(), block.getBlocked()));
        }
        assertThat(profile.getVersion()).isEqualTo(changes.size());
        assertThat(profile.getOptOuts())
                .extracting(optOut -> optOut.getCategory() + "/" + optOut.getChannel())
                .containsExactlyInAnyOrderElementsOf(off);
        assertThat(profile.getBlockedActors()).isSorted().containsExactlyInAnyOrderElementsOf(blocked);
        for (String actor : List.of("a", "B", "é", "\uFFFD", "😀")) {
            assertThat(Audience.excluded("ann", actor, profile, Rule.none("acme", "comment"))
                            .isPresent())
                    .isEqualTo(blocked.contains(actor));
        }
        for (Channel channel : Channel.values()) {
            assertThat(Preferences.optedOut(profile, "a", channel, null, null).isPresent())
                    .isEqualTo(Stream.of("null/null", "null/" + channel, "a/null", "a/" + channel)
                            .anyMatch(off::contains));
        }
    }

    @Provide
    Arbitrary<List<PreferenceChanged>> changes() {
        Arbitrary<OptOut> optOuts = Combinators.combine(
                        Arbitraries.of("a", "b").injectNull(0.3),
                        Arbitraries.of(Channel.class).injectNull(0.3),
                        Arbitraries.of(true, true, false))
                .as((category, channel, out) -> new OptOut(category, channel, out, null, null));
        // Names whose order differs between UTF-16 and code points, among others.
        Arbitrary<ActorBlock> blocks = Combinators.combine(
                        Arbitraries.of("a", "B", "é", "\uFFFD", "😀"), Arbitraries.of(true, true, false))
                .as(ActorBlock::new);
        return Combinators.combine(optOuts.list().ofMaxSize(5), blocks.list().ofMaxSize(5))
                .as((switches, actors) ->
                        change().setOptOuts(switches).setBlockedActors(actors).build())
                .list()
                .ofMaxSize(6);
    }

    private static void flip(Set<String> set, String element, boolean on) {
        if (on) {
            set.add(element);
        } else {
            set.remove(element);
        }
    }

    private static PreferenceChanged switched(String switches, boolean off) {
        List<OptOut> optOuts = new ArrayList<>();
        for (String one : switches.isEmpty() ? new String[0] : switches.split(" ", -1)) {
            String[] words = one.split("/", -1);
            optOuts.add(new OptOut(
                    words[0].equals("*") ? null : words[0],
                    words[1].equals("*") ? null : Channel.valueOf(words[1]),
                    off,
                    null,
                    null));
        }
        return change().setOptOuts(optOuts).build();
    }

    private static PreferenceChanged.Builder change() {
        return PreferenceChanged.newBuilder().setTenant("acme").setUser("ann");
    }

    private static String orAny(String word) {
        return word.equals("*") ? null : word;
    }
}
