package io.herald.topology.router;

import io.herald.schema.Channel;
import io.herald.schema.ChannelVerdict;
import io.herald.schema.Decision;
import io.herald.schema.DeliveryState;
import io.herald.schema.Lane;
import io.herald.schema.Notification;
import io.herald.schema.Pending;
import io.herald.schema.PendingKind;
import io.herald.schema.Reason;
import io.herald.topology.agenda.AgendaEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Keeps a notification whose category or template is not known yet. Events and templates come by different topics, so
 * the event may well be here first.
 */
final class Holding {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration FIRST_LOOK = Duration.ofSeconds(2);
    private static final Duration LAST_LOOK = Duration.ofSeconds(10);

    private final RouterState state;

    Holding(RouterState state) {
        this.state = state;
    }

    /**
     * Holds a notification that lacks a template; returns whether it did.
     *
     * @param planned its channels, as far as they are known
     */
    boolean hold(Notification notification, List<Channel> planned, Draft draft) {
        if (complete(notification, planned)) {
            return false;
        }
        wait(notification, draft, draft.now().plus(LONGEST));
        draft.decided(
                notification.getNotificationId(),
                Decision.newBuilder()
                        .setSource(notification.getSource())
                        .setEventId(notification.getEventId())
                        .setCategory(notification.getCategory())
                        .setProfileVersion(draft.profile().getVersion())
                        .setVerdicts((planned.isEmpty() ? List.of(Channel.INBOX) : planned)
                                .stream()
                                        .map(channel -> new ChannelVerdict(
                                                channel,
                                                DeliveryState.WAITING,
                                                Reason.UNKNOWN_CATEGORY,
                                                null,
                                                null,
                                                null,
                                                null,
                                                null))
                                        .toList())
                        .build());
        return true;
    }

    /** Holds on to a notification a little longer; returns false when its template is there, or its time is up. */
    boolean holdOn(Notification notification, List<Channel> planned, Instant until, Draft draft) {
        if (complete(notification, planned) || !until.isAfter(draft.now())) {
            return false;
        }
        wait(notification, draft, until);
        return true;
    }

    /** Returns whether the category is known at all. */
    boolean known(Notification notification) {
        return !state.templates()
                .channels(notification.getTenant(), notification.getCategory())
                .isEmpty();
    }

    private boolean complete(Notification notification, List<Channel> planned) {
        List<Channel> known = state.templates().channels(notification.getTenant(), notification.getCategory());
        return !known.isEmpty() && known.containsAll(planned);
    }

    private static void wait(Notification notification, Draft draft, Instant until) {
        // As long again as it has waited, within bounds: what is long in coming is not looked for more and more often.
        Duration waited = LONGEST.minus(Duration.between(draft.now(), until));
        Duration pause = waited.compareTo(FIRST_LOOK) < 0 ? FIRST_LOOK : waited;
        Instant again = draft.now().plus(pause.compareTo(LAST_LOOK) > 0 ? LAST_LOOK : pause);
        Instant due = again.isBefore(until) ? again : until;
        draft.change(new Plan.Change.Schedule(
                new AgendaEntry(Lane.BULK, due, AgendaEntry.Kind.HOLD, draft.user(), notification.getNotificationId()),
                Pending.newBuilder()
                        .setKind(PendingKind.HOLD)
                        .setDue(due)
                        .setNotification(notification)
                        .setHeldUntil(until)
                        .setMailboxPartition(draft.cause().partition())
                        .setMailboxOffset(draft.cause().offset())
                        .build()));
    }
}
