package io.herald.topology.router;

import io.herald.schema.Channel;
import io.herald.schema.DeadLetter;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.DeliveryState;
import io.herald.schema.Gate;
import io.herald.schema.OpenNotification;
import io.herald.schema.Pending;
import io.herald.schema.PendingKind;
import io.herald.schema.Reason;
import io.herald.schema.ReceiptReported;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Route;
import io.herald.schema.RouteShare;
import io.herald.schema.Transition;
import io.herald.topology.address.Addresses;
import io.herald.topology.address.Reach;
import io.herald.topology.audience.Audience;
import io.herald.topology.feedback.Feedback;
import io.herald.topology.feedback.PruneBreaker;
import io.herald.topology.ledger.OpenDeliveries;
import io.herald.topology.ledger.OpenDeliveries.Found;
import io.herald.topology.preferences.Preferences;
import io.herald.topology.route.Routing;
import io.herald.topology.route.VendorShares;
import io.herald.topology.rules.Rule;
import io.herald.topology.timing.QuietHours;
import java.time.Instant;
import java.util.Optional;

/**
 * The way of one delivery after it was first handed out: reported on, tried again, decided anew, ended. It ends once;
 * what is said of it later is noted as late and changes nothing.
 */
final class DeliveryPipeline {
    private final RouterState state;
    private final DeadDeliveries dead;
    private final NotificationPipeline notifications;

    DeliveryPipeline(RouterState state, DeadDeliveries dead, NotificationPipeline notifications) {
        this.state = state;
        this.dead = dead;
        this.notifications = notifications;
    }

    /** Plans a report. */
    void reported(DeliveryReported report, Draft draft) {
        boolean gone = report.getOutcome() == ReportedOutcome.ADDRESS_GONE;
        if (gone || report.getOutcome() == ReportedOutcome.ACCEPTED) {
            PruneBreaker before = state.pruneBreaker(report.getRoute());
            PruneBreaker after = before.after(gone);
            if (!after.equals(before)) {
                draft.change(new Plan.Change.SaveBreaker(report.getRoute(), after));
            }
        }
        if (Clearing.isOf(report)) {
            if (gone) {
                prune(report, report.getAsOf(), draft);
            }
            return;
        }
        Optional<Found> found = draft.open()
                .find(report.getDeliveryId())
                .filter(open -> !open.delivery().getWaiting() && open.delivery().getAttempt() == report.getAttempt());
        if (found.isEmpty()) {
            draft.moved(report.getNotificationId(), late(report));
            return;
        }
        Optional<RouteShare> share = state.share(report.getRoute());
        share.map(before -> VendorShares.after(before, report, draft.now()))
                .filter(after -> !after.equals(share.get()))
                .ifPresent(after -> draft.change(new Plan.Change.SaveShare(after)));
        boolean another = report.getDelivery() != null
                && VendorShares.other(share, report.getDelivery().getVendor()).isPresent();
        Feedback.Verdict verdict = Feedback.of(report, another, draft.now());
        if (verdict instanceof Feedback.Verdict.End end) {
            if (end.redrivable()) {
                draft.deadLetter(dead.letter(report.getDelivery(), end.reason(), report.getReason(), draft));
            }
            conclude(found.get(), end.state(), end.reason(), report.getReason(), report.getProviderId(), draft);
        } else if (verdict instanceof Feedback.Verdict.TryAgain again) {
            tryLater(found.get(), report, again, draft);
        } else if (verdict instanceof Feedback.Verdict.Prune prune) {
            prune(report, prune.asOf(), draft);
            conclude(found.get(), DeliveryState.DEAD, Reason.ADDRESS_GONE, report.getReason(), null, draft);
        } else if (verdict instanceof Feedback.Verdict.DecideAnew anew) {
            decideAnew(anew.delivery(), found.get(), Reason.STALE, draft);
        }
    }

    /**
     * Plans the word of a provider about what it had accepted: the ledger has it, and nothing else changes. There is no
     * order in which receipts come, and most deliveries have been forgotten by then.
     */
    static void received(ReceiptReported receipt, Draft draft) {
        if (receipt.getNotificationId().equals(Clearing.NOTIFICATION)) {
            return;
        }
        String addressId = draft.open()
                .find(receipt.getDeliveryId())
                .map(found -> found.delivery().getAddressId())
                .orElse("");
        draft.moved(
                receipt.getNotificationId(),
                transition(receipt.getDeliveryId(), receipt.getRoute(), addressId, 0)
                        .setState(DeliveryState.ACCEPTED)
                        .setDetail(receipt.getDetail())
                        .setLate(true)
                        .setReceipt(receipt.getReceipt())
                        .setReceiptAt(receipt.getAt())
                        .build());
    }

    // When a provider says it of too many, it is the provider that is wrong, or our credentials for it.
    private void prune(DeliveryReported report, Instant asOf, Draft draft) {
        if (!state.pruneBreaker(report.getRoute()).after(true).open()) {
            Addresses.pruned(draft.profile(), report.getDelivery(), asOf, draft.now())
                    .ifPresent(draft::profile);
        }
    }

    // The next channel of the failover order is tried when the last address of this one has failed, and not needed any
    // more as soon as one was reached.
    private void conclude(
            Found found, DeliveryState ended, Reason reason, String detail, String providerId, Draft draft) {
        end(found, ended, reason, detail, providerId, draft);
        String id = found.notification().getNotificationId();
        Channel channel = Addresses.channel(found.delivery().getRoute());
        if (ended == DeliveryState.ACCEPTED) {
            notifications.needNoFailover(channel, id, draft);
        } else if (draft.open().notification(id).stream()
                .flatMap(known -> known.getOpen().stream())
                .noneMatch(open -> Addresses.channel(open.getRoute()) == channel)) {
            notifications.failOver(channel, id, draft);
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
            conclude(current, DeliveryState.EXPIRED, Reason.NO_REPORT, null, null, draft);
        }
    }

    /** Plans the end of a delivery that cannot be planned: something about it is broken. */
    void broken(String deliveryId, Draft draft) {
        draft.open()
                .find(deliveryId)
                .ifPresent(found -> conclude(found, DeliveryState.DEAD, Reason.PLAN_FAILED, null, null, draft));
    }

    // An opt-out, a read, an expiry or a vanished address in the meantime wins over what was decided before.
    private void decideAnew(Delivery delivery, Found found, Reason cause, Draft draft) {
        Channel channel = Addresses.channel(delivery.getRoute());
        if (!delivery.getExpiresAt().isAfter(draft.now())) {
            conclude(found, DeliveryState.EXPIRED, Reason.PAST_EXPIRY, null, null, draft);
            return;
        }
        Rule rule = state.rules()
                .of(draft.user().tenant(), delivery.getCategory(), draft.user().user());
        Optional<Reason> unwanted = Optional.ofNullable(found.notification().getStopped())
                .or(() -> calledOff(found.notification(), draft))
                .or(() -> Audience.excluded(draft.user().user(), delivery.getActor(), draft.profile(), rule))
                .or(() -> rule.passes(Gate.OPT_OUT)
                        ? Optional.empty()
                        : Preferences.optedOut(
                                draft.profile(),
                                delivery.getCategory(),
                                channel,
                                delivery.getTopic(),
                                delivery.getObject()))
                .or(() -> delivery.getSeq() != null && draft.inbox().isDone(delivery.getSeq())
                        ? Optional.of(Reason.READ_ELSEWHERE)
                        : Optional.empty());
        Reach reach = Addresses.named(
                delivery.getAddressId(),
                channel,
                draft.user().tenant(),
                draft.profile(),
                delivery.getMarketing(),
                draft.now());
        if (unwanted.isPresent() || reach.addresses().isEmpty()) {
            conclude(found, DeliveryState.CANCELLED, unwanted.orElse(reach.none()), null, null, draft);
            return;
        }
        Optional<QuietHours.Quiet> quiet =
                rule.passes(Gate.QUIET_HOURS) ? Optional.empty() : QuietHours.at(draft.profile(), channel, draft.now());
        if (quiet.isPresent()) {
            wait(
                    found,
                    delivery,
                    earlier(quiet.get().until(), delivery.getExpiresAt()),
                    quiet.get().reason(),
                    null,
                    draft);
            return;
        }
        Optional<Instant> nextQuiet = rule.passes(Gate.QUIET_HOURS)
                ? Optional.empty()
                : QuietHours.nextStart(draft.profile(), channel, draft.now());
        Delivery next = Routing.again(delivery, reach.addresses().get(0), draft.now(), nextQuiet);
        next.setVendor(VendorShares.choose(
                        state.share(next.getRoute()), next.getDeliveryId(), next.getAttempt(), delivery.getVendor())
                .orElse(null));
        draft.open().update(found, next.getAttempt(), false, Deadlines.put(next, draft));
        draft.deliver(next);
        draft.moved(
                next.getNotificationId(),
                transition(next.getDeliveryId(), next.getRoute(), next.getAddressId(), next.getAttempt())
                        .setState(DeliveryState.ROUTED)
                        .setReason(cause)
                        .build());
    }

    // A broadcast's notifications have its identity.
    private Optional<Reason> calledOff(OpenNotification of, Draft draft) {
        String name = Broadcasts.name(draft.user().tenant(), of.getSource(), of.getEventId());
        return Broadcasts.isCalledOff(name, state) ? Optional.of(Reason.BROADCAST_CANCELLED) : Optional.empty();
    }

    private static void tryLater(Found found, DeliveryReported report, Feedback.Verdict.TryAgain again, Draft draft) {
        Delivery waiting = Delivery.newBuilder(report.getDelivery())
                .setFailures(again.failures())
                .build();
        wait(found, waiting, again.due(), again.reason(), report.getReason(), draft);
    }

    private static void wait(Found found, Delivery delivery, Instant due, Reason reason, String detail, Draft draft) {
        Pending pending = Pending.newBuilder()
                .setKind(PendingKind.RETRY)
                .setDue(due)
                .setDelivery(delivery)
                .setMailboxPartition(draft.cause().partition())
                .setMailboxOffset(draft.cause().offset())
                .build();
        draft.change(new Plan.Change.Schedule(Waits.entry(draft.user(), pending), pending));
        draft.open().update(found, delivery.getAttempt(), true, found.delivery().getDeadline());
        draft.moved(
                delivery.getNotificationId(),
                transition(
                                delivery.getDeliveryId(),
                                delivery.getRoute(),
                                found.delivery().getAddressId(),
                                delivery.getAttempt())
                        .setState(DeliveryState.WAITING)
                        .setReason(reason)
                        .setDetail(detail)
                        .setDueAt(due)
                        .build());
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** Plans the end of a delivery. */
    static void end(Found found, DeliveryState state, Reason reason, String detail, String providerId, Draft draft) {
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
        if (OpenDeliveries.isEnded(notification)) {
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
