package io.herald.topology.simulation;

import io.herald.schema.Cap;
import io.herald.schema.Channel;
import io.herald.schema.DigestRule;
import io.herald.schema.Frequency;
import io.herald.schema.Gate;
import io.herald.schema.Lane;
import io.herald.schema.OnUnknown;
import io.herald.schema.Overflow;
import io.herald.schema.QuietBehaviour;
import io.herald.schema.RuleChanged;
import io.herald.schema.Step;
import io.herald.schema.Unless;
import io.herald.schema.Weekday;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Draws rules, of every kind that intake accepts. */
final class RandomRules {
    private static final List<Channel> CHANNELS = List.of(Channel.values());

    private final Chance chance;

    RandomRules(Chance chance) {
        this.chance = chance;
    }

    RuleChanged rule(String tenant, String category) {
        RuleChanged.Builder rule = RuleChanged.newBuilder().setTenant(tenant).setCategory(category);
        if (chance.percent(5)) {
            return rule.setRemoved(true).build();
        }
        List<Channel> failover = chance.percent(25) ? shuffled(chance.someOf(CHANNELS, 60)) : List.of();
        List<Channel> stepped = chance.percent(35) ? chance.someOf(CHANNELS, 40) : List.of();
        List<Step> steps = stepped.stream()
                .filter(channel -> !failover.contains(channel))
                .map(this::step)
                .toList();
        DigestRule digest = chance.percent(45) ? digest() : null;
        return rule.setChannels(chance.percent(50) ? shuffled(chance.someOf(CHANNELS, 70)) : List.of())
                .setSteps(steps)
                .setFailover(failover)
                .setPasses(chance.percent(25) ? chance.someOf(List.of(Gate.values()), 40) : List.of())
                .setMarketing(chance.percent(30))
                .setDedupBy(chance.percent(15) ? List.of("text") : List.of())
                .setDedupWindowMs(chance.between(Duration.ofMinutes(1), Duration.ofHours(24))
                        .toMillis())
                .setDigest(digest)
                .setExpiryMs(chance.maybe(30, () -> chance.between(Duration.ofMinutes(1), Duration.ofDays(3))
                        .toMillis()))
                .setQuietHours(chance.percent(75) ? QuietBehaviour.HOLD : QuietBehaviour.DROP)
                .setCaps(chance.percent(35) ? ruleCaps(digest) : List.of())
                .setLane(chance.percent(60) ? Lane.URGENT : Lane.BULK)
                .setOnUnknown(chance.percent(70) ? OnUnknown.RETRY : OnUnknown.END)
                .setAttempts(chance.between(1, 5))
                .setCollapseBy(chance.percent(15) ? List.of("object") : List.of())
                .setAcknowledgeWithinMs(
                        chance.maybe(50, () -> chance.between(Duration.ofSeconds(1), Duration.ofHours(1))
                                .toMillis()))
                .setCanaryPercent(chance.maybe(15, () -> chance.between(1, 99)))
                .setExceptionsOnly(chance.percent(15))
                .build();
    }

    /** Returns caps as users set them for themselves. */
    List<Cap> caps() {
        List<Cap> caps = new ArrayList<>();
        for (int count = chance.between(0, 2); count > 0; count--) {
            caps.add(Cap.newBuilder()
                    .setChannel(chance.maybe(50, () -> chance.oneOf(Channel.PUSH, Channel.EMAIL, Channel.INBOX)))
                    .setAcrossCategories(chance.maybe(50, () -> chance.percent(50)))
                    .setMost(chance.between(1, 6))
                    .setWindowMs(chance.between(Duration.ofMinutes(10), Duration.ofDays(2))
                            .toMillis())
                    .setOverflow(Overflow.DROP)
                    .build());
        }
        return caps;
    }

    private List<Cap> ruleCaps(DigestRule digest) {
        List<Cap> caps = new ArrayList<>(caps());
        if (digest != null && chance.percent(60)) {
            caps.add(Cap.newBuilder()
                    .setChannel(digest.getChannels().get(0))
                    .setMost(chance.between(1, 3))
                    .setWindowMs(chance.between(Duration.ofMinutes(10), Duration.ofHours(12))
                            .toMillis())
                    .setOverflow(Overflow.DIGEST)
                    .build());
        }
        return caps;
    }

    private Step step(Channel channel) {
        return new Step(
                channel,
                chance.between(Duration.ofSeconds(1), Duration.ofHours(20)).toMillis(),
                chance.oneOf(Unless.values()));
    }

    private DigestRule digest() {
        List<Channel> channels = chance.percent(35) ? List.of(Channel.PUSH) : chance.someOf(CHANNELS, 50);
        Frequency frequency = chance.oneOf(
                Frequency.WINDOW, Frequency.WINDOW, Frequency.IMMEDIATE, Frequency.HOURLY, Frequency.DAILY);
        return DigestRule.newBuilder()
                .setChannels(channels.isEmpty() ? List.of(Channel.EMAIL) : channels)
                .setFrequency(frequency)
                .setWindowMs(chance.between(Duration.ofMinutes(1), Duration.ofHours(20))
                        .toMillis())
                .setBy(chance.percent(40) ? List.of("object") : List.of())
                .setSendFirst(frequency == Frequency.WINDOW && chance.percent(40))
                .setMinute(chance.between(0, frequency == Frequency.DAILY ? 1_439 : 59))
                .setWeekday(frequency == Frequency.WEEKLY ? chance.oneOf(Weekday.values()) : null)
                .build();
    }

    private List<Channel> shuffled(List<Channel> channels) {
        List<Channel> shuffled = new ArrayList<>(channels);
        for (int at = shuffled.size() - 1; at > 0; at--) {
            Collections.swap(shuffled, at, chance.between(0, at));
        }
        return shuffled;
    }
}
