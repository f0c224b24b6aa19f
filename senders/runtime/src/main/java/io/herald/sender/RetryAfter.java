package io.herald.sender;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The header Retry-After, in both of its forms (RFC 9110 §10.2.3). */
public final class RetryAfter {
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final int MOST_DIGITS = 9;

    private RetryAfter() {}

    /**
     * Reads seconds, or an HTTP date.
     *
     * @param value null if the header is missing
     * @return from zero to a day; nothing if it says nothing that can be understood
     */
    public static Optional<Duration> parse(String value, Instant now) {
        if (value == null || value.isBlank()) {
            return Optional.empty();
        }
        String text = value.strip();
        if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.of(
                    text.length() > MOST_DIGITS ? LONGEST : bounded(Duration.ofSeconds(Long.parseLong(text))));
        }
        try {
            Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(bounded(Duration.between(now, at)));
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    /** Returns what is asked for, or {@code least} if that is longer. */
    public static Duration atLeast(Duration least, Duration asked) {
        return asked.compareTo(least) > 0 ? asked : least;
    }

    private static Duration bounded(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
