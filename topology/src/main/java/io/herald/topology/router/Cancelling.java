package io.herald.topology.router;

import io.herald.schema.Cancellation;
import io.herald.schema.Digest;
import io.herald.schema.DigestItem;
import io.herald.schema.FirstCopy;
import io.herald.schema.Hash16;
import io.herald.schema.Notification;
import io.herald.schema.OpenNotification;
import io.herald.schema.Pending;
import io.herald.schema.PendingKind;
import io.herald.schema.Reason;
import io.herald.topology.dedup.Dedup;
import io.herald.topology.digest.Digests;
import java.util.Optional;

/**
 * Takes back what a producer no longer wants to be sent: what waits ends, what is in a digest leaves it, what is in the
 * inbox is put away, what is out is not sent once more. An event that comes after its cancel, by another topic, is
 * known by it.
 */
final class Cancelling {
    private final RouterState state;
    private final NotificationPipeline notifications;

    Cancelling(RouterState state, NotificationPipeline notifications) {
        this.state = state;
        this.notifications = notifications;
    }

    /** Plans a cancel; the same one again changes nothing. */
    void cancel(Cancellation cancel, Draft draft) {
        for (OpenNotification open : draft.open().asList()) {
            if (open.getStopped() == null
                    && names(cancel, open.getNotificationId(), open.getSource(), open.getCancelKey())) {
                Replacing.stop(open, Reason.CANCELLED_BY_SOURCE, draft);
                if (open.getSeq() != null) {
                    InboxWrites.putAway(open.getSeq(), draft);
                }
            }
        }
        for (RouterState.Waiting waiting : state.waiting(draft.user())) {
            if (waiting.pending().getKind() == PendingKind.HOLD) {
                cancelHeld(waiting.pending(), cancel, draft);
            } else if (waiting.pending().getKind() == PendingKind.DIGEST) {
                leaveDigest(waiting.pending().getDigest(), cancel, draft);
            }
        }
        if (cancel.getNotificationId() != null) {
            byId(cancel.getNotificationId(), draft);
        }
    }

    private void byId(String id, Draft draft) {
        Optional<FirstCopy> first = state.firstCopy(draft.user(), id, draft.now());
        if (first.isPresent() && first.get().getSeq() != null) {
            InboxWrites.putAway(first.get().getSeq(), draft);
        }
        if (first.filter(copy -> Dedup.remembers(copy, draft.now())).isEmpty()) {
            draft.change(new Plan.Change.Remember(
                    draft.user(),
                    id,
                    FirstCopy.newBuilder()
                            .setAt(draft.now())
                            .setMailboxOffset(draft.cause().offset())
                            .setContentHash(new Hash16(new byte[16]))
                            .setCancelled(true)
                            .build()));
        }
    }

    private void cancelHeld(Pending held, Cancellation cancel, Draft draft) {
        Notification notification = held.getNotification();
        if (names(cancel, notification.getNotificationId(), notification.getSource(), notification.getCancelKey())) {
            draft.change(new Plan.Change.Unschedule(Waits.entry(draft.user(), held)));
            notifications.endHeld(notification, Reason.CANCELLED_BY_SOURCE, draft);
        }
    }

    // Its channel has ended already, in the digest; the ledger says that it is not to be in there after all.
    private static void leaveDigest(Digest digest, Cancellation cancel, Draft draft) {
        Digest left = digest;
        for (DigestItem item : digest.getItems()) {
            if (names(cancel, item.getNotificationId(), item.getSource(), item.getCancelKey())) {
                left = Digests.remove(left, item.getNotificationId()).orElse(left);
                NotificationPipeline.left(item, digest, Reason.CANCELLED_BY_SOURCE, draft);
            }
        }
        if (!left.equals(digest)) {
            Digesting.schedule(left, draft);
        }
    }

    private static boolean names(Cancellation cancel, String notificationId, String source, String cancelKey) {
        return notificationId.equals(cancel.getNotificationId())
                || (cancel.getCancelKey() != null
                        && cancel.getCancelKey().equals(cancelKey)
                        && cancel.getSource().equals(source));
    }
}
