package io.herald.topology.digest;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.Digest;
import io.herald.schema.DigestItem;
import io.herald.schema.DigestPreference;
import io.herald.schema.DigestRule;
import io.herald.schema.Frequency;
import io.herald.schema.Hash16;
import io.herald.schema.Lane;
import io.herald.schema.Notification;
import io.herald.schema.Pair;
import io.herald.schema.Profile;
import io.herald.schema.Reason;
import io.herald.schema.RuleChanged;
import io.herald.schema.Weekday;
import io.herald.topology.rules.Rule;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigestsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final UserKey ANN = new UserKey("acme", "ann");
    private static final Profile NEW = Profile.newBuilder().setVersion(0).build();

    /** Settings of the user as {@code category=FREQUENCY}. The rule's minute is 1, the user's is 2. */
    @ParameterizedTest(name = "{5}")
    @CsvSource(nullValues = "-", textBlock = """
            -,         '',                    PUSH,  -,         0, the rule has no digest
            -,         comment=DAILY,         PUSH,  -,         0, and so a user cannot have one
            HOURLY,    '',                    PUSH,  HOURLY,    1, as the rule says
            HOURLY,    '',                    EMAIL, -,         0, not on this channel
            HOURLY,    comment=DAILY,         EMAIL, -,         0, not on this channel whatever the user wants
            IMMEDIATE, '',                    PUSH,  -,         0, none unless a user wants one
            IMMEDIATE, comment=WEEKLY,        PUSH,  WEEKLY,    2, a user wants one
            HOURLY,    comment=DAILY,         PUSH,  DAILY,     2, as the user wants it
            HOURLY,    like=DAILY,            PUSH,  HOURLY,    1, of another category
            HOURLY,    *=DAILY,               PUSH,  DAILY,     2, of all categories
            HOURLY,    *=DAILY comment=WEEKLY, PUSH, WEEKLY,    2, its own goes before
            HOURLY,    *=DAILY comment=IMMEDIATE, PUSH, -,      0, each at once
            HOURLY,    *=DAILY comment=WINDOW, PUSH, HOURLY,    1, the rule's own again
            HOURLY,    comment=IMMEDIATE,     PUSH,  -,         0, each at once
            WINDOW,    comment=HOURLY,        PUSH,  HOURLY,    2, as the user wants it
            """)
    void usersDecideHowOftenWhereRulesHaveDigests(
            Frequency said, String wanted, Channel channel, Frequency frequency, int minute, String why) {
        Rule rule = said == null ? Rule.none("acme", "comment") : rule(said, false);
        Optional<Digests.Terms> terms = Digests.terms(rule, profile(wanted), event(1).build(), channel);
        assertThat(terms.map(Digests.Terms::frequency)).isEqualTo(Optional.ofNullable(frequency));
        terms.ifPresent(found -> assertThat(found.minute()).isEqualTo(minute));
    }

    @Test
    void aDigestIsNotCollectedAgain() {
        Notification digest = Digests.notification(opened(), ANN, NOW);
        assertThat(Digests.terms(rule(Frequency.HOURLY, false), NEW, digest, Channel.PUSH))
                .isEmpty();
    }

    @Test
    void theFirstIsSentAtOnceOnlyInWindows() {
        assertThat(Digests.terms(rule(Frequency.WINDOW, true), NEW, event(1).build(), Channel.PUSH)
                        .orElseThrow()
                        .sendFirst())
                .isTrue();
        assertThat(Digests.terms(rule(Frequency.WINDOW, true), profile("*=DAILY"), event(1).build(), Channel.PUSH)
                        .orElseThrow()
                        .sendFirst())
                .isFalse();
    }

    @Test
    void whatHasTheSameValuesGoesIntoTheSameDigest() {
        Rule rule = rule(Frequency.WINDOW, false);
        Notification seven = event(1).setData(List.of(new Pair("post", "7"))).build();
        Notification sevenAgain =
                event(2).setData(List.of(new Pair("post", "7"))).build();
        Notification eight = event(3).setData(List.of(new Pair("post", "8"))).build();
        Notification none = event(4).build();
        assertThat(Digests.key(rule, seven))
                .isEqualTo(Digests.key(rule, sevenAgain))
                .isNotEqualTo(Digests.key(rule, eight));
        assertThat(List.of(Digests.key(rule, none), Digests.key(Rule.none("acme", "comment"), seven)))
                .containsOnly("");
        assertThat(Digests.id("comment", "k", Channel.PUSH))
                .isNotEqualTo(Digests.id("comment", "k", Channel.EMAIL))
                .isNotEqualTo(Digests.id("comment", "l", Channel.PUSH))
                .isNotEqualTo(Digests.id("like", "k", Channel.PUSH))
                .isEqualTo(Digests.agendaId(Digest.newBuilder(opened())
                        .setCategory("comment")
                        .setKey("k")
                        .setChannel(Channel.PUSH)
                        .build()));
    }

    @ParameterizedTest(name = "{4}")
    @CsvSource(nullValues = "-", textBlock = """
            WINDOW, 0,   -,       2026-03-01T12:10:00Z, so long after it opened
            HOURLY, 15,  -,       2026-03-01T12:15:00Z, at a minute of the hour
            DAILY,  480, -,       2026-03-02T07:00:00Z, in the user's morning
            WEEKLY, 480, TUESDAY, 2026-03-03T07:00:00Z, on a day of the week
            """)
    void aNewDigestIsEmptyAndDueAsItsTermsSay(
            Frequency frequency, int minute, Weekday weekday, Instant due, String why) {
        Digests.Terms terms = new Digests.Terms(frequency, minute, weekday, 600_000, "k", false);
        Digest digest = Digests.open(event(1).build(), Channel.PUSH, terms, Lane.BULK, NOW, "Europe/Berlin");
        assertThat(digest.getDue()).isEqualTo(due);
        assertThat(digest.getCount()).isZero();
        assertThat(digest.getItems()).isEmpty();
        assertThat(digest.getOpenedAt()).isEqualTo(NOW);
        assertThat(digest.getLane()).isEqualTo(Lane.BULK);
        assertThat(digest.getKey()).isEqualTo("k");
        assertThat(digest.getFrequency()).isEqualTo(frequency);
    }

    @Test
    void everyDigestHasAnIdOfItsOwn() {
        Digests.Terms terms = new Digests.Terms(Frequency.WINDOW, 0, null, 600_000, "k", false);
        Digests.Terms other = new Digests.Terms(Frequency.WINDOW, 0, null, 600_000, "l", false);
        String id = id(event(1), Channel.PUSH, terms, NOW);
        assertThat(id)
                .isEqualTo(id(event(2), Channel.PUSH, terms, NOW))
                .isNotEqualTo(id(event(1), Channel.EMAIL, terms, NOW))
                .isNotEqualTo(id(event(1), Channel.PUSH, other, NOW))
                .isNotEqualTo(id(event(1), Channel.PUSH, terms, NOW.plusMillis(1)))
                .isNotEqualTo(id(event(1).setUser("bob"), Channel.PUSH, terms, NOW))
                .isNotEqualTo(id(event(1).setCategory("like"), Channel.PUSH, terms, NOW));
    }

    @Test
    void aDigestBecomesOneNotification() {
        Instant later = NOW.plusSeconds(5);
        Notification first = event(1).setData(List.of(new Pair("post", "7")))
                .setActor("bob")
                .setCancelKey("c")
                .setObject("thread")
                .setTopic("sports")
                .setLink("https://example.com/7")
                .build();
        Notification second = event(2).setObject("thread")
                .setLink("https://example.com/8")
                .setExpiresAt(NOW.plus(Duration.ofDays(9)))
                .build();
        Digest digest = Digests.add(Digests.add(opened(), first, NOW), second, later);
        assertThat(digest.getItems().get(0))
                .isEqualTo(new DigestItem(
                        first.getNotificationId(),
                        first.getSource(),
                        first.getEventId(),
                        NOW,
                        "bob",
                        first.getData(),
                        "c",
                        "https://example.com/7",
                        "thread",
                        "sports"));
        assertThat(digest.getItems().get(1).getAt()).isEqualTo(later);

        Notification notification = Digests.notification(digest, ANN, later);
        assertThat(notification.getNotificationId()).isEqualTo(digest.getDigestId());
        assertThat(notification.getEventId()).isEqualTo(digest.getDigestId());
        assertThat(notification.getSource()).isEqualTo("herald.digest");
        assertThat(notification.getUser()).isEqualTo("ann");
        assertThat(notification.getCategory()).isEqualTo("comment");
        assertThat(notification.getChannels()).containsExactly(Channel.PUSH);
        assertThat(notification.getDigest().getCount()).isEqualTo(2);
        assertThat(notification.getDigest().getItems()).isEqualTo(digest.getItems());
        assertThat(notification.getData()).isEqualTo(first.getData());
        assertThat(notification.getObject()).as("what all are about").isEqualTo("thread");
        assertThat(notification.getLink()).as("they lead to different places").isNull();
        assertThat(notification.getTopic()).as("only one was of a topic").isNull();
        assertThat(notification.getActor()).as("it is nobody's act").isNull();
        assertThat(notification.getExpiryGiven()).isTrue();
        assertThat(notification.getExpiresAt()).isEqualTo(second.getExpiresAt());
        assertThat(notification.getLane()).isEqualTo(digest.getLane());
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(textBlock = """
            2026-03-05T12:00:00Z, 2026-03-05T12:00:00Z, as long as the newest in it
            2026-03-01T12:00:01Z, 2026-03-02T12:00:00Z, but a day: it has only just become one
            2026-02-01T12:00:00Z, 2026-03-02T12:00:00Z, also when it comes due late
            """)
    void aDigestLivesADayAtLeast(Instant newest, Instant expiresAt, String why) {
        Digest digest = Digest.newBuilder(opened()).setExpiresAt(newest).build();
        assertThat(Digests.notification(digest, ANN, NOW).getExpiresAt()).isEqualTo(expiresAt);
    }

    @Test
    void whatIsNotShownCannotBeRemoved() {
        Digest digest = opened();
        for (int number = 0; number < 60; number++) {
            digest = Digests.add(digest, event(number).build(), NOW);
        }
        assertThat(Digests.remove(digest, "n55")).as("counted, but not shown").isEmpty();
        assertThat(Digests.remove(digest, "other")).isEmpty();
        Digest without = Digests.remove(digest, "n3").orElseThrow();
        assertThat(without.getCount()).isEqualTo(59);
        assertThat(without.getItems()).hasSize(49);
        assertThat(Digests.remove(without, "n3")).isEmpty();
    }

    @Test
    void whatIsMutedInTheMeantimeLeavesItsDigest() {
        Digest digest = opened();
        for (int number = 0; number < 60; number++) {
            digest = Digests.add(
                    digest, event(number).setObject("thread-" + number % 2).build(), NOW);
        }
        Digests.Left left = Digests.without(
                digest, item -> item.getObject().equals("thread-1") ? Optional.of(Reason.MUTED) : Optional.empty());
        assertThat(left.digest().getCount()).isEqualTo(60 - 25);
        assertThat(left.digest().getItems()).hasSize(25).allSatisfy(item -> assertThat(item.getObject())
                .isEqualTo("thread-0"));
        assertThat(left.gone()).hasSize(25).allSatisfy(gone -> assertThat(gone.reason())
                .isEqualTo(Reason.MUTED));
        assertThat(left.gone().get(1).item().getNotificationId()).isEqualTo("n3");
        assertThat(Digests.without(digest, item -> Optional.empty())).isEqualTo(new Digests.Left(digest, List.of()));
    }

    @Test
    void anEmptyDigestStillIsANotification() {
        Notification notification = Digests.notification(opened(), ANN, NOW);
        assertThat(notification.getDigest().getCount()).isZero();
        assertThat(notification.getData()).isEmpty();
        assertThat(notification.getLink()).isNull();
    }

    /** As many as came and did not leave are counted, and the first of them shown in their order. */
    @Property(tries = 150)
    void nothingIsLostInADigest(@ForAll @Size(max = 120) List<@IntRange(min = -60, max = 120) Integer> steps) {
        Digest digest = opened();
        List<String> shown = new ArrayList<>();
        long count = 0;
        for (int at = 0; at < steps.size(); at++) {
            int step = steps.get(at);
            Digest given = digest;
            long givenCount = digest.getCount();
            int givenItems = digest.getItems().size();
            if (step >= 0) {
                digest = Digests.add(digest, event(at).build(), NOW.plusMillis(at));
                count++;
                if (shown.size() < Digests.MOST_ITEMS) {
                    shown.add("n" + at);
                }
            } else {
                String id = "n" + -step;
                Optional<Digest> without = Digests.remove(digest, id);
                assertThat(without.isPresent()).isEqualTo(shown.remove(id));
                count -= without.isPresent() ? 1 : 0;
                digest = without.orElse(digest);
            }
            assertThat(given.getCount()).as("the digest given is not touched").isEqualTo(givenCount);
            assertThat(given.getItems()).as("nor what it shows").hasSize(givenItems);
        }
        assertThat(digest.getCount()).isEqualTo(count);
        assertThat(digest.getItems()).extracting(DigestItem::getNotificationId).isEqualTo(shown);
        assertThat(Digests.notification(digest, ANN, NOW).getDigest().getCount())
                .isEqualTo(count);
        assertThat(digest.getDigestId()).isEqualTo(opened().getDigestId());
        assertThat(digest.getDue()).isEqualTo(opened().getDue());
    }

    @Test
    void itExpiresWithTheLastInItInWhateverOrderTheyCome() {
        Digest digest = opened();
        for (int days : List.of(5, 9, 7)) {
            digest = Digests.add(
                    digest,
                    event(days).setExpiresAt(NOW.plus(Duration.ofDays(days))).build(),
                    NOW);
        }
        assertThat(digest.getExpiresAt()).isEqualTo(NOW.plus(Duration.ofDays(9)));
    }

    private static Digest opened() {
        Digests.Terms terms = new Digests.Terms(Frequency.WINDOW, 0, null, 600_000, "k", false);
        return Digests.open(event(0).build(), Channel.PUSH, terms, Lane.URGENT, NOW, null);
    }

    private static String id(Notification.Builder event, Channel channel, Digests.Terms terms, Instant now) {
        return Digests.open(event.build(), channel, terms, Lane.URGENT, now, null)
                .getDigestId();
    }

    private static Rule rule(Frequency frequency, boolean sendFirst) {
        return new Rule(
                RuleChanged.newBuilder()
                        .setTenant("acme")
                        .setCategory("comment")
                        .setDigest(DigestRule.newBuilder()
                                .setChannels(List.of(Channel.PUSH))
                                .setFrequency(frequency)
                                .setBy(List.of("post"))
                                .setSendFirst(sendFirst)
                                .setMinute(1)
                                .build())
                        .build(),
                1);
    }

    private static Profile profile(String settings) {
        List<DigestPreference> digests = new ArrayList<>();
        for (String one : settings.isEmpty() ? new String[0] : settings.split(" ", -1)) {
            String[] words = one.split("=", -1);
            digests.add(
                    new DigestPreference(words[0].equals("*") ? null : words[0], Frequency.valueOf(words[1]), 2, null));
        }
        return Profile.newBuilder(NEW).setDigests(digests).build();
    }

    private static Notification.Builder event(int number) {
        return Notification.newBuilder()
                .setTenant("acme")
                .setUser("ann")
                .setNotificationId("n" + number)
                .setSource("blog")
                .setEventId("e" + number)
                .setCategory("comment")
                .setData(List.of())
                .setChannels(List.of())
                .setOccurredAt(NOW)
                .setExpiresAt(NOW.plus(Duration.ofDays(3)))
                .setContentHash(new Hash16(new byte[16]));
    }
}
