package io.herald.topology.simulation;

import io.herald.schema.Channel;
import io.herald.schema.ChannelVerdict;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.DeliveryState;
import io.herald.schema.Lane;
import io.herald.schema.Mail;
import io.herald.schema.OnUnknown;
import io.herald.schema.Reason;
import io.herald.schema.ReceiptReported;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Tick;
import io.herald.schema.Transition;
import io.herald.schema.UserErased;
import io.herald.schema.Vendor;
import io.herald.topology.guarantee.History;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What becomes of deliveries: the part of the reference that hears reports and transitions. */
final class Attempts {
    private static final Duration FORGOTTEN = Duration.ofDays(3);
    private static final Duration GRACE = Duration.ofMinutes(5);
    private static final long STEP = Duration.ofMinutes(15).toMillis();
    // What nobody asks for, nobody waits for.
    private static final Duration LONGEST_BACKOFF = Duration.ofHours(1);
    private static final String CLEAR = "clear";

    private final History history;
    private final Anew anew;
    private final Consumer<String> fault;
    private final Map<String, Delivery> handedOut = new HashMap<>();

    // Of the record that is being read.
    private Mail mail;
    private DeliveryReported report;
    private ReceiptReported receipt;
    private boolean counts;
    private int answers;
    private final Set<Known> reached = new HashSet<>();
    private final Map<Known, Set<Channel>> failed = new HashMap<>();

    Attempts(History history, Inboxes inboxes, Consumer<String> fault) {
        this.history = history;
        this.anew = new Anew(history, inboxes);
        this.fault = fault;
    }

    void read(Mail next, Collection<Known> open) {
        mail = next;
        report = null;
        receipt = null;
        answers = 0;
        reached.clear();
        failed.clear();
        if (next.getBody() instanceof DeliveryReported one
                && !one.getNotificationId().equals(CLEAR)
                && !history.person(new UserKey(one.getTenant(), one.getUser())).isErased()) {
            report = one;
            counts = open.stream()
                    .map(known -> known.outs.get(one.getDeliveryId()))
                    .anyMatch(out -> out != null && out.due == null && out.last.getAttempt() == one.getAttempt());
        } else if (next.getBody() instanceof ReceiptReported one
                && !one.getNotificationId().equals(CLEAR)
                && !history.person(new UserKey(one.getTenant(), one.getUser())).isErased()) {
            receipt = one;
        }
    }

    private void received(Transition moved) {
        answers++;
        boolean same = receipt != null
                && moved.getDeliveryId().equals(receipt.getDeliveryId())
                && moved.getReceipt() == receipt.getReceipt()
                && moved.getReceiptAt().equals(receipt.getAt())
                && moved.getLate();
        if (!same) {
            fault.accept("there was no such receipt: " + moved);
        }
    }

    void handedOut(Delivery delivery) {
        Set<Vendor> vendors = history.vendors(delivery.getRoute());
        Vendor last = delivery.getAttempt() == 1
                ? null
                : handedOut.get(delivery.getDeliveryId()).getVendor();
        boolean right = vendors.isEmpty()
                ? delivery.getVendor() == null
                : vendors.contains(delivery.getVendor()) && (vendors.size() == 1 || delivery.getVendor() != last);
        if (!right) {
            fault.accept(delivery.getDeliveryId() + " comes from " + last + " and goes to " + delivery.getVendor()
                    + " of " + vendors);
        }
        handedOut.put(delivery.getDeliveryId(), delivery);
    }

    /** A delivery goes out for the first time. */
    void routed(Known known, Channel channel, String deliveryId) {
        Delivery delivery = handedOut.get(deliveryId);
        if (delivery == null) {
            fault.accept(deliveryId + " is routed, and no sender gets it");
            return;
        }
        Known.Out out = new Known.Out(channel, delivery);
        out.deadline = deadline(delivery);
        known.outs.put(deliveryId, out);
    }

    private Instant deadline(Delivery delivery) {
        Instant forgotten = history.now().plus(FORGOTTEN);
        Instant latest = delivery.getExpiresAt().isBefore(forgotten) ? delivery.getExpiresAt() : forgotten;
        return Instant.ofEpochMilli((latest.plus(GRACE).toEpochMilli() + STEP - 1) / STEP * STEP);
    }

    void moved(Transition moved, Known known) {
        if (moved.getReceipt() != null) {
            received(moved);
            return;
        }
        if (moved.getLate()) {
            answers++;
            if (report == null || counts) {
                fault.accept(moved.getDeliveryId() + " is late, and should count");
            }
            return;
        }
        Known.Out out = known == null ? null : known.outs.get(moved.getDeliveryId());
        if (out == null) {
            fault.accept(moved.getDeliveryId() + " moves, and has ended: " + moved);
            return;
        }
        String differs = differs(moved, known, out);
        if (differs != null) {
            fault.accept(moved.getDeliveryId() + " should be " + differs + ", and is " + moved);
        }
        switch (moved.getState()) {
            case WAITING -> out.due = moved.getDueAt();
            case ROUTED -> {
                out.due = null;
                out.last = handedOut.get(moved.getDeliveryId());
                out.deadline = deadline(out.last);
            }
            case ACCEPTED, SKIPPED, DEAD, EXPIRED, CANCELLED -> ended(moved, known, out);
        }
    }

    private void ended(Transition moved, Known known, Known.Out out) {
        known.outs.remove(moved.getDeliveryId());
        if (moved.getState() == DeliveryState.ACCEPTED) {
            if (order(known).contains(out.channel)) {
                reached.add(known);
            }
        } else if (!known.isOut(out.channel)) {
            failed.computeIfAbsent(known, key -> new HashSet<>()).add(out.channel);
        }
    }

    private String differs(Transition moved, Known known, Known.Out out) {
        if (mail.getBody() instanceof UserErased) {
            return is(moved, DeliveryState.CANCELLED, Reason.ERASED) ? null : "CANCELLED ERASED";
        } else if (mail.getBody() instanceof Tick) {
            boolean overdue = out.due == null && !out.deadline.isAfter(history.now());
            if (moved.getReason() == Reason.NO_REPORT) {
                return overdue ? null : "waited for until " + out.deadline;
            }
            boolean due = out.due != null && !out.due.isAfter(history.now());
            return due ? anew.differs(moved, known, out, null) : "left alone until " + out.due;
        }
        boolean meant = report != null && counts && report.getDeliveryId().equals(moved.getDeliveryId());
        if (!meant) {
            return "left alone";
        }
        answers++;
        return reported(moved, known, out);
    }

    private String reported(Transition moved, Known known, Known.Out out) {
        return switch (report.getOutcome()) {
            case ACCEPTED -> is(moved, DeliveryState.ACCEPTED, null) ? null : "ACCEPTED";
            case REJECTED -> is(moved, DeliveryState.DEAD, Reason.REJECTED) ? null : "DEAD REJECTED";
            case ADDRESS_GONE -> is(moved, DeliveryState.DEAD, Reason.ADDRESS_GONE) ? null : "DEAD ADDRESS_GONE";
            case STALE ->
                report.getAttempt() <= 1 || (isShared(out.last) && report.getAttempt() - 1 == out.failures)
                        ? anew.differs(moved, known, out, Reason.STALE)
                        : later(moved, out, Reason.STALE);
            case RETRY -> failed(moved, out, Reason.PROVIDER_BUSY, Reason.ATTEMPTS_EXHAUSTED);
            case MISCONFIGURED -> failed(moved, out, Reason.MISCONFIGURED, Reason.MISCONFIGURED);
            case UNKNOWN ->
                out.last.getOnUnknown() == OnUnknown.END
                        ? is(moved, DeliveryState.DEAD, Reason.NO_ANSWER) ? null : "DEAD NO_ANSWER"
                        : failed(moved, out, Reason.NO_ANSWER, Reason.ATTEMPTS_EXHAUSTED);
        };
    }

    // At once the other provider gets what the one hands back for the first time.
    private boolean isShared(Delivery delivery) {
        return delivery.getVendor() != null
                && history.vendors(delivery.getRoute()).size() > 1;
    }

    private String failed(Transition moved, Known.Out out, Reason again, Reason atLast) {
        out.failures++;
        if (out.failures >= out.last.getAttempts()) {
            return is(moved, DeliveryState.DEAD, atLast) ? null : "DEAD " + atLast;
        }
        return later(moved, out, again);
    }

    // How long is drawn by lot; never shorter than the provider asks, never until its expiry.
    private String later(Transition moved, Known.Out out, Reason reason) {
        Instant least = history.now()
                .plusMillis(
                        report.getOutcome() == ReportedOutcome.STALE || report.getRetryAfterMs() == null
                                ? 1
                                : report.getRetryAfterMs());
        Instant most = least.plus(LONGEST_BACKOFF);
        Instant expiry = out.last.getExpiresAt();
        boolean mayWait = least.isBefore(expiry)
                && is(moved, DeliveryState.WAITING, reason)
                && !moved.getDueAt().isBefore(least)
                && moved.getDueAt().isBefore(expiry)
                && !moved.getDueAt().isAfter(most);
        boolean mayEnd = !most.isBefore(expiry) && is(moved, DeliveryState.EXPIRED, Reason.PAST_EXPIRY);
        return mayWait || mayEnd ? null : "WAITING " + reason + " from " + least + " to " + expiry;
    }

    private static boolean is(Transition moved, DeliveryState state, Reason reason) {
        return moved.getState() == state && moved.getReason() == reason;
    }

    /** A channel that waited is decided. */
    void woken(Known known, Channel channel, ChannelVerdict verdict) {
        if (Planned.isOutOfReach(verdict)) {
            failed.computeIfAbsent(known, key -> new HashSet<>()).add(channel);
        } else if ((verdict.getState() == DeliveryState.ACCEPTED || verdict.getState() == DeliveryState.SKIPPED)
                && order(known).contains(channel)) {
            reached.add(known);
        }
    }

    /** Returns whether nothing waits for a channel to fail any more: one was reached, or is not wanted. */
    boolean isReached(Known known) {
        return reached.contains(known);
    }

    /** Returns whether a channel is the next one behind one that has failed by this record. */
    boolean isNext(Known known, Channel channel) {
        List<Channel> order = order(known);
        return failed.getOrDefault(known, Set.of()).stream()
                .filter(order::contains)
                .map(before -> round(order, before))
                .anyMatch(round -> known.legs.entrySet().stream()
                        .filter(waiting -> waiting.getValue().why() == Reason.FAILOVER)
                        .noneMatch(waiting -> isBefore(round, waiting.getKey(), channel)));
    }

    // Behind the last one comes the first: another order may have been in force when they began to wait.
    private static List<Channel> round(List<Channel> order, Channel from) {
        List<Channel> round = new ArrayList<>(order.subList(order.indexOf(from), order.size()));
        round.addAll(order.subList(0, order.indexOf(from)));
        return round;
    }

    private static boolean isBefore(List<Channel> order, Channel one, Channel other) {
        return order.contains(one) && (!order.contains(other) || order.indexOf(one) < order.indexOf(other));
    }

    private List<Channel> order(Known known) {
        return history.rule(known.user, known.notification.getCategory())
                .terms()
                .getFailover();
    }

    /** Demands that a delivery that was due on a tick is due no more. */
    void due(Known known, Lane lane, Instant now) {
        known.outs.forEach((id, out) -> {
            boolean again = out.due != null && !out.due.isAfter(now) && out.last.getLane() == lane;
            boolean overdue = out.due == null && !out.deadline.isAfter(now) && lane == Lane.BULK;
            if (again || overdue) {
                fault.accept(id + " is still out, and was due at " + (again ? out.due : out.deadline));
            }
        });
    }

    /** Demands that all that follows from a report was done. */
    void check() {
        if ((report != null || receipt != null) && answers != 1) {
            fault.accept(mail.getBody() + " was said, and the ledger has " + answers + " answers");
        }
        for (Known known : reached) {
            waiting(known, "is reached");
        }
        failed.forEach((known, channels) -> {
            for (Channel channel : channels) {
                // Of a broadcast that was called off, what waits ends when it is due.
                if (order(known).contains(channel)
                        && !isAnotherUnderWay(known)
                        && !Wakes.isCalledOff(known.notification, history)) {
                    waiting(known, "has failed on " + channel);
                }
            }
        });
    }

    private boolean isAnotherUnderWay(Known known) {
        return order(known).stream()
                .anyMatch(channel -> known.isOut(channel)
                        || (known.legs.containsKey(channel)
                                && known.legs.get(channel).why() != Reason.FAILOVER));
    }

    // What is past its expiry ends when it is looked at next.
    private void waiting(Known known, String why) {
        if (known.legs.values().stream()
                .anyMatch(leg -> leg.why() == Reason.FAILOVER && leg.due().isAfter(history.now()))) {
            fault.accept(known.notification.getNotificationId() + " " + why + ", and still waits: " + known.legs);
        }
    }
}
