package io.herald.topology.simulation;

import io.herald.schema.BroadcastAction;
import io.herald.schema.BroadcastControlled;
import io.herald.schema.Cancellation;
import io.herald.schema.Channel;
import io.herald.schema.ChannelVerdict;
import io.herald.schema.DeliveryState;
import io.herald.schema.InboxActed;
import io.herald.schema.Mail;
import io.herald.schema.Notification;
import io.herald.schema.Reason;
import io.herald.schema.SocketOutcome;
import io.herald.schema.SocketReported;
import io.herald.schema.Tick;
import io.herald.schema.Unless;
import io.herald.schema.UserErased;
import io.herald.topology.guarantee.History;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Why a channel that waited may be decided now: something has made it unnecessary, or its time has come. */
final class Wakes {
    private static final Duration GATEWAY_SILENT = Duration.ofSeconds(30);

    private final History history;
    private final Inboxes inboxes;
    private final Attempts attempts;
    private final Set<String> replaced;
    private Instant behind = Instant.EPOCH;

    /** Makes one; {@code replaced} is told which collapse keys must have come again by the end of the record. */
    Wakes(History history, Inboxes inboxes, Attempts attempts, Set<String> replaced) {
        this.history = history;
        this.inboxes = inboxes;
        this.attempts = attempts;
        this.replaced = replaced;
    }

    static boolean isMeant(Cancellation cancel, Notification notification) {
        return notification.getNotificationId().equals(cancel.getNotificationId())
                || (cancel.getCancelKey() != null
                        && cancel.getCancelKey().equals(notification.getCancelKey())
                        && cancel.getSource().equals(notification.getSource()));
    }

    /** Returns how a wait must end without being decided; nothing if it must be decided. */
    List<Outcome> ends(Mail mail, Known known, Known.Leg leg, ChannelVerdict verdict) {
        Optional<Reason> read = read(known, leg);
        if (mail.getBody() instanceof UserErased) {
            return cancelled(Reason.ERASED);
        } else if (mail.getBody() instanceof InboxActed && read.isPresent()) {
            return cancelled(read.get());
        } else if (mail.getBody() instanceof Cancellation cancel && isMeant(cancel, known.notification)) {
            known.stopped = Reason.CANCELLED_BY_SOURCE;
            return cancelled(Reason.CANCELLED_BY_SOURCE);
        } else if (verdict.getReason() == Reason.REPLACED && known.collapse != null) {
            known.stopped = Reason.REPLACED;
            replaced.add(known.user + " " + known.collapse);
            return cancelled(Reason.REPLACED);
        } else if (leg.why() == Reason.FAILOVER && attempts.isReached(known)) {
            return List.of(Outcome.ends(DeliveryState.SKIPPED, Reason.NOT_NEEDED));
        } else if (isCalledOff(known.notification)) {
            return cancelled(Reason.BROADCAST_CANCELLED);
        }
        return read.map(Wakes::cancelled).orElse(List.of());
    }

    /** Returns whether the time has come that a channel waited for. */
    boolean isDue(Mail mail, Known known, Channel channel, Known.Leg leg) {
        if (leg.why() == Reason.FAILOVER && attempts.isNext(known, channel)) {
            return true;
        }
        return mail.getBody() instanceof SocketReported report
                ? leg.why() == Reason.ON_SOCKET
                        && report.getOutcome() == SocketOutcome.NO_SOCKET
                        && !history.isOnline(known.user)
                : mail.getBody() instanceof Tick && isDue(known, leg);
    }

    /** Returns whether a leg has waited long enough: one that waits for gateways, since the router was last behind. */
    boolean isDue(Known known, Known.Leg leg) {
        boolean asked = leg.why() != Reason.ON_SOCKET
                || !behind.plus(GATEWAY_SILENT).isAfter(history.now())
                || !known.notification.getExpiresAt().isAfter(history.now());
        return asked && !leg.due().isAfter(history.now());
    }

    /** A tick has come. */
    void ticked(Tick tick) {
        behind = tick.getCredit() == 0 ? history.now() : behind;
    }

    private Optional<Reason> read(Known known, Known.Leg leg) {
        if (leg.unless() != Unless.NEVER && inboxes.isDone(known.user, known.seq)) {
            return Optional.of(Reason.READ_ELSEWHERE);
        }
        return leg.unless() == Unless.SEEN && inboxes.isSeen(known.user, known.seq)
                ? Optional.of(Reason.SEEN_ELSEWHERE)
                : Optional.empty();
    }

    /** Returns whether a notification is of a broadcast that was cancelled. */
    boolean isCalledOff(Notification notification) {
        return isCalledOff(notification, history);
    }

    static boolean isCalledOff(Notification notification, History history) {
        return notification.getBroadcastId() != null
                && history.ofEveryone().stream()
                        .anyMatch(fact -> fact.what() instanceof BroadcastControlled control
                                && control.getAction() == BroadcastAction.CANCEL
                                && Objects.equals(control.getId(), notification.getEventId())
                                && control.getSource().equals(notification.getSource())
                                && control.getTenant().equals(notification.getTenant()));
    }

    private static List<Outcome> cancelled(Reason reason) {
        return List.of(Outcome.ends(DeliveryState.CANCELLED, reason));
    }
}
