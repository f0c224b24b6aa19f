package io.herald.topology.guarantee;

import io.herald.schema.Channel;
import io.herald.schema.QuietWindow;
import io.herald.schema.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A time in which a user is not to be disturbed, as somebody finds it who writes every window of some days down in a
 * list and reads that from the top.
 *
 * @param until when it ends, with everything that follows it without a gap; at most eight days ahead
 */
public record Silence(Reason reason, Instant until) {
    private static final Duration LONGEST = Duration.ofDays(8);

    private record Span(Instant from, Instant to) {}

    static Optional<Silence> of(
            String zone, List<QuietWindow> windows, Instant doNotDisturbUntil, Channel channel, Instant now) {
        boolean disturbs = channel != Channel.INBOX && channel != Channel.WEBHOOK;
        List<Span> spans = new ArrayList<>();
        if (!windows.isEmpty()) {
            WallClock clock = WallClock.of(zone, now);
            int today = clock.day(now);
            for (QuietWindow window : windows) {
                if (window.getChannels().isEmpty()
                        ? disturbs
                        : window.getChannels().contains(channel)) {
                    for (int day = today - 2; day <= today + 9; day++) {
                        span(clock, window, day).ifPresent(spans::add);
                    }
                }
            }
        }
        boolean disturbedNow = disturbs && doNotDisturbUntil != null && doNotDisturbUntil.isAfter(now);
        if (disturbedNow) {
            spans.add(new Span(now, doNotDisturbUntil));
        }
        spans.sort(Comparator.comparing(Span::from));
        Instant until = now;
        for (Span span : spans) {
            if (!span.from().isAfter(until) && span.to().isAfter(until)) {
                until = span.to();
            }
        }
        if (!until.isAfter(now)) {
            return Optional.empty();
        }
        Instant horizon = now.plus(LONGEST);
        return Optional.of(new Silence(
                disturbedNow ? Reason.DO_NOT_DISTURB : Reason.QUIET_HOURS, until.isBefore(horizon) ? until : horizon));
    }

    private static Optional<Span> span(WallClock clock, QuietWindow window, int day) {
        boolean begins = window.getDays().isEmpty() || window.getDays().contains(clock.weekday(day));
        if (!begins) {
            return Optional.empty();
        }
        int endDay = window.getEndMinute() > window.getStartMinute() ? day : day + 1;
        Span span = new Span(clock.reached(day, window.getStartMinute()), clock.left(endDay, window.getEndMinute()));
        return span.to().isAfter(span.from()) ? Optional.of(span) : Optional.empty();
    }
}
