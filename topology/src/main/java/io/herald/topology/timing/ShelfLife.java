package io.herald.topology.timing;

import io.herald.schema.Lane;
import java.time.Duration;
import java.time.Instant;

/** How long decisions keep. */
public final class ShelfLife {
    private static final Duration STEP = Duration.ofMinutes(15);
    private static final Duration GRACE = Duration.ofMinutes(5);

    private ShelfLife() {}

    /** Returns until when a decision of {@code now} may be sent without deciding anew. */
    public static Instant validUntil(Lane lane, Instant expiresAt, Instant now) {
        Instant stale = now.plus(
                switch (lane) {
                    case URGENT -> Duration.ofSeconds(60);
                    case BULK -> Duration.ofMinutes(15);
                });
        return stale.isBefore(expiresAt) ? stale : expiresAt;
    }

    /**
     * Returns by when a report must have come. Rounded up to a quarter of an hour, so that a user has few such moments
     * however many deliveries are out.
     */
    public static Instant reportBy(Instant validUntil) {
        long latest = validUntil.plus(GRACE).toEpochMilli();
        long step = STEP.toMillis();
        return Instant.ofEpochMilli((latest + step - 1) / step * step);
    }
}
