package io.herald.topology.intake;

import static io.herald.topology.intake.RefusedException.invalid;

import io.herald.schema.Cap;
import io.herald.schema.Channel;
import io.herald.schema.DigestRule;
import io.herald.schema.Frequency;
import io.herald.schema.Overflow;
import io.herald.schema.RouteChanged;
import io.herald.schema.RuleChanged;
import io.herald.schema.Step;
import io.herald.topic.Topics;
import java.time.Duration;
import java.util.List;

/**
 * Checks rules, of categories and of routes. A rule is taken as it stands or refused: one that was put right in silence
 * would not be the one that its author believes to be in force. Pure.
 */
public final class RuleIntake {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LONGEST_STEP = Duration.ofDays(30);
    private static final Duration LONGEST_WINDOW = Duration.ofDays(31);
    private static final Duration LONGEST_LIFE = Duration.ofDays(28);
    private static final Duration LONGEST_ACKNOWLEDGEMENT = Duration.ofHours(1);
    private static final Duration LONGEST_ANSWER = Duration.ofMinutes(10);
    private static final int MOST_CHANNELS = 5;
    private static final int MOST_NAMES = 5;
    private static final int MOST_CAPS = 5;

    private RuleIntake() {}

    /**
     * Returns a rule as it would be taken in.
     *
     * @throws IllegalArgumentException naming the field for which it would be refused
     */
    public static RuleChanged checked(RuleChanged rule) {
        try {
            return (RuleChanged) rule(rule).body();
        } catch (RefusedException refused) {
            throw new IllegalArgumentException(refused.field() + " " + refused.getMessage(), refused);
        }
    }

    static Intake.Letter rule(RuleChanged rule) {
        Fields.tenant(rule.getTenant());
        Fields.word("category", rule.getCategory());
        if (rule.getRemoved()) {
            // What is ignored is not kept either.
            return Intake.Letter.toAll(RuleChanged.newBuilder()
                    .setTenant(rule.getTenant())
                    .setCategory(rule.getCategory())
                    .setRemoved(true)
                    .build());
        }
        Fields.distinct("channels", rule.getChannels(), MOST_CHANNELS);
        steps(rule.getSteps());
        failover(rule);
        Fields.distinct("passes", rule.getPasses(), MOST_NAMES);
        names("dedupBy", rule.getDedupBy());
        Fields.within("dedupWindowMs", (Long) rule.getDedupWindowMs(), SECOND, DAY);
        digest(rule.getDigest());
        Fields.within("expiryMs", rule.getExpiryMs(), SECOND, LONGEST_LIFE);
        caps(rule.getCaps());
        overflow(rule);
        Fields.within("attempts", rule.getAttempts(), 1, 10);
        names("collapseBy", rule.getCollapseBy());
        Fields.within("acknowledgeWithinMs", rule.getAcknowledgeWithinMs(), SECOND, LONGEST_ACKNOWLEDGEMENT);
        if (rule.getCanaryPercent() != null) {
            Fields.within("canaryPercent", rule.getCanaryPercent(), 1, 99);
        }
        return Intake.Letter.toAll(rule);
    }

    static Intake.Letter route(RouteChanged change) {
        Fields.within("first", change.getFirst(), 0, 100);
        Fields.within("second", change.getSecond(), 0, 100);
        if (change.getFirst() == 0 && change.getSecond() == 0) {
            throw invalid("first", "is 0, and so is second: nobody would send");
        }
        if (change.getSecond() > 0 && Topics.vendors(change.getRoute()).size() < 2) {
            throw invalid("second", "is only for routes that may have two providers");
        }
        Fields.within("slowMs", change.getSlowMs(), Duration.ofMillis(1), LONGEST_ANSWER);
        return Intake.Letter.toAll(change);
    }

    /** Checks caps, of a rule or of a user. */
    static void caps(List<Cap> caps) {
        for (Cap cap : Fields.atMost("caps", caps, MOST_CAPS)) {
            Fields.within("caps.most", cap.getMost(), 1, 100);
            Fields.within("caps.windowMs", (Long) cap.getWindowMs(), SECOND, LONGEST_WINDOW);
        }
    }

    private static void steps(List<Step> steps) {
        Fields.distinct(
                "steps.channel",
                Fields.atMost("steps", steps, MOST_CHANNELS).stream()
                        .map(Step::getChannel)
                        .toList(),
                MOST_CHANNELS);
        steps.forEach(step -> Fields.within("steps.afterMs", (Long) step.getAfterMs(), SECOND, LONGEST_STEP));
    }

    private static void failover(RuleChanged rule) {
        Fields.distinct("failover", rule.getFailover(), MOST_CHANNELS);
        for (Step step : rule.getSteps()) {
            if (rule.getFailover().contains(step.getChannel())) {
                throw invalid("failover", "has " + step.getChannel() + ", which steps have too");
            }
        }
    }

    private static void digest(DigestRule digest) {
        if (digest == null) {
            return;
        }
        if (digest.getChannels().isEmpty()) {
            throw invalid("digest.channels", "is empty");
        }
        Fields.distinct("digest.channels", digest.getChannels(), MOST_CHANNELS);
        Fields.within("digest.windowMs", (Long) digest.getWindowMs(), SECOND, LONGEST_WINDOW);
        names("digest.by", digest.getBy());
        if (digest.getWeekday() != null && digest.getFrequency() != Frequency.WEEKLY) {
            throw invalid("digest.weekday", "is only for WEEKLY");
        }
        if (digest.getSendFirst() && digest.getFrequency() != Frequency.WINDOW) {
            throw invalid("digest.sendFirst", "is only for WINDOW");
        }
        Fields.minute("digest.minute", digest.getMinute(), digest.getFrequency());
    }

    // Otherwise what is above the cap would be dropped, which is not what the rule says.
    private static void overflow(RuleChanged rule) {
        List<Channel> collected =
                rule.getDigest() == null ? List.of() : rule.getDigest().getChannels();
        for (Cap cap : rule.getCaps()) {
            boolean served = cap.getChannel() == null ? !collected.isEmpty() : collected.contains(cap.getChannel());
            if (cap.getOverflow() == Overflow.DIGEST && !served) {
                throw invalid("caps.overflow", "is DIGEST, but there is no digest for it");
            }
        }
    }

    private static void names(String field, List<String> names) {
        Fields.distinct(field, names, MOST_NAMES).forEach(name -> Fields.name(field, name, 64));
    }
}
