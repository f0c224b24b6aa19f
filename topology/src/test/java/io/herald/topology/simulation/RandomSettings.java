package io.herald.topology.simulation;

import io.herald.schema.ActorBlock;
import io.herald.schema.Attribute;
import io.herald.schema.Channel;
import io.herald.schema.DigestPreference;
import io.herald.schema.Frequency;
import io.herald.schema.OptOut;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.QuietWindow;
import io.herald.schema.Weekday;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Draws what users set for themselves. */
final class RandomSettings {
    private static final List<Channel> CHANNELS = List.of(Channel.INBOX, Channel.PUSH, Channel.EMAIL);

    private final Chance chance;
    private final RandomRules rules;

    RandomSettings(Chance chance, RandomRules rules) {
        this.chance = chance;
        this.rules = rules;
    }

    PreferenceChanged change(UserKey user, Instant now) {
        PreferenceChanged.Builder change =
                PreferenceChanged.newBuilder().setTenant(user.tenant()).setUser(user.user());
        switch (chance.between(0, 8)) {
            case 0, 1 -> change.setOptOuts(List.of(optOut()));
            case 2 -> change.setBlockedActors(List.of(new ActorBlock(somebodyElse(user), chance.percent(60))));
            case 3 -> change.setZone(chance.oneOf(Cast.ZONES));
            case 4 -> change.setQuietHours(chance.percent(25) ? List.of() : List.of(window(), window()));
            case 5 ->
                change.setDoNotDisturbUntil(
                        chance.percent(30)
                                ? now.minusSeconds(1)
                                : now.plus(chance.between(Duration.ofMinutes(1), Duration.ofDays(2))));
            case 6 -> change.setDigests(List.of(digest()));
            case 7 -> change.setCaps(rules.caps());
            default ->
                change.setAttributes(
                                List.of(new Attribute("plan", chance.maybe(80, () -> chance.oneOf("gold", "free")))))
                        .setLocale(chance.oneOf("en", "de", "pt-BR"));
        }
        return change.build();
    }

    /** Returns where a new user lives, and when they sleep. */
    PreferenceChanged first(UserKey user) {
        return PreferenceChanged.newBuilder()
                .setTenant(user.tenant())
                .setUser(user.user())
                .setZone(chance.oneOf(Cast.ZONES))
                .setQuietHours(
                        chance.percent(50)
                                ? List.of(QuietWindow.newBuilder()
                                        .setStartMinute(22 * 60)
                                        .setEndMinute(7 * 60)
                                        .build())
                                : null)
                .setAttributes(List.of(new Attribute("plan", chance.oneOf("gold", "free"))))
                .build();
    }

    private String somebodyElse(UserKey user) {
        return chance.oneOf(
                Cast.PEOPLE.stream().filter(name -> !name.equals(user.user())).toList());
    }

    private OptOut optOut() {
        return new OptOut(
                chance.maybe(60, () -> chance.oneOf(Cast.CATEGORIES)),
                chance.maybe(60, () -> chance.oneOf(CHANNELS)),
                chance.percent(60),
                chance.maybe(20, () -> chance.oneOf(Cast.TOPICS)),
                chance.maybe(30, () -> chance.oneOf(Cast.OBJECTS)));
    }

    private QuietWindow window() {
        return QuietWindow.newBuilder()
                .setDays(chance.percent(60) ? List.of() : chance.someOf(List.of(Weekday.values()), 50))
                .setStartMinute(chance.between(0, 1_439))
                .setEndMinute(chance.between(0, 1_439))
                .setChannels(chance.percent(60) ? List.of() : chance.someOf(CHANNELS, 50))
                .build();
    }

    private DigestPreference digest() {
        Frequency frequency = chance.oneOf(
                Frequency.IMMEDIATE, Frequency.WINDOW, Frequency.HOURLY, Frequency.DAILY, Frequency.WEEKLY);
        return DigestPreference.newBuilder()
                .setCategory(chance.maybe(60, () -> chance.oneOf(Cast.CATEGORIES)))
                .setFrequency(frequency)
                .setMinute(chance.between(0, frequency == Frequency.HOURLY ? 59 : 1_439))
                .setWeekday(chance.maybe(50, () -> chance.oneOf(Weekday.values())))
                .build();
    }
}
