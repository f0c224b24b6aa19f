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
     * but a producer's mistake, and is told apart.
     */
    public static Optional<Repeat> of(Optional<FirstCopy> first, Notification notification, Instant now) {
        return first.filter(copy -> copy.getAt().plus(WINDOW).isAfter(now))
                .map(copy -> new Repeat(
                        copy.getContentHash().equals(notification.getContentHash())
                                ? Reason.DUPLICATE
                                : Reason.ID_REUSED,
                        copy.getMailboxOffset()));
    }
}
