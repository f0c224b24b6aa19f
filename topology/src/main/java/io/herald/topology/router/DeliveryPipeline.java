package io.herald.topology.router;

import io.herald.schema.Channel;
import io.herald.schema.DeadLetter;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.DeliveryState;
import io.herald.schema.Lane;
import io.herald.schema.OpenNotification;
import io.herald.schema.Pending;
import io.herald.schema.PendingKind;
import io.herald.schema.Reason;
import io.herald.schema.Route;
import io.herald.schema.Transition;
import io.herald.topology.address.Address;
import io.herald.topology.address.Addresses;
import io.herald.topology.agenda.AgendaEntry;
import io.herald.topology.audience.Audience;
import io.herald.topology.feedback.Feedback;
import io.herald.topology.ledger.OpenDeliveries.Found;
import io.herald.topology.preferences.Preferences;
import io.herald.topology.route.Routing;
import java.util.Optional;

/**
 * The way of one delivery after it was first handed out: reported on, tried again, decided anew, ended. It ends once;
 * what is said of it later is noted as late and changes nothing.
 */
final class DeliveryPipeline {
    private final DeadDeliveries dead;

    DeliveryPipeline(DeadDeliveries dead) {
        this.dead = dead;
    }

    /** Plans a report. */
    void reported(DeliveryReported report, Draft draft) {
        Optional<Found> found = draft.open()
                .find(report.getDeliveryId())
                .filter(open -> !open.delivery().getWaiting() && open.delivery().getAttempt() == report.getAttempt());
        if (found.isEmpty()) {
            draft.moved(report.getNotificationId(), late(report));
            return;
        }
        Feedback.Verdict verdict = Feedback.of(report, draft.now());
        if (verdict instanceof Feedback.Verdict.End end) {
            if (end.redrivable()) {
                draft.deadLetter(dead.letter(report.getDelivery(), end.reason(), report.getReason(), draft));
            }
            end(found.get(), end.state(), end.reason(), report.getReason(), report.getProviderId(), draft);
        } else if (verdict instanceof Feedback.Verdict.TryAgain again) {
            tryLater(found.get(), report, again, draft);
        } else if (verdict instanceof Feedback.Verdict.Prune prune) {
            Addresses.pruned(draft.profile(), prune.delivery(), prune.asOf()).ifPresent(draft::profile);
            end(found.get(), DeliveryState.DEAD, Reason.ADDRESS_GONE, report.getReason(), null, draft);
        } else if (verdict instanceof Feedback.Verdict.DecideAnew anew) {
            decideAnew(anew.delivery(), found.get(), Reason.STALE, draft);
        }
    }

    /** Plans a delivery whose retry is due; does nothing for one that has ended in the meantime. */
    void retryDue(Delivery delivery, Draft draft) {
        draft.open()
                .find(delivery.getDeliveryId())
                .filter(found -> found.delivery().getWaiting())
                .ifPresent(found -> decideAnew(delivery, found, null, draft));
    }

    /** Plans the end of all deliveries of a user that should have been reported on by now. */
    void expireUnreported(Draft draft) {
        for (Found found : draft.open().overdue(draft.now())) {
            // Ending one replaces its notification, so the next is looked up as it is then.
            Found current = draft.open().find(found.delivery().getDeliveryId()).orElseThrow();
            end(current, DeliveryState.EXPIRED, Reason.NO_REPORT, null, null, draft);
        }
    }

    /** Plans the end of a delivery that cannot be planned: something about it is broken. */
    void broken(String deliveryId, Draft draft) {
        draft.open()
                .find(deliveryId)
                .ifPresent(found -> end(found, DeliveryState.DEAD, Reason.PLAN_FAILED, null, null, draft));
    }

    // An opt-out, a read, an expiry or a vanished address in the meantime wins over what was decided before.
    private void decideAnew(Delivery delivery, Found found, Reason cause, Draft draft) {
        Channel channel = Addresses.channel(delivery.getRoute());
        if (!delivery.getExpiresAt().isAfter(draft.now())) {
            end(found, DeliveryState.EXPIRED, Reason.PAST_EXPIRY, null, null, draft);
            return;
        }
        Optional<Reason> unwanted = Audience.excluded(draft.user().user(), delivery.getActor(), draft.profile())
                .or(() -> Preferences.optedOut(draft.profile(), delivery.getCategory(), channel))
                .or(() -> delivery.getSeq() != null && draft.inbox().isDone(delivery.getSeq())
                        ? Optional.of(Reason.READ_ELSEWHERE)
                        : Optional.empty());
        Optional<Address> address =
                Addresses.named(delivery.getAddressId(), channel, draft.user().tenant(), draft.profile());
        if (unwanted.isPresent() || address.isEmpty()) {
            end(found, DeliveryState.CANCELLED, unwanted.orElse(Reason.ADDRESS_CHANGED), null, null, draft);
            return;
        }
        Delivery next = Routing.again(delivery, address.get(), draft.now());
        draft.open().update(found, next.getAttempt(), false, Deadlines.put(next, draft));
        draft.deliver(next);
        draft.moved(
                next.getNotificationId(),
                transition(next.getDeliveryId(), next.getRoute(), next.getAddressId(), next.getAttempt())
                        .setState(DeliveryState.ROUTED)
                        .setReason(cause)
                        .build());
    }

    private static void tryLater(Found found, DeliveryReported report, Feedback.Verdict.TryAgain again, Draft draft) {
        Delivery waiting = Delivery.newBuilder(report.getDelivery())
                .setFailures(again.failures())
                .build();
        draft.change(new Plan.Change.Schedule(
                new AgendaEntry(
                        Lane.URGENT, again.due(), AgendaEntry.Kind.RETRY, draft.user(), waiting.getDeliveryId()),
                Pending.newBuilder()
                        .setKind(PendingKind.RETRY)
                        .setDue(again.due())
                        .setDelivery(waiting)
                        .setMailboxPartition(draft.cause().partition())
                        .setMailboxOffset(draft.cause().offset())
                        .build()));
        draft.open().update(found, report.getAttempt(), true, found.delivery().getDeadline());
        draft.moved(
                report.getNotificationId(),
                transition(
                                report.getDeliveryId(),
                                report.getRoute(),
                                found.delivery().getAddressId(),
                                report.getAttempt())
                        .setState(DeliveryState.WAITING)
                        .setReason(again.reason())
                        .setDetail(report.getReason())
                        .setDueAt(again.due())
                        .build());
    }

    private static void end(
            Found found, DeliveryState state, Reason reason, String detail, String providerId, Draft draft) {
        Channel channel = Addresses.channel(found.delivery().getRoute());
        OpenNotification notification = draft.open().end(found, state, reason == null ? null : channel + ":" + reason);
        draft.moved(
                notification.getNotificationId(),
                transition(
                                found.delivery().getDeliveryId(),
                                found.delivery().getRoute(),
                                found.delivery().getAddressId(),
                                found.delivery().getAttempt())
                        .setState(state)
                        .setReason(reason)
                        .setDetail(detail)
                        .setProviderId(providerId)
                        .build());
        if (notification.getOpen().isEmpty()) {
            draft.row(notification);
        }
    }

    private static Transition late(DeliveryReported report) {
        return transition(
                        report.getDeliveryId(),
                        report.getRoute(),
                        report.getDelivery() == null ? "" : report.getDelivery().getAddressId(),
                        report.getAttempt())
                .setState(
                        switch (report.getOutcome()) {
                            case ACCEPTED -> DeliveryState.ACCEPTED;
                            case RETRY, UNKNOWN, MISCONFIGURED, STALE -> DeliveryState.WAITING;
                            case REJECTED, ADDRESS_GONE -> DeliveryState.DEAD;
                        })
                .setDetail(report.getReason())
                .setProviderId(report.getProviderId())
                .setLate(true)
                .build();
    }

    private static Transition.Builder transition(String deliveryId, Route route, String addressId, int attempt) {
        return Transition.newBuilder()
                .setDeliveryId(deliveryId)
                .setRoute(route)
                .setAddressId(addressId)
                .setAttempt(attempt);
    }

    /** Makes the dead letter of a delivery, in the form that it can be redriven from. */
    interface DeadDeliveries {
        /** Returns the letter. */
        DeadLetter letter(Delivery delivery, Reason reason, String detail, Draft draft);
    }
}
