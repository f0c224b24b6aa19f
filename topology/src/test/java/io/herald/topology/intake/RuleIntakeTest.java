package io.herald.topology.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.herald.schema.Cap;
import io.herald.schema.Channel;
import io.herald.schema.DigestRule;
import io.herald.schema.Frequency;
import io.herald.schema.Gate;
import io.herald.schema.Lane;
import io.herald.schema.OnUnknown;
import io.herald.schema.Overflow;
import io.herald.schema.QuietBehaviour;
import io.herald.schema.Reason;
import io.herald.schema.Route;
import io.herald.schema.RouteChanged;
import io.herald.schema.RuleChanged;
import io.herald.schema.Step;
import io.herald.schema.Unless;
import io.herald.schema.Weekday;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RuleIntakeTest {
    private static final long SECOND = 1_000;
    private static final long DAY = 24 * 3_600 * SECOND;
    private static final List<String> SIX_NAMES = List.of("a", "b", "c", "d", "e", "f");

    /** What is wrong with a rule, the rule, and the field that the refusal names. */
    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("no tenant", rule -> rule.setTenant(""), "tenant"),
                refusal("no category", rule -> rule.setCategory("No Such"), "category"),
                refusal("a channel twice", rule -> rule.setChannels(twice(Channel.PUSH)), "channels"),
                refusal("channels without end", rule -> rule.setChannels(many(Channel.PUSH)), "channels"),
                refusal("steps without end", rule -> rule.setSteps(many(step(Channel.SMS, SECOND))), "steps"),
                refusal(
                        "a channel that waits twice",
                        rule -> rule.setSteps(List.of(step(Channel.SMS, SECOND), step(Channel.SMS, 2 * SECOND))),
                        "steps.channel"),
                refusal(
                        "a step too soon",
                        rule -> rule.setSteps(List.of(step(Channel.SMS, SECOND - 1))),
                        "steps.afterMs"),
                refusal(
                        "a step too late",
                        rule -> rule.setSteps(List.of(step(Channel.SMS, 30 * DAY + 1))),
                        "steps.afterMs"),
                refusal("a step before", rule -> rule.setSteps(List.of(step(Channel.SMS, -1))), "steps.afterMs"),
                refusal("a failover to itself", rule -> rule.setFailover(twice(Channel.PUSH)), "failover"),
                refusal(
                        "a failover to what waits",
                        rule -> rule.setFailover(List.of(Channel.PUSH, Channel.EMAIL)),
                        "failover"),
                refusal("a gate twice", rule -> rule.setPasses(twice(Gate.CAP)), "passes"),
                refusal("too much to compare", rule -> rule.setDedupBy(SIX_NAMES), "dedupBy"),
                refusal("the same compared twice", rule -> rule.setDedupBy(twice("post")), "dedupBy"),
                refusal("an empty name to compare", rule -> rule.setDedupBy(List.of("")), "dedupBy"),
                refusal("a name too long", rule -> rule.setDedupBy(List.of("x".repeat(65))), "dedupBy"),
                refusal("a memory too short", rule -> rule.setDedupWindowMs(SECOND - 1), "dedupWindowMs"),
                refusal("a memory too long", rule -> rule.setDedupWindowMs(DAY + 1), "dedupWindowMs"),
                refusal("a digest of no channel", rule -> rule.getDigest().setChannels(List.of()), "digest.channels"),
                refusal(
                        "a digest of a channel twice",
                        rule -> rule.getDigest().setChannels(twice(Channel.EMAIL)),
                        "digest.channels"),
                refusal("a digest too soon", rule -> rule.getDigest().setWindowMs(SECOND - 1), "digest.windowMs"),
                refusal("a digest too late", rule -> rule.getDigest().setWindowMs(31 * DAY + 1), "digest.windowMs"),
                refusal("a digest by too much", rule -> rule.getDigest().setBy(SIX_NAMES), "digest.by"),
                refusal("a digest by nothing", rule -> rule.getDigest().setBy(List.of(" ")), "digest.by"),
                refusal("a digest at no minute", rule -> rule.getDigest().setMinute(24 * 60), "digest.minute"),
                refusal("a digest before midnight", rule -> rule.getDigest().setMinute(-1), "digest.minute"),
                refusal(
                        "an hourly digest at no minute",
                        rule -> {
                            rule.getDigest().setFrequency(Frequency.HOURLY);
                            rule.getDigest().setSendFirst(false);
                            rule.getDigest().setMinute(60);
                        },
                        "digest.minute"),
                refusal(
                        "the first of a calendar digest",
                        rule -> rule.getDigest().setFrequency(Frequency.DAILY),
                        "digest.sendFirst"),
                refusal(
                        "a weekday of every day",
                        rule -> rule.setDigest(calendar(Frequency.DAILY, 0, Weekday.FRIDAY)),
                        "digest.weekday"),
                refusal("over at once", rule -> rule.setExpiryMs(SECOND - 1), "expiryMs"),
                refusal("over too late", rule -> rule.setExpiryMs(28 * DAY + 1), "expiryMs"),
                refusal("caps without end", rule -> rule.setCaps(many(cap(1, SECOND))), "caps"),
                refusal("a cap of none", rule -> rule.setCaps(List.of(cap(0, SECOND))), "caps.most"),
                refusal("a cap of too many", rule -> rule.setCaps(List.of(cap(101, SECOND))), "caps.most"),
                refusal("a cap too short", rule -> rule.setCaps(List.of(cap(1, SECOND - 1))), "caps.windowMs"),
                refusal("a cap too long", rule -> rule.setCaps(List.of(cap(1, 31 * DAY + 1))), "caps.windowMs"),
                refusal("overflow without a digest", rule -> rule.setDigest(null), "caps.overflow"),
                refusal(
                        "overflow of a channel without a digest",
                        rule -> rule.getCaps().get(0).setChannel(Channel.PUSH),
                        "caps.overflow"),
                refusal("no attempts", rule -> rule.setAttempts(0), "attempts"),
                refusal("too many attempts", rule -> rule.setAttempts(11), "attempts"),
                refusal("collapsed by too much", rule -> rule.setCollapseBy(SIX_NAMES), "collapseBy"),
                refusal("collapsed by the same", rule -> rule.setCollapseBy(twice("post")), "collapseBy"),
                refusal("collapsed by NUL", rule -> rule.setCollapseBy(List.of("a\0")), "collapseBy"),
                refusal(
                        "an acknowledgement at once",
                        rule -> rule.setAcknowledgeWithinMs(SECOND - 1),
                        "acknowledgeWithinMs"),
                refusal(
                        "an acknowledgement too late",
                        rule -> rule.setAcknowledgeWithinMs(3_600 * SECOND + 1),
                        "acknowledgeWithinMs"),
                refusal("a canary for nobody", rule -> rule.setCanaryPercent(0), "canaryPercent"),
                refusal("a canary for all", rule -> rule.setCanaryPercent(100), "canaryPercent"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void aRefusalNamesTheField(String why, RuleChanged rule, String field) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> RuleIntake.rule(rule));
        assertThat(refused).isNotNull();
        assertThat(refused.reason()).isEqualTo(Reason.INVALID);
        assertThat(refused.field()).isEqualTo(field);
        assertThat(refused.getMessage()).isNotBlank();
    }

    /** At the bounds: nothing is refused, and nothing is changed. */
    static Stream<Arguments> rules() {
        return Stream.of(
                Arguments.of("everything that a rule can say", aRule()),
                Arguments.of(
                        "nothing but a category",
                        RuleChanged.newBuilder()
                                .setTenant("acme")
                                .setCategory("comment")
                                .build()),
                rule(
                        "an order of its own",
                        rule -> rule.setChannels(List.of(Channel.SMS, Channel.INBOX, Channel.PUSH))),
                rule("a channel that is named and waits", rule -> rule.setChannels(List.of(Channel.EMAIL))),
                rule("every channel", rule -> rule.setChannels(List.of(Channel.values()))),
                rule("every gate", rule -> rule.setPasses(List.of(Gate.values()))),
                rule("the shortest", rule -> {
                    rule.setSteps(List.of(step(Channel.EMAIL, SECOND)));
                    rule.setDedupWindowMs(SECOND);
                    rule.getDigest().setWindowMs(SECOND);
                    rule.setExpiryMs(SECOND);
                    rule.setCaps(List.of(cap(1, SECOND)));
                    rule.setAttempts(1);
                    rule.setAcknowledgeWithinMs(SECOND);
                    rule.setCanaryPercent(1);
                }),
                rule("the longest", rule -> {
                    rule.setSteps(List.of(step(Channel.EMAIL, 30 * DAY)));
                    rule.setDedupBy(SIX_NAMES.subList(0, 5));
                    rule.setCollapseBy(List.of("x".repeat(64)));
                    rule.setDedupWindowMs(DAY);
                    rule.getDigest().setWindowMs(31 * DAY);
                    rule.setExpiryMs(28 * DAY);
                    rule.setCaps(Collections.nCopies(5, cap(100, 31 * DAY)));
                    rule.setAttempts(10);
                    rule.setAcknowledgeWithinMs(3_600 * SECOND);
                    rule.setCanaryPercent(99);
                }),
                rule("a digest of every hour", rule -> rule.setDigest(calendar(Frequency.HOURLY, 59, null))),
                rule(
                        "a digest of every week",
                        rule -> rule.setDigest(calendar(Frequency.WEEKLY, 1_439, Weekday.FRIDAY))),
                rule("a digest that only users choose", rule -> {
                    rule.getDigest().setFrequency(Frequency.IMMEDIATE);
                    rule.getDigest().setSendFirst(false);
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void aRuleGoesToEveryPartitionAsItStands(String why, RuleChanged rule) {
        RuleChanged before = RuleChanged.newBuilder(rule).build();
        assertThat(RuleIntake.rule(rule)).isEqualTo(new Intake.Letter(null, before));
    }

    @Test
    void aRemovalIsNothingElse() {
        RuleChanged removal = aRule();
        removal.setRemoved(true);
        removal.setAttempts(-1);
        removal.setChannels(Collections.nCopies(10_000, Channel.PUSH));
        assertThat(RuleIntake.rule(removal).body())
                .isEqualTo(RuleChanged.newBuilder()
                        .setTenant("acme")
                        .setCategory("comment")
                        .setRemoved(true)
                        .build());
    }

    private static Arguments refusal(String why, Consumer<RuleChanged> fault, String field) {
        RuleChanged rule = aRule();
        fault.accept(rule);
        return Arguments.of(why, rule, field);
    }

    private static Arguments rule(String why, Consumer<RuleChanged> change) {
        RuleChanged rule = aRule();
        change.accept(rule);
        return Arguments.of(why, rule);
    }

    private static <T> List<T> twice(T value) {
        return List.of(value, value);
    }

    private static <T> List<T> many(T value) {
        return Collections.nCopies(6, value);
    }

    private static Step step(Channel channel, long afterMs) {
        return new Step(channel, afterMs, Unless.READ);
    }

    private static Cap cap(int most, long windowMs) {
        return new Cap(null, false, most, windowMs, Overflow.DROP);
    }

    private static DigestRule calendar(Frequency frequency, int minute, Weekday weekday) {
        return new DigestRule(List.of(Channel.EMAIL), frequency, DAY, List.of(), false, minute, weekday);
    }

    private static RuleChanged aRule() {
        return RuleChanged.newBuilder()
                .setTenant("acme")
                .setCategory("comment")
                .setChannels(List.of(Channel.INBOX, Channel.PUSH))
                .setSteps(List.of(step(Channel.EMAIL, 3_600 * SECOND)))
                .setFailover(List.of(Channel.PUSH, Channel.SMS))
                .setPasses(List.of(Gate.CAP))
                .setMarketing(true)
                .setDedupBy(List.of("post"))
                .setDedupWindowMs(60 * SECOND)
                .setDigest(new DigestRule(
                        List.of(Channel.EMAIL), Frequency.WINDOW, 60 * SECOND, List.of("post"), true, 0, null))
                .setExpiryMs(DAY)
                .setQuietHours(QuietBehaviour.DROP)
                .setCaps(List.of(new Cap(Channel.EMAIL, true, 5, DAY, Overflow.DIGEST)))
                .setLane(Lane.BULK)
                .setOnUnknown(OnUnknown.END)
                .setAttempts(3)
                .setCollapseBy(List.of("post"))
                .setAcknowledgeWithinMs(10 * SECOND)
                .setCanaryPercent(10)
                .setExceptionsOnly(true)
                .build();
    }

    @ParameterizedTest(name = "{0} {1}:{2} slow after {3}: {5}")
    @CsvSource(nullValues = "-", textBlock = """
            EMAIL, 80,  20,  2000,   -,      two providers
            SMS,   0,   100, -,      -,      the second alone
            APNS,  100, 0,   -,      -,      the one that it has
            EMAIL, 0,   0,   -,      first,  nobody would send
            EMAIL, -1,  100, -,      first,  less than nothing
            EMAIL, 101, 0,   -,      first,  more than all
            EMAIL, 100, 101, -,      second, more than all
            APNS,  50,  50,  -,      second, it has one
            EMAIL, 50,  50,  0,      slowMs, nobody is as fast
            EMAIL, 50,  50,  600001, slowMs, nobody waits as long
            """)
    void aRouteIsSharedBetweenProvidersThatItMayHave(
            Route route, int first, int second, Long slowMs, String field, String why) {
        RouteChanged change = new RouteChanged(route, first, second, slowMs);
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> RuleIntake.route(change));
        assertThat(refused == null ? null : refused.field()).isEqualTo(field);
        if (refused == null) {
            assertThat(RuleIntake.route(change)).isEqualTo(Intake.Letter.toAll(change));
        }
    }
}
