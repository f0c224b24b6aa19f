package io.herald.topology.timing;

import io.herald.schema.Channel;
import io.herald.schema.Profile;
import io.herald.schema.QuietWindow;
import io.herald.schema.Reason;
import io.herald.schema.Weekday;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;

/**
 * When users are not to be disturbed.
 *
 * <p>Windows are times on the wall clock of the user's zone, with their start and without their end. One that begins or
 * ends while the clocks go forward begins or ends then; where the clocks go back, it begins with the first of two such
 * times and ends with the second: rather too quiet than too loud.
 */
public final class QuietHours {
    /** The farthest that is looked ahead: a week of windows comes round again within it. */
    static final Duration HORIZON = Duration.ofDays(8);

    private static final List<Weekday> WEEKDAYS = List.of(Weekday.values());

    private QuietHours() {}

    /**
     * A quiet time.
     *
     * @param reason DO_NOT_DISTURB or QUIET_HOURS
     * @param until when it ends, with all that follows it without a gap; at most eight days ahead
     */
    public record Quiet(Reason reason, Instant until) {}

    /** Says whether a channel is quiet at {@code now}; the inbox and webhooks only are where a window names them. */
    public static Optional<Quiet> at(Profile profile, Channel channel, Instant now) {
        Instant horizon = now.plus(HORIZON);
        Instant doNotDisturb = profile.getDoNotDisturbUntil();
        boolean disturbed = doNotDisturb != null && doNotDisturb.isAfter(now) && disturbs(channel);
        Instant until = disturbed ? doNotDisturb : now;
        if (!profile.getQuietHours().isEmpty()) {
            ZoneRules rules = Zones.rules(profile.getZone());
            Instant before;
            do {
                before = until;
                until = extended(profile, channel, rules, before);
            } while (until.isAfter(before) && until.isBefore(horizon));
        }
        if (!until.isAfter(now)) {
            return Optional.empty();
        }
        return Optional.of(new Quiet(
                disturbed ? Reason.DO_NOT_DISTURB : Reason.QUIET_HOURS, until.isBefore(horizon) ? until : horizon));
    }

    /** Returns when a window next begins for a channel after {@code now}, if one does within eight days. */
    public static Optional<Instant> nextStart(Profile profile, Channel channel, Instant now) {
        if (profile.getQuietHours().isEmpty()) {
            return Optional.empty();
        }
        ZoneRules rules = Zones.rules(profile.getZone());
        Instant horizon = now.plus(HORIZON);
        LocalDate last = Zones.date(rules, horizon);
        Instant next = null;
        for (LocalDate day = Zones.date(rules, now); next == null && !day.isAfter(last); day = day.plusDays(1)) {
            next = firstStart(profile, channel, rules, day, now);
        }
        return Optional.ofNullable(next).filter(start -> !start.isAfter(horizon));
    }

    private static Instant firstStart(Profile profile, Channel channel, ZoneRules rules, LocalDate day, Instant after) {
        Instant first = null;
        for (QuietWindow window : profile.getQuietHours()) {
            if (concerns(window, channel, day)) {
                Instant start = start(window, rules, day);
                boolean sooner = start.isAfter(after) && (first == null || start.isBefore(first));
                if (sooner && end(window, rules, day).isAfter(start)) {
                    first = start;
                }
            }
        }
        return first;
    }

    // The latest end of the windows that moment is in. A window ends on the day after it began; a day more on either
    // side is for zones whose clocks went back over midnight, and showed a day before the one that had begun.
    private static Instant extended(Profile profile, Channel channel, ZoneRules rules, Instant moment) {
        LocalDate today = Zones.date(rules, moment);
        Instant latest = moment;
        for (QuietWindow window : profile.getQuietHours()) {
            for (int back = 2; back >= -1; back--) {
                LocalDate day = today.minusDays(back);
                if (concerns(window, channel, day)) {
                    Instant end = end(window, rules, day);
                    if (end.isAfter(latest) && !start(window, rules, day).isAfter(moment)) {
                        latest = end;
                    }
                }
            }
        }
        return latest;
    }

    private static boolean concerns(QuietWindow window, Channel channel, LocalDate day) {
        boolean quiet = window.getChannels().isEmpty()
                ? disturbs(channel)
                : window.getChannels().contains(channel);
        return quiet
                && (window.getDays().isEmpty()
                        || window.getDays()
                                .contains(WEEKDAYS.get(day.getDayOfWeek().getValue() - 1)));
    }

    private static Instant start(QuietWindow window, ZoneRules rules, LocalDate day) {
        return Zones.first(rules, day, window.getStartMinute());
    }

    private static Instant end(QuietWindow window, ZoneRules rules, LocalDate day) {
        boolean sameDay = window.getEndMinute() > window.getStartMinute();
        return Zones.last(rules, sameDay ? day : day.plusDays(1), window.getEndMinute());
    }

    private static boolean disturbs(Channel channel) {
        return switch (channel) {
            case INBOX, WEBHOOK -> false;
            case PUSH, EMAIL, SMS -> true;
        };
    }
}
