package io.herald.topology.caps;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Cap;
import io.herald.schema.CapLog;
import io.herald.schema.Channel;
import io.herald.schema.Overflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapsTest {
    private static final List<String> CATEGORIES = List.of("a", "b");

    /** Two in ten seconds. What went out as {@code category/CHANNEL@second}; then a PUSH of category a at second 20. */
    @ParameterizedTest(name = "{4}")
    @CsvSource(nullValues = "-", textBlock = """
            PUSH, -,     '',                           false, nothing went out
            PUSH, -,     a/PUSH@19,                    false, one
            PUSH, -,     a/PUSH@18 a/PUSH@19,          true,  two
            PUSH, -,     a/PUSH@11 a/PUSH@19,          true,  the first one still counts
            PUSH, -,     a/PUSH@10 a/PUSH@19,          false, the first one does not count any more
            PUSH, -,     a/PUSH@20 a/PUSH@20,          true,  in the same moment
            PUSH, -,     a/PUSH@1 a/PUSH@2 a/PUSH@19,  false, those of long ago
            PUSH, -,     a/EMAIL@18 a/PUSH@19,         false, another channel
            -,    -,     a/EMAIL@18 a/PUSH@19,         true,  all channels together
            -,    -,     a/INBOX@18 a/PUSH@19,         false, but not the inbox
            PUSH, -,     b/PUSH@18 a/PUSH@19,          false, another category
            PUSH, false, b/PUSH@18 a/PUSH@19,          false, another category
            PUSH, true,  b/PUSH@18 a/PUSH@19,          true,  across categories
            PUSH, true,  b/PUSH@18 b/PUSH@19,          true,  even if none is of its own
            -,    true,  b/EMAIL@18 a/PUSH@19,         true,  across categories and channels
            INBOX, -,    a/PUSH@18 a/PUSH@19,          false, a cap for another channel
            """)
    void aRulesCapCountsItsCategoryUnlessItSaysOtherwise(
            Channel channel, Boolean acrossCategories, String sent, boolean exceeded, String why) {
        Cap cap = new Cap(channel, acrossCategories, 2, 10_000L, Overflow.DROP);
        List<CapLog> logs = List.of();
        for (Sent one : sent(sent)) {
            boolean counts = one.category().equals("a") || Boolean.TRUE.equals(acrossCategories);
            logs = Caps.counted(
                    logs, counts ? List.of(cap) : List.of(), List.of(), one.category(), one.channel(), one.at());
        }
        assertThat(Caps.exceeded(logs, List.of(cap), List.of(), "a", Channel.PUSH, second(20)))
                .isEqualTo(exceeded ? Optional.of(cap) : Optional.empty());
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(nullValues = "-", textBlock = """
            -,     b/PUSH@18 a/PUSH@19, true,  across categories, without saying so
            true,  b/PUSH@18 a/PUSH@19, true,  across categories
            false, b/PUSH@18 a/PUSH@19, false, each category by itself
            false, a/PUSH@18 a/PUSH@19, true,  this category
            false, b/PUSH@18 b/PUSH@19, false, another category
            """)
    void aUsersCapCountsAllCategoriesUnlessItSaysOtherwise(
            Boolean acrossCategories, String sent, boolean exceeded, String why) {
        List<Cap> caps = List.of(new Cap(Channel.PUSH, acrossCategories, 2, 10_000L, Overflow.DROP));
        List<CapLog> logs = List.of();
        for (Sent one : sent(sent)) {
            logs = Caps.counted(logs, List.of(), caps, one.category(), one.channel(), one.at());
        }
        assertThat(Caps.exceeded(logs, List.of(), caps, "a", Channel.PUSH, second(20))
                        .isPresent())
                .isEqualTo(exceeded);
    }

    @Test
    void theInboxCountsForACapThatNamesIt() {
        List<Cap> caps = List.of(new Cap(Channel.INBOX, null, 1, 10_000L, Overflow.DROP));
        List<CapLog> logs = Caps.counted(List.of(), caps, List.of(), "a", Channel.INBOX, second(1));
        assertThat(Caps.exceeded(logs, caps, List.of(), "a", Channel.INBOX, second(2)))
                .isPresent();
        assertThat(Caps.exceeded(logs, caps, List.of(), "a", Channel.PUSH, second(2)))
                .isEmpty();
    }

    /** Caps as {@code OVERFLOW:most}, all counting the same; three went out. */
    @ParameterizedTest(name = "{3}")
    @CsvSource(nullValues = "-", textBlock = """
            'DIGEST:3 DROP:4', '',       DIGEST:3, only one is exceeded
            'DIGEST:3 DROP:2', '',       DROP:2,   what is dropped is not collected
            'DIGEST:3',        'DROP:3', DROP:3,   what the user does not want is not collected
            'DIGEST:3',        'DROP:4', DIGEST:3, the user's own is not reached
            'DIGEST:2 DIGEST:3', 'DIGEST:1', DIGEST:2, the first of the rule
            '',                'DIGEST:2', DIGEST:2, the user's own
            'DROP:4',          'DROP:5', -,        none
            """)
    void ofSeveralCapsTheOneThatDropsDecides(String ruleCaps, String userCaps, String exceeded, String why) {
        List<Cap> all = new ArrayList<>(caps(ruleCaps));
        all.addAll(caps(userCaps));
        List<CapLog> logs = List.of();
        for (int at = 1; at <= 3; at++) {
            logs = Caps.counted(logs, all, List.of(), "a", Channel.PUSH, second(at));
        }
        assertThat(Caps.exceeded(
                                logs,
                                caps(ruleCaps),
                                caps(userCaps).stream()
                                        .map(cap -> Cap.newBuilder(cap)
                                                .setAcrossCategories(false)
                                                .build())
                                        .toList(),
                                "a",
                                Channel.PUSH,
                                second(4))
                        .map(cap -> cap.getOverflow() + ":" + cap.getMost()))
                .isEqualTo(Optional.ofNullable(exceeded));
    }

    @Test
    void whereNothingCountsNothingIsWritten() {
        List<CapLog> logs = List.of(new CapLog("a/PUSH", List.of(1L)));
        assertThat(Caps.counted(logs, List.of(), List.of(), "a", Channel.PUSH, second(1)))
                .isSameAs(logs);
        assertThat(Caps.counted(logs, caps("DROP:1"), List.of(), "a", Channel.INBOX, second(1)))
                .isSameAs(logs);
    }

    @Test
    void aRuleThatChangesItsNumberDoesNotForgetWhatWentOut() {
        List<CapLog> logs = List.of();
        for (int at = 1; at <= 3; at++) {
            logs = Caps.counted(logs, caps("DROP:3"), List.of(), "a", Channel.PUSH, second(at));
        }
        assertThat(Caps.exceeded(logs, caps("DROP:2"), List.of(), "a", Channel.PUSH, second(4)))
                .isPresent();
        assertThat(Caps.exceeded(logs, caps("DROP:4"), List.of(), "a", Channel.PUSH, second(4)))
                .isEmpty();
        logs = Caps.counted(logs, caps("DROP:4"), List.of(), "a", Channel.PUSH, second(4));
        assertThat(Caps.exceeded(logs, caps("DROP:4"), List.of(), "a", Channel.PUSH, second(5)))
                .isPresent();
    }

    @Test
    void thereAreFewLogsAndThoseThatWereQuietLongestGo() {
        List<Cap> caps = List.of(
                new Cap(Channel.PUSH, null, 1, 10_000L, Overflow.DROP),
                new Cap(Channel.PUSH, true, 100, 10_000L, Overflow.DROP));
        List<CapLog> logs = List.of();
        for (int number = 0; number < 60; number++) {
            logs = Caps.counted(logs, caps, List.of(), "c" + (10 + number), Channel.PUSH, second(number));
        }
        assertThat(logs).hasSize(Caps.MOST_LOGS);
        assertThat(logs).extracting(CapLog::getCap).isSorted().contains("*/PUSH", "c69/PUSH", "c21/PUSH");
        assertThat(logs).extracting(CapLog::getCap).doesNotContain("c20/PUSH");
        List<CapLog> muchLater = Caps.counted(logs, caps, List.of(), "z", Channel.PUSH, second(40L * 24 * 60 * 60));
        assertThat(muchLater).extracting(CapLog::getCap).containsExactly("*/PUSH", "z/PUSH");
        assertThat(muchLater.get(0).getTimes()).hasSize(1);
    }

    /** Whatever is sent whenever, and however often rules change their caps: every window has no more than its cap. */
    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void noWindowEverHasMoreThanItsCap(
            @ForAll("capLists") List<Cap> capsOfA,
            @ForAll("capLists") List<Cap> capsOfB,
            @ForAll("capLists") List<Cap> userCaps,
            @ForAll("attempts") List<Attempt> attempts) {
        List<List<Cap>> ruleCaps = List.of(capsOfA, capsOfB);
        List<CapLog> logs = List.of();
        List<Sent> sent = new ArrayList<>();
        long now = 0;
        for (Attempt attempt : attempts) {
            now += attempt.later();
            Sent next = new Sent(CATEGORIES.get(attempt.category()), attempt.channel(), Instant.ofEpochMilli(now));
            List<Cap> own = ruleCaps.get(attempt.category());
            boolean allowed = Caps.exceeded(logs, own, userCaps, next.category(), next.channel(), next.at())
                    .isEmpty();
            assertThat(allowed)
                    .as("%s after %s", next, sent)
                    .isEqualTo(own.stream().allMatch(cap -> allows(cap, false, next, sent))
                            && userCaps.stream().allMatch(cap -> allows(cap, true, next, sent)));
            if (allowed) {
                sent.add(next);
                List<Cap> counting = new ArrayList<>(own);
                ruleCaps.forEach(caps -> caps.stream()
                        .filter(cap -> Boolean.TRUE.equals(cap.getAcrossCategories()))
                        .forEach(counting::add));
                List<CapLog> before = List.copyOf(logs);
                List<CapLog> counted =
                        Caps.counted(logs, counting, userCaps, next.category(), next.channel(), next.at());
                assertThat(logs).as("the logs given are not touched").isEqualTo(before);
                logs = counted;
                assertThat(logs).extracting(CapLog::getCap).isSorted().doesNotHaveDuplicates();
                assertThat(logs)
                        .allSatisfy(log -> assertThat(log.getTimes()).isSorted().hasSizeLessThanOrEqualTo(4));
            }
        }
    }

    // Counts by looking at all that was ever sent.
    private static boolean allows(Cap cap, boolean users, Sent next, List<Sent> sent) {
        boolean across = cap.getAcrossCategories() == null ? users : cap.getAcrossCategories();
        if (!counts(cap, next.channel())) {
            return true;
        }
        return sent.stream()
                        .filter(one -> across || one.category().equals(next.category()))
                        .filter(one -> counts(cap, one.channel()))
                        .filter(one -> one.at().isAfter(next.at().minusMillis(cap.getWindowMs())))
                        .count()
                < cap.getMost();
    }

    private static boolean counts(Cap cap, Channel channel) {
        return cap.getChannel() == null ? channel != Channel.INBOX : cap.getChannel() == channel;
    }

    @Provide
    Arbitrary<List<Cap>> capLists() {
        return Combinators.combine(
                        Arbitraries.of(Channel.INBOX, Channel.PUSH, Channel.EMAIL)
                                .injectNull(0.3),
                        Arbitraries.of(true, false).injectNull(0.4),
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.longs().between(1, 30),
                        Arbitraries.of(Overflow.class))
                .as(Cap::new)
                .list()
                .ofMaxSize(3);
    }

    @Provide
    Arbitrary<List<Attempt>> attempts() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.of(Channel.INBOX, Channel.PUSH, Channel.EMAIL),
                        Arbitraries.integers().between(0, 8))
                .as(Attempt::new)
                .list()
                .ofMaxSize(40);
    }

    private record Attempt(int category, Channel channel, int later) {}

    private record Sent(String category, Channel channel, Instant at) {}

    private static List<Sent> sent(String text) {
        List<Sent> sent = new ArrayList<>();
        for (String one : text.isEmpty() ? new String[0] : text.split(" ", -1)) {
            String[] words = one.split("[/@]", -1);
            sent.add(new Sent(words[0], Channel.valueOf(words[1]), second(Long.parseLong(words[2]))));
        }
        return sent;
    }

    private static List<Cap> caps(String text) {
        List<Cap> caps = new ArrayList<>();
        for (String one : text.isEmpty() ? new String[0] : text.split(" ", -1)) {
            String[] words = one.split(":", -1);
            caps.add(new Cap(Channel.PUSH, null, Integer.parseInt(words[1]), 60_000L, Overflow.valueOf(words[0])));
        }
        return caps;
    }

    private static Instant second(long second) {
        return Instant.ofEpochSecond(second);
    }
}
