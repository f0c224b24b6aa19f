package io.herald.topology.ledger;

import io.herald.schema.LedgerState;
import io.herald.schema.OpenNotification;
import java.time.Instant;

/** The flat form of the ledger that PostgreSQL keeps. */
public final class LedgerRows {
    private static final int MOST_REASONS = 1_000;

    private LedgerRows() {}

    /**
     * Returns whether PostgreSQL keeps a row of a notification as it stands: of a category that keeps exceptions only,
     * when it has ended and not all of it was accepted.
     */
    public static boolean isKept(OpenNotification notification) {
        return !notification.getExceptionsOnly()
                || (OpenDeliveries.isEnded(notification)
                        && !notification.getReasons().isEmpty());
    }

    /** Returns the row of a notification as it stands at {@code now}; without open deliveries it has ended. */
    public static LedgerState row(OpenNotification notification, Instant now) {
        boolean ended = OpenDeliveries.isEnded(notification);
        String reasons = String.join(" ", notification.getReasons());
        return LedgerState.newBuilder()
                .setSource(notification.getSource())
                .setEventId(notification.getEventId())
                .setCategory(notification.getCategory())
                .setState(ended ? "ENDED" : "OPEN")
                .setSeq(notification.getSeq())
                .setAccepted(notification.getAccepted())
                .setSkipped(notification.getSkipped())
                .setDead(notification.getDead())
                .setExpired(notification.getExpired())
                .setCancelled(notification.getCancelled())
                .setOpen(notification.getOpen().size() + notification.getLegs().size())
                .setReasons(reasons.length() <= MOST_REASONS ? reasons : reasons.substring(0, MOST_REASONS))
                .setDecidedAt(notification.getDecidedAt())
                .setEndedAt(ended ? now : null)
                .setMailboxPartition(notification.getMailboxPartition())
                .setMailboxOffset(notification.getMailboxOffset())
                .build();
    }
}
