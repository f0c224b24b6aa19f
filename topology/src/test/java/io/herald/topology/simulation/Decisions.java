package io.herald.topology.simulation;

import io.herald.schema.BroadcastState;
import io.herald.schema.BroadcastStateKey;
import io.herald.schema.Cancellation;
import io.herald.schema.Channel;
import io.herald.schema.ChannelVerdict;
import io.herald.schema.Decision;
import io.herald.schema.DeliveryState;
import io.herald.schema.Lane;
import io.herald.schema.Mail;
import io.herald.schema.Notification;
import io.herald.schema.Reason;
import io.herald.schema.RuleChanged;
import io.herald.schema.Tick;
import io.herald.schema.UserErased;
import io.herald.topology.digest.Digests;
import io.herald.topology.guarantee.History;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What must be decided, and how: the part of the reference that hears the decisions. */
final class Decisions {
    private static final Duration HELD = Duration.ofSeconds(60);

    private final History history;
    private final Attempts attempts;
    private final Consumer<String> fault;
    private final Buckets buckets = new Buckets();
    private final HandOuts handOuts = new HandOuts();
    private final Copies copies = new Copies();
    private final Wakes wakes;
    private final Map<String, Known> open = new LinkedHashMap<>();
    private final Map<String, Instant> started = new HashMap<>();

    // Of the record that is being read.
    private Mail mail;
    private Optional<Reason> repeat = Optional.empty();
    private int decided;
    private final Map<String, Map<String, Reason>> left = new HashMap<>();
    private final Set<String> replaced = new HashSet<>();
    private final Set<String> replacing = new HashSet<>();

    Decisions(History history, Inboxes inboxes, Attempts attempts, Consumer<String> fault) {
        this.history = history;
        this.attempts = attempts;
        this.fault = fault;
        this.wakes = new Wakes(history, inboxes, attempts, replaced);
    }

    Collection<Known> open() {
        return open.values();
    }

    Known find(String notification) {
        return open.get(notification);
    }

    void forgetEnded() {
        open.values().removeIf(known -> !known.isOpen());
    }

    void read(Mail next) {
        mail = next;
        decided = 0;
        repeat = Optional.empty();
        left.clear();
        replaced.clear();
        replacing.clear();
        if (next.getBody() instanceof Notification notification) {
            boolean erased = history.person(new UserKey(notification.getTenant(), notification.getUser()))
                    .isErased();
            repeat = erased ? Optional.of(Reason.ERASED) : copies.repeats(notification, history);
        } else if (next.getBody() instanceof Tick tick) {
            wakes.ticked(tick);
            // Nobody hears of it when the time of one comes in which there is nothing.
            Stream.of(Lane.values())
                    .flatMap(lane -> buckets.due(lane, history.now()))
                    .filter(bucket -> bucket.members.isEmpty())
                    .forEach(bucket -> bucket.maybeGone = true);
        } else if (next.getBody() instanceof Cancellation cancel) {
            copies.cancelled(cancel, history.now());
            open.values().stream()
                    .filter(known -> known.user.equals(new UserKey(cancel.getTenant(), cancel.getUser()))
                            && known.heldUntil == null
                            && known.stopped == null
                            && Wakes.isMeant(cancel, known.notification))
                    .forEach(known -> known.stopped = Reason.CANCELLED_BY_SOURCE);
        }
    }

    void broadcast(BroadcastStateKey at, BroadcastState state) {
        started.put(at.getSource() + " " + at.getBroadcastId(), state.getStartedAt());
    }

    /** Lets what waits be due at another time. */
    void reschedule(UserKey user, BiPredicate<Known, Known.Leg> which, BiFunction<Known, Known.Leg, Instant> due) {
        for (Known known : open.values()) {
            if (known.user.equals(user)) {
                known.legs.replaceAll(
                        (channel, leg) -> which.test(known, leg) ? leg.dueAt(due.apply(known, leg)) : leg);
            }
        }
    }

    void decided(UserKey user, String id, Decision decision) {
        if (decision.getReason() != null) {
            noted(user, id, decision);
        } else if (decision.getAgain()) {
            again(id, decision);
        } else {
            first(user, id, decision);
        }
    }

    private void noted(UserKey user, String id, Decision decision) {
        if (decision.getAgain()) {
            buckets.byId(String.valueOf(decision.getDigest()))
                    .ifPresentOrElse(
                            bucket -> left(bucket, id, decision.getReason()),
                            () -> fault.accept(id + " left no digest: " + decision));
            return;
        }
        decided++;
        if (mail.getBody() instanceof Notification notification) {
            if (!repeat.equals(Optional.of(decision.getReason()))) {
                fault.accept(id + " is " + decision.getReason() + ", and should be " + repeat);
            } else if (!history.person(user).isErased()) {
                copies.noted(notification, history.now());
            }
        } else if (decision.getReason() != Reason.DUPLICATE) {
            fault.accept(id + " is " + decision.getReason() + ", and is of a broadcast");
        }
    }

    private void first(UserKey user, String id, Decision decision) {
        decided++;
        if (mail.getBody() instanceof Notification && repeat.isPresent()) {
            fault.accept(id + " is decided, and should be " + repeat.get());
        }
        Optional<Notification> what = what(user, id, decision);
        boolean held = isHeld(decision);
        History.Version rule = history.rule(user, decision.getCategory());
        if (what.isEmpty() || (!held && rule.number() != decision.getRuleVersion())) {
            fault.accept(id + " is decided by rule " + decision.getRuleVersion() + ", and is " + what);
            return;
        }
        Known known = new Known(user, Made.living(what.get(), rule.terms()));
        open.put(id, known);
        if (what.get().getDigest() == null) {
            copies.first(known.notification, history.now());
            copies.decided(known.notification, rule.terms(), history.now());
        }
        boolean incomplete = what.get().getDigest() == null && !isComplete(known, rule.terms());
        if (held) {
            known.heldUntil = history.now().plus(HELD);
        }
        if (held != incomplete) {
            fault.accept(id + (held ? " is held, and nothing is missing" : " is decided, and a template is missing"));
        } else if (!held) {
            decide(known, rule.terms(), decision);
        }
    }

    private static boolean isHeld(Decision decision) {
        return decision.getVerdicts().stream()
                .anyMatch(verdict ->
                        verdict.getState() == DeliveryState.WAITING && verdict.getReason() == Reason.UNKNOWN_CATEGORY);
    }

    private boolean isComplete(Known known, RuleChanged terms) {
        List<Channel> templated = Judge.templated(known.notification, history);
        return !templated.isEmpty() && templated.containsAll(Judge.planned(known.notification, terms, history));
    }

    private Optional<Notification> what(UserKey user, String id, Decision decision) {
        if (decision.getSource().equals(Digests.SOURCE)) {
            return buckets.byId(id).map(bucket -> {
                if (bucket.due.isAfter(history.now()) || !(mail.getBody() instanceof Tick)) {
                    fault.accept(id + " is sent before it is due");
                }
                buckets.remove(bucket);
                leave(bucket);
                return Made.digest(bucket, history.now());
            });
        }
        return mail.getBody() instanceof Notification notification
                ? Optional.of(notification)
                        .filter(one -> one.getNotificationId().equals(id))
                : history.broadcast(user, id)
                        .map(broadcast -> Made.broadcast(
                                user,
                                id,
                                broadcast,
                                started.get(broadcast.getSource() + " " + broadcast.getId()),
                                history.now()));
    }

    private void left(Buckets.Bucket bucket, String id, Reason reason) {
        if (mail.getBody() instanceof Cancellation) {
            bucket.members.removeIf(member -> member.getNotificationId().equals(id));
            return;
        }
        Map<String, Reason> gone = left.computeIfAbsent(bucket.id, digest -> new HashMap<>());
        gone.put(id, reason);
        if (bucket.members.stream().allMatch(member -> gone.containsKey(member.getNotificationId()))) {
            leave(bucket);
            bucket.maybeGone = true;
        }
    }

    // What its user does not want any more is not in it, and the ledger has said so.
    private void leave(Buckets.Bucket bucket) {
        RuleChanged terms = history.rule(bucket.user, bucket.category).terms();
        Map<String, Reason> unwanted = new HashMap<>();
        bucket.members.forEach(member -> new Judge(history, buckets, handOuts, new Known(bucket.user, member), terms)
                .unwanted(bucket.channel)
                .ifPresent(reason -> unwanted.put(member.getNotificationId(), reason)));
        Map<String, Reason> gone = left.getOrDefault(bucket.id, Map.of());
        if (!gone.equals(unwanted)) {
            fault.accept(bucket.id + " should be without " + unwanted + ", and is without " + gone);
        }
        bucket.members.removeIf(member -> unwanted.containsKey(member.getNotificationId()));
        left.remove(bucket.id);
    }

    private void decide(Known known, RuleChanged terms, Decision decision) {
        Judge judge = new Judge(history, buckets, handOuts, known, terms);
        String differs = new Planned(judge, known, terms, decision).differs();
        if (differs != null) {
            fault.accept(known.notification.getNotificationId() + " " + differs);
        }
        known.collapse = Made.collapse(known.notification, terms);
        if (judge.planned().stream().anyMatch(judge::hasUse)) {
            replace(known);
        }
        routed(known, decision);
    }

    private void routed(Known known, Decision decision) {
        decision.getVerdicts().stream()
                .filter(verdict -> verdict.getState() == DeliveryState.ROUTED)
                .forEach(verdict -> attempts.routed(known, verdict.getChannel(), verdict.getDeliveryId()));
    }

    // What an earlier one waits for ends first.
    private void replace(Known known) {
        if (known.collapse == null) {
            return;
        }
        replacing.add(known.user + " " + known.collapse);
        for (Known other : open.values()) {
            if (other != known && other.user.equals(known.user) && known.collapse.equals(other.collapse)) {
                if (!other.legs.isEmpty()) {
                    fault.accept(other.notification.getNotificationId() + " waits, and was replaced");
                }
                other.stopped = other.stopped == null ? Reason.REPLACED : other.stopped;
            }
        }
    }

    private void again(String id, Decision decision) {
        Known known = open.get(id);
        if (known == null) {
            fault.accept(id + " is decided again, and has ended");
        } else if (known.heldUntil != null) {
            released(known, decision);
        } else {
            Planned.byChannel(decision).forEach((channel, verdicts) -> woken(known, channel, verdicts, decision));
        }
    }

    private void released(Known known, Decision decision) {
        String id = known.notification.getNotificationId();
        ChannelVerdict any = decision.getVerdicts().get(0);
        Instant until = known.heldUntil;
        known.heldUntil = null;
        boolean calledOff = mail.getBody() instanceof Tick && wakes.isCalledOff(known.notification);
        if (calledOff || any.getState() == DeliveryState.CANCELLED) {
            boolean right = any.getReason() == Reason.ERASED
                    ? mail.getBody() instanceof UserErased
                    : calledOff
                            ? any.getReason() == Reason.BROADCAST_CANCELLED
                            : mail.getBody() instanceof Cancellation cancel
                                    && Wakes.isMeant(cancel, known.notification);
            if (!right) {
                fault.accept(id + " was held, and is " + any);
            }
        } else if (any.getReason() == Reason.UNKNOWN_CATEGORY) {
            if (until.isAfter(history.now())
                    || !Judge.templated(known.notification, history).isEmpty()) {
                fault.accept(id + " is given up");
            }
        } else {
            History.Version rule = history.rule(known.user, decision.getCategory());
            if (rule.number() != decision.getRuleVersion() || !(mail.getBody() instanceof Tick)) {
                fault.accept(id + " is decided by rule " + decision.getRuleVersion());
            } else {
                if (until.isAfter(history.now()) && !isComplete(known, rule.terms())) {
                    fault.accept(id + " is held no more, and something is missing");
                }
                decide(known, rule.terms(), decision);
            }
        }
    }

    private void woken(Known known, Channel channel, List<ChannelVerdict> verdicts, Decision decision) {
        Known.Leg leg = known.legs.remove(channel);
        if (leg == null) {
            fault.accept(known.notification.getNotificationId() + " on " + channel + " waited for nothing");
            return;
        }
        List<Outcome> outcomes = new ArrayList<>(wakes.ends(mail, known, leg, verdicts.get(0)));
        if (outcomes.isEmpty() && wakes.isDue(mail, known, channel, leg)) {
            History.Version rule = history.rule(known.user, decision.getCategory());
            outcomes.addAll(new Judge(history, buckets, handOuts, known, rule.terms()).of(channel, leg.why()));
        }
        Optional<Outcome> right =
                outcomes.stream().filter(outcome -> outcome.is(verdicts)).findFirst();
        right.ifPresentOrElse(
                outcome -> outcome.then().accept(verdicts.get(0)),
                () -> fault.accept(known.notification.getNotificationId() + " waited for " + leg + " and should be "
                        + outcomes + " on " + channel + ", and is " + verdicts));
        if (channel == Channel.INBOX && verdicts.get(0).getState() == DeliveryState.ACCEPTED) {
            known.seq = decision.getSeq();
        }
        routed(known, decision);
        attempts.woken(known, channel, verdicts.get(0));
    }

    /** Demands that nothing is left of what was due on a tick; one that has little credit may leave it. */
    void due(Lane lane, Instant now, boolean all) {
        buckets.due(lane, now).forEach(bucket -> {
            if (!all) {
                bucket.maybeGone = true;
            } else if (!bucket.members.isEmpty()) {
                fault.accept(bucket.id + " is due, and was not sent");
            } else {
                buckets.remove(bucket);
            }
        });
        if (all) {
            open.values()
                    .forEach(known -> known.legs.forEach((channel, leg) -> {
                        if (leg.lane() == lane && wakes.isDue(known, leg)) {
                            fault.accept(
                                    known.notification.getNotificationId() + " still waits on " + channel + ": " + leg);
                        }
                    }));
        }
        if (all && lane == Lane.BULK) {
            open.values().stream()
                    .filter(known -> known.heldUntil != null && !known.heldUntil.isAfter(now))
                    .forEach(known -> fault.accept(known.notification.getNotificationId() + " is still held"));
        }
    }

    /** Demands that all that had to be decided by a record was. */
    void check() {
        if (mail.getBody() instanceof Notification notification && decided != 1) {
            fault.accept(notification.getNotificationId() + " has " + decided + " decisions");
        }
        if (!left.isEmpty()) {
            fault.accept("left no digest: " + left);
        }
        replaced.removeAll(replacing);
        if (!replaced.isEmpty()) {
            fault.accept("replaced by nothing: " + replaced);
        }
        if (mail.getBody() instanceof UserErased erased) {
            UserKey user = new UserKey(erased.getTenant(), erased.getUser());
            buckets.forget(user);
            open.values().stream()
                    .filter(known -> known.user.equals(user))
                    .forEach(known -> fault.accept(known.notification.getNotificationId() + " outlives its user"));
        }
    }
}
