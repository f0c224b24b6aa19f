package io.herald.topology.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.Gate;
import io.herald.schema.Hash16;
import io.herald.schema.Lane;
import io.herald.schema.Notification;
import io.herald.schema.Pair;
import io.herald.schema.RuleChanged;
import io.herald.schema.Step;
import io.herald.schema.Unless;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleTest {
    private static final Instant ACCEPTED = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void aCategoryWithoutARuleHasEveryDefault() {
        Rule rule = Rule.none("acme", "comment");
        List<Channel> templated = List.of(Channel.INBOX, Channel.EMAIL);
        assertThat(rule.version()).isZero();
        assertThat(rule.channels(templated)).isEqualTo(templated);
        assertThat(rule.step(Channel.PUSH)).isEmpty();
        assertThat(Gate.values()).noneMatch(rule::passes);
        assertThat(rule.dedupKey(event(Map.of("post", "7")).build())).isEmpty();
        assertThat(rule.collapse(event(Map.of("post", "7")).build())).isEmpty();
        assertThat(rule.lane(event(Map.of()).build())).isEqualTo(Lane.URGENT);
        assertThat(Channel.values())
                .allSatisfy(channel -> assertThat(rule.isInFailover(channel)).isFalse());
    }

    @Test
    void theRulesOwnOrderGoesBeforeThatOfTheTemplates() {
        Rule rule = new Rule(
                terms().setChannels(List.of(Channel.PUSH, Channel.INBOX)).build(), 1);
        assertThat(rule.channels(List.of(Channel.INBOX, Channel.PUSH, Channel.EMAIL)))
                .containsExactly(Channel.PUSH, Channel.INBOX);
    }

    @Test
    void stepsAndGatesAreThoseThatTheRuleNames() {
        Step step = new Step(Channel.EMAIL, 3_600_000L, Unless.READ);
        Rule rule = new Rule(
                terms().setSteps(List.of(step)).setPasses(List.of(Gate.CAP)).build(), 1);
        assertThat(rule.step(Channel.EMAIL)).contains(step);
        assertThat(rule.step(Channel.PUSH)).isEmpty();
        assertThat(rule.passes(Gate.CAP)).isTrue();
        assertThat(rule.passes(Gate.OPT_OUT)).isFalse();
    }

    /** Two events as {@code name=value+name=value}. */
    @ParameterizedTest(name = "{4}")
    @CsvSource(nullValues = "-", textBlock = """
            post,      post=7,         post=7+by=bob,  true,  the same value
            post,      post=7,         post=8,         false, another value
            post+by,   post=7+by=bob,  post=7+by=eve,  false, one of two differs
            post+by,   post=7,         post=7,         true,  what neither has does not tell them apart
            post+by,   post=7,         post=7+by=,     false, an empty value is a value
            post+by,   post=7+by=1,    post=71+by=,    false, values do not run into one another
            """)
    void eventsAreComparedByTheValuesThatTheRuleNames(String by, String one, String other, boolean alike, String why) {
        Rule rule =
                new Rule(terms().setDedupBy(names(by)).setCollapseBy(names(by)).build(), 1);
        Notification first = event(values(one)).build();
        Notification second = event(values(other)).build();
        assertThat(rule.dedupKey(first).equals(rule.dedupKey(second))).isEqualTo(alike);
        assertThat(rule.collapse(first).equals(rule.collapse(second))).isEqualTo(alike);
    }

    @Test
    void eventsWithNothingToCompareAreNotAlike() {
        Rule rule = new Rule(
                terms().setDedupBy(List.of("post"))
                        .setCollapseBy(List.of("post"))
                        .build(),
                1);
        Notification event = event(Map.of("by", "bob")).build();
        assertThat(rule.dedupKey(event)).isEmpty();
        assertThat(rule.collapse(event)).isEmpty();
    }

    @Test
    void theSameValueUnderAnotherNameIsNotTheSame() {
        Rule byPost = new Rule(terms().setDedupBy(List.of("post")).build(), 1);
        Rule byThread = new Rule(terms().setDedupBy(List.of("thread")).build(), 2);
        Notification event = event(Map.of("post", "7", "thread", "7")).build();
        assertThat(byPost.dedupKey(event)).isPresent().isNotEqualTo(byThread.dedupKey(event));
    }

    @Test
    void objectIsWhatTheEventIsAboutUnlessItsDataSaysOtherwise() {
        Rule rule = new Rule(terms().setDedupBy(List.of("object")).build(), 1);
        Notification about = event(Map.of()).setObject("thread-7").build();
        assertThat(rule.dedupKey(about))
                .isPresent()
                .isEqualTo(rule.dedupKey(event(Map.of("object", "thread-7")).build()))
                .isNotEqualTo(rule.dedupKey(event(Map.of("object", "thread-8"))
                        .setObject("thread-7")
                        .build()));
    }

    @Test
    void aDuplicateIsOneOfTheSameUserAndCategory() {
        Rule rule = new Rule(terms().setDedupBy(List.of("post")).build(), 1);
        Notification event = event(Map.of("post", "7")).build();
        assertThat(rule.dedupKey(event))
                .isNotEqualTo(
                        rule.dedupKey(event(Map.of("post", "7")).setUser("bob").build()))
                .isNotEqualTo(rule.dedupKey(
                        event(Map.of("post", "7")).setCategory("like").build()))
                .isNotEqualTo(rule.dedupKey(
                        event(Map.of("post", "7")).setTenant("other").build()))
                .isEqualTo(rule.dedupKey(
                        event(Map.of("post", "7")).setEventId("another").build()));
    }

    @Test
    void theEventsOwnCollapseKeyGoesBeforeTheRules() {
        Rule rule = new Rule(terms().setCollapseBy(List.of("post")).build(), 1);
        Notification own = event(Map.of("post", "7")).setCollapseKey("score").build();
        assertThat(rule.collapse(own))
                .isPresent()
                .isEqualTo(rule.collapse(
                        event(Map.of("post", "8")).setCollapseKey("score").build()))
                .isNotEqualTo(rule.collapse(event(Map.of("post", "7")).build()))
                .isNotEqualTo(rule.collapse(event(Map.of("post", "7"))
                        .setCollapseKey("score")
                        .setCategory("like")
                        .build()));
        assertThat(rule.collapse(own).orElseThrow()).matches("[0-9a-f]{32}");
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(nullValues = "-", textBlock = """
            false, -,          2026-03-04T12:00:00Z,     neither says anything: three days
            false, 1000,       2026-03-01T12:00:01Z,     the rule says a second
            false, 2419200000, 2026-03-29T12:00:00Z,     the rule says four weeks
            true,  1000,       2026-03-04T12:00:00Z,     the event's own goes before
            true,  -,          2026-03-04T12:00:00Z,     only the event says something
            """)
    void aNotificationLivesAsLongAsItsEventElseItsRuleSays(
            boolean given, Long expiryMs, Instant expiresAt, String why) {
        Rule rule = new Rule(terms().setExpiryMs(expiryMs).build(), 1);
        assertThat(rule.expiresAt(event(Map.of()).setExpiryGiven(given).build()))
                .isEqualTo(expiresAt);
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(nullValues = "-", textBlock = """
            -,      URGENT, URGENT, the rule's
            -,      BULK,   BULK,   the rule's
            BULK,   URGENT, BULK,   what came in as bulk stays bulk
            URGENT, BULK,   BULK,   nobody overtakes by what they say of themselves
            """)
    void theLaneIsTheRulesUnlessItCameInAsBulk(Lane came, Lane said, Lane lane, String why) {
        Rule rule = new Rule(terms().setLane(said).build(), 1);
        assertThat(rule.lane(event(Map.of()).setLane(came).build())).isEqualTo(lane);
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(textBlock = """
            PUSH+SMS+EMAIL, PUSH,  SMS+EMAIL,  all that come after it
            PUSH+SMS+EMAIL, SMS,   EMAIL+PUSH, one that came before it is not forgotten if it waits
            PUSH+SMS+EMAIL, EMAIL, PUSH+SMS,   nor are two
            SMS+EMAIL,      EMAIL, SMS+PUSH,   what is not in the order any more comes last
            """)
    void failoverGoesOnFromWhereItIs(String failover, Channel from, String tried, String why) {
        Rule rule = new Rule(terms().setFailover(channels(failover)).build(), 1);
        assertThat(Stream.of(Channel.PUSH, Channel.SMS, Channel.EMAIL)
                        .filter(waiting -> waiting != from)
                        .sorted(Comparator.comparingInt(waiting -> rule.stepsBehind(from, waiting))))
                .isEqualTo(channels(tried));
    }

    /** Two events are alike exactly if the texts that a person would write for their values are the same. */
    @Property(tries = 500)
    void onlyEqualValuesAreAlike(
            @ForAll("names") List<String> by,
            @ForAll("data") Map<String, String> one,
            @ForAll("data") Map<String, String> other) {
        Rule rule = new Rule(terms().setDedupBy(by).build(), 1);
        List<Optional<String>> left =
                by.stream().map(name -> Optional.ofNullable(one.get(name))).toList();
        List<Optional<String>> right =
                by.stream().map(name -> Optional.ofNullable(other.get(name))).toList();
        Optional<String> key = rule.dedupKey(event(one).build());
        assertThat(key.isPresent()).isEqualTo(left.stream().anyMatch(Optional::isPresent));
        if (key.isPresent()) {
            assertThat(key.equals(rule.dedupKey(event(other).build()))).isEqualTo(left.equals(right));
        }
    }

    @Provide
    Arbitrary<List<String>> names() {
        return Arbitraries.of("a", "b", "ab").list().uniqueElements().ofMaxSize(3);
    }

    @Provide
    Arbitrary<Map<String, String>> data() {
        return Arbitraries.maps(Arbitraries.of("a", "b", "ab"), Arbitraries.of("", "a", "b", "ab", "1"))
                .ofMaxSize(3);
    }

    private static RuleChanged.Builder terms() {
        return RuleChanged.newBuilder().setTenant("acme").setCategory("comment");
    }

    private static Notification.Builder event(Map<String, String> data) {
        List<Pair> pairs = new ArrayList<>();
        new TreeMap<>(data).forEach((name, value) -> pairs.add(new Pair(name, value)));
        return Notification.newBuilder()
                .setTenant("acme")
                .setUser("ann")
                .setNotificationId("n")
                .setSource("blog")
                .setEventId("e")
                .setCategory("comment")
                .setData(pairs)
                .setChannels(List.of())
                .setOccurredAt(ACCEPTED)
                .setExpiresAt(ACCEPTED.plus(Duration.ofDays(3)))
                .setExpiryGiven(false)
                .setContentHash(new Hash16(new byte[16]));
    }

    private static List<String> names(String text) {
        return List.of(text.split("\\+", -1));
    }

    private static Map<String, String> values(String text) {
        Map<String, String> values = new TreeMap<>();
        for (String one : names(text)) {
            String[] words = one.split("=", -1);
            values.put(words[0], words[1]);
        }
        return values;
    }

    private static List<Channel> channels(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split("\\+", -1)).map(Channel::valueOf).toList();
    }
}
