package io.herald.topology.timing;

import io.herald.schema.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** How long decisions keep. */
public final class ShelfLife {
    private static final Duration STEP = Duration.ofMinutes(15);
    // Of the delivery topics.
    private static final Duration RETENTION = Duration.ofDays(3);
    private static final Duration GRACE = Duration.ofMinutes(5);

    private ShelfLife() {}

    /**
     * Returns until when a decision of {@code now} may be sent without deciding anew: until it waited too long, or
     * expires, or the channel goes quiet.
     *
     * @param nextQuiet when the user's next quiet window for the channel begins; empty also where it does not matter
     */
    public static Instant validUntil(Lane lane, Instant expiresAt, Instant now, Optional<Instant> nextQuiet) {
        Instant stale = now.plus(
                switch (lane) {
                    case URGENT -> Duration.ofSeconds(60);
                    case BULK -> Duration.ofMinutes(15);
                });
        Instant until = stale.isBefore(expiresAt) ? stale : expiresAt;
        return nextQuiet.filter(until::isAfter).orElse(until);
    }

    /**
     * Returns by when a report must have come of a delivery that goes out at {@code now}: when it expires, or when its
     * topic forgets it. Not sooner: while a sender or its provider is away the backlog waits in Kafka, and is decided
     * anew when they are back. Rounded up to a quarter of an hour, so that a user has few such moments however many
     * deliveries are out.
     */
    public static Instant reportBy(Instant expiresAt, Instant now) {
        Instant forgotten = now.plus(RETENTION);
        Instant latest = (expiresAt.isBefore(forgotten) ? expiresAt : forgotten).plus(GRACE);
        long step = STEP.toMillis();
        return Instant.ofEpochMilli((latest.toEpochMilli() + step - 1) / step * step);
    }

    /**
     * Returns every moment by which a report can be asked for of what went out until {@code now}, and has not passed.
     */
    public static List<Instant> deadlines(Instant now) {
        Instant last = reportBy(Instant.MAX, now);
        long left = Duration.between(now, last).toMillis() / STEP.toMillis();
        return LongStream.rangeClosed(0, left)
                .mapToObj(steps -> last.minus(STEP.multipliedBy(steps)))
                .toList();
    }
}
