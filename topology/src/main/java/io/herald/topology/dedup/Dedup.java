package io.herald.topology.dedup;

import io.herald.schema.FirstCopy;
import io.herald.schema.Notification;
import io.herald.schema.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Lets each event through to a user once in a window, whichever copy comes first. */
public final class Dedup {
    /** How long an identity is remembered. */
    public static final Duration WINDOW = Duration.ofHours(24);

    private Dedup() {}

    /** A copy that is not the first. */
    public record Repeat(Reason reason, long firstOffset) {}

    /**
     * Says whether {@code notification} repeats an earlier one. The same identity with other content is not a duplicate
     * but a producer's mistake, and is told apart; so is an event whose cancel was here before it.
     */
    public static Optional<Repeat> of(Optional<FirstCopy> first, Notification notification, Instant now) {
        return first.filter(copy -> remembers(copy, now))
                .map(copy -> new Repeat(reason(copy, notification), copy.getMailboxOffset()));
    }

    /** Says whether {@code copy} is recent enough that others are still known by it. */
    public static boolean remembers(FirstCopy copy, Instant now) {
        return copy.getAt().plus(WINDOW).isAfter(now);
    }

    /**
     * Says whether what has the same dedup key as {@code earlier} repeats it: when that is not longer ago than allowed.
     */
    public static Optional<Repeat> alike(FirstCopy earlier, Duration window, Instant now) {
        return earlier.getAt().plus(window).isAfter(now)
                ? Optional.of(new Repeat(Reason.DUPLICATE, earlier.getMailboxOffset()))
                : Optional.empty();
    }

    private static Reason reason(FirstCopy copy, Notification notification) {
        if (copy.getCancelled()) {
            return Reason.CANCELLED_BY_SOURCE;
        }
        return copy.getContentHash().equals(notification.getContentHash()) ? Reason.DUPLICATE : Reason.ID_REUSED;
    }
}
