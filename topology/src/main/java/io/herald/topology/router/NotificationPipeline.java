package io.herald.topology.router;

import io.herald.schema.Channel;
import io.herald.schema.Decision;
import io.herald.schema.DeliveryState;
import io.herald.schema.Digest;
import io.herald.schema.DigestItem;
import io.herald.schema.FirstCopy;
import io.herald.schema.Notification;
import io.herald.schema.OpenLeg;
import io.herald.schema.OpenNotification;
import io.herald.schema.Pending;
import io.herald.schema.Reason;
import io.herald.schema.WaitsFor;
import io.herald.topology.agenda.AgendaEntry;
import io.herald.topology.dedup.Dedup;
import io.herald.topology.digest.Digests;
import io.herald.topology.identity.Ids;
import io.herald.topology.rules.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The way of one notification: dedup, hold while its category is unknown, replace an earlier one, then its channels, in
 * order. What waited comes in again by {@link #wake}.
 */
final class NotificationPipeline {
    private final RouterState state;
    private final Holding holding;
    private final ChannelPipeline channels;

    NotificationPipeline(RouterState state) {
        this.state = state;
        this.holding = new Holding(state);
        this.channels = new ChannelPipeline(state);
    }

    /** Plans a notification as it comes out of the mailbox, or out of a broadcast. */
    void arrive(Notification notification, Draft draft) {
        Optional<FirstCopy> first = state.firstCopy(draft.user(), notification.getNotificationId(), draft.now());
        Optional<Dedup.Repeat> repeat = Dedup.of(first, notification, draft.now());
        if (repeat.isPresent()) {
            noted(notification, repeat.get(), draft);
            return;
        }
        FirstCopy copy = new FirstCopy(draft.now(), draft.cause().offset(), notification.getContentHash(), null, false);
        Rule rule = rule(notification);
        Optional<String> key = rule.dedupKey(notification)
                .map(values -> Ids.notification(
                        notification.getTenant(),
                        "dedup/" + notification.getCategory(),
                        values,
                        notification.getUser()));
        Optional<Dedup.Repeat> alike = key.flatMap(id -> state.firstCopy(draft.user(), id, draft.now()))
                .flatMap(earlier ->
                        Dedup.alike(earlier, Duration.ofMillis(rule.terms().getDedupWindowMs()), draft.now()));
        if (alike.isPresent()) {
            draft.change(new Plan.Change.Remember(draft.user(), notification.getNotificationId(), copy));
            noted(notification, alike.get(), draft);
            return;
        }
        key.ifPresent(id -> draft.change(new Plan.Change.Remember(draft.user(), id, copy)));
        Notification living = ShallowCopy.of(notification, new Notification());
        living.setExpiresAt(rule.expiresAt(notification));
        Long seq = holding.hold(living, planned(living, rule), draft) ? null : decide(living, draft);
        draft.change(new Plan.Change.Remember(draft.user(), notification.getNotificationId(), withSeq(copy, seq)));
    }

    /**
     * Plans a notification for which everything is known, or will not be waited for any longer.
     *
     * @return its seq, if it is in the inbox now
     */
    Long decide(Notification notification, Draft draft) {
        return decide(notification, draft, false);
    }

    /**
     * Plans a notification that is held, when it is time to look again.
     *
     * @return whether that is done, or it is held on; otherwise it is for the caller to end
     */
    boolean heldDue(Notification notification, Instant until, Draft draft) {
        if (isCalledOff(notification)) {
            end(notification, DeliveryState.CANCELLED, Reason.BROADCAST_CANCELLED, true, draft);
            return true;
        }
        if (holding.holdOn(notification, planned(notification, rule(notification)), until, draft)) {
            return true;
        }
        if (!holding.known(notification)) {
            return false;
        }
        Long seq = decide(notification, draft, true);
        if (seq != null) {
            seqKnown(notification, seq, draft);
        }
        return true;
    }

    private Long decide(Notification notification, Draft draft, boolean again) {
        Rule rule = rule(notification);
        List<Channel> planned = planned(notification, rule);
        List<Channel> failover =
                rule.terms().getFailover().stream().filter(planned::contains).toList();
        Decided decided =
                new Decided(notification, rule, planned, Verdicts.first(notification, rule, again, draft), draft);
        Optional<String> collapse = rule.collapse(notification);
        if (collapse.isPresent() && planned.stream().anyMatch(channel -> ChannelPipeline.hasUse(channel, decided))) {
            Replacing.earlier(collapse.get(), notification.getNotificationId(), draft);
        }
        for (Channel channel : planned) {
            if (failover.indexOf(channel) <= 0) {
                channels.plan(channel, null, decided);
            }
        }
        for (int next = 1; next < failover.size(); next++) {
            failOver(failover.get(next - 1), failover.get(next), decided);
        }
        decided.verdicts().write();
        Replacing.mark(collapse, decided.verdicts().seq(), draft);
        return decided.verdicts().seq();
    }

    private void failOver(Channel from, Channel to, Decided decided) {
        if (decided.verdicts().isOutOfReach(from)) {
            channels.plan(to, null, decided);
        } else if (decided.verdicts().isUnderWay(from)) {
            channels.waitForFailover(to, decided);
        } else {
            decided.verdicts().end(to, DeliveryState.SKIPPED, Reason.NOT_NEEDED);
        }
    }

    /**
     * Plans a channel whose time has come. Gateways are asked as late as the router is; so they have their time from
     * when it was last behind.
     */
    void legDue(Pending leg, Draft draft) {
        Instant answered = earlier(
                state.behind().plus(ChannelPipeline.GATEWAY_SILENT),
                leg.getNotification().getExpiresAt());
        if (leg.getWaitsFor() == WaitsFor.SOCKET && answered.isAfter(draft.now())) {
            Legs.again(leg, answered, draft);
        } else {
            wake(leg, draft);
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** Plans a channel that waited, because its time has come or because what it waited for has happened. */
    private void wake(Pending leg, Draft draft) {
        Notification notification = leg.getNotification();
        Channel channel = leg.getChannel();
        Optional<OpenNotification> found = draft.open()
                .notification(notification.getNotificationId())
                .filter(open -> open.getLegs().stream().anyMatch(waiting -> waiting.getChannel() == channel));
        if (found.isEmpty()) {
            return;
        }
        OpenNotification known = found.get();
        Verdicts verdicts = Verdicts.again(known, draft);
        verdicts.wakes(channel);
        Optional<Reason> stopped = stopped(leg, known, draft);
        if (stopped.isPresent()) {
            verdicts.end(channel, DeliveryState.CANCELLED, stopped.get());
        } else {
            Rule rule = rule(notification);
            verdicts.by(rule);
            channels.plan(
                    channel,
                    leg.getWaitsFor(),
                    new Decided(notification, rule, planned(notification, rule), verdicts, draft));
            if (channel == Channel.INBOX && verdicts.seq() != null) {
                seqKnown(notification, verdicts.seq(), draft);
                Replacing.mark(rule.collapse(notification), verdicts.seq(), draft);
            }
        }
        verdicts.write();
        if (verdicts.isOutOfReach(channel)) {
            failOver(channel, known.getNotificationId(), draft);
        } else if (verdicts.isSettled(channel)) {
            needNoFailover(channel, known.getNotificationId(), draft);
        }
    }

    /** Plans the channel that comes after one that has failed, of those that wait for it to fail. */
    void failOver(Channel failed, String notificationId, Draft draft) {
        draft.open().notification(notificationId).ifPresent(known -> behind(failed, known, draft).stream()
                .findFirst()
                .ifPresent(leg -> wakeNow(known, leg, draft)));
    }

    /** Ends the channels that wait for this one to fail: it did not. */
    void needNoFailover(Channel channel, String notificationId, Draft draft) {
        draft.open().notification(notificationId).ifPresent(known -> {
            Verdicts verdicts = Verdicts.again(known, draft);
            verdicts.cancel(behind(channel, known, draft), DeliveryState.SKIPPED, Reason.NOT_NEEDED);
            verdicts.write();
        });
    }

    // Those that wait, in the order in which they are to be tried. They may have begun to wait under another order.
    private List<OpenLeg> behind(Channel channel, OpenNotification known, Draft draft) {
        Rule rule = state.rules()
                .of(draft.user().tenant(), known.getCategory(), draft.user().user());
        return known.getLegs().stream()
                .filter(leg -> leg.getWaitsFor() == WaitsFor.FAILOVER && rule.isInFailover(channel))
                .sorted(Comparator.comparingInt(leg -> rule.stepsBehind(channel, leg.getChannel())))
                .toList();
    }

    /** Plans a channel that waits without waiting for its time any longer. */
    void wakeNow(OpenNotification known, OpenLeg leg, Draft draft) {
        AgendaEntry entry = Legs.entry(draft.user(), known.getNotificationId(), leg);
        draft.pending(entry.id()).ifPresent(pending -> {
            draft.change(new Plan.Change.Unschedule(entry));
            wake(pending, draft);
        });
    }

    /** Plans the end of a notification that was held and is taken back. */
    void endHeld(Notification notification, Reason reason, Draft draft) {
        end(notification, DeliveryState.CANCELLED, reason, true, draft);
    }

    /** Plans a digest whose time has come; one into which nothing came is none. */
    void digestDue(Digest digest, Draft draft) {
        Rule rule = state.rules()
                .of(draft.user().tenant(), digest.getCategory(), draft.user().user());
        Digests.Left left = Digests.without(digest, item -> ChannelPipeline.unwanted(item, digest, rule, draft));
        left.gone().forEach(gone -> left(gone.item(), digest, gone.reason(), draft));
        if (left.digest().getCount() > 0) {
            decide(Digests.notification(left.digest(), draft.user(), draft.now()), draft);
        }
    }

    /** Notes that a notification is not in its digest after all; its channel ended when it went in. */
    static void left(DigestItem item, Digest digest, Reason reason, Draft draft) {
        draft.decided(
                item.getNotificationId(),
                Decision.newBuilder()
                        .setSource(item.getSource())
                        .setEventId(item.getEventId())
                        .setCategory(digest.getCategory())
                        .setProfileVersion(draft.profile().getVersion())
                        .setReason(reason)
                        .setVerdicts(List.of())
                        .setAgain(true)
                        .setDigest(digest.getDigestId())
                        .build());
    }

    /** Plans the end of a notification that nothing can be decided about. */
    void endAll(Notification notification, Reason reason, boolean again, Draft draft) {
        end(notification, DeliveryState.DEAD, reason, again, draft);
    }

    private void end(Notification notification, DeliveryState ended, Reason reason, boolean again, Draft draft) {
        Rule rule = rule(notification);
        List<Channel> planned = planned(notification, rule);
        Verdicts verdicts = Verdicts.first(notification, rule, again, draft);
        (planned.isEmpty() ? List.of(Channel.INBOX) : planned).forEach(channel -> verdicts.end(channel, ended, reason));
        verdicts.write();
    }

    /** Plans the end of a channel that waited, and about which nothing can be decided. */
    static void endLeg(String leg, Reason reason, Draft draft) {
        Channel channel = Legs.channel(leg);
        draft.open().notification(Legs.notificationId(leg)).ifPresent(known -> {
            Verdicts verdicts = Verdicts.again(known, draft);
            verdicts.wakes(channel);
            verdicts.end(channel, DeliveryState.DEAD, reason);
            verdicts.write();
        });
    }

    private Optional<Reason> stopped(Pending leg, OpenNotification known, Draft draft) {
        if (known.getStopped() != null) {
            return Optional.of(known.getStopped());
        }
        if (isCalledOff(leg.getNotification())) {
            return Optional.of(Reason.BROADCAST_CANCELLED);
        }
        return known.getSeq() == null
                ? Optional.empty()
                : InboxWrites.cancels(leg.getUnless(), known.getSeq(), draft.inbox());
    }

    private boolean isCalledOff(Notification notification) {
        String broadcast = notification.getBroadcastId();
        return broadcast != null && Broadcasts.isCalledOff(broadcast, state);
    }

    private void seqKnown(Notification notification, long seq, Draft draft) {
        state.firstCopy(draft.user(), notification.getNotificationId(), draft.now())
                .ifPresent(copy -> draft.change(
                        new Plan.Change.Remember(draft.user(), notification.getNotificationId(), withSeq(copy, seq))));
    }

    private static FirstCopy withSeq(FirstCopy before, Long seq) {
        FirstCopy copy = ShallowCopy.of(before, new FirstCopy());
        copy.setSeq(seq);
        return copy;
    }

    private Rule rule(Notification notification) {
        return state.rules().of(notification.getTenant(), notification.getCategory(), notification.getUser());
    }

    /** Returns the channels of a notification: the inbox first, for its seq; then as the rule has them. */
    List<Channel> planned(Notification notification, Rule rule) {
        if (!notification.getChannels().isEmpty()) {
            return notification.getChannels();
        }
        List<Channel> planned = new ArrayList<>(
                rule.channels(state.templates().channels(notification.getTenant(), notification.getCategory())));
        rule.terms().getFailover().stream()
                .filter(channel -> !planned.contains(channel))
                .forEach(planned::add);
        rule.terms().getSteps().stream()
                .map(step -> step.getChannel())
                .filter(channel -> !planned.contains(channel))
                .forEach(planned::add);
        if (planned.remove(Channel.INBOX)) {
            planned.add(0, Channel.INBOX);
        }
        return planned;
    }

    private static void noted(Notification notification, Dedup.Repeat repeat, Draft draft) {
        draft.decided(
                notification.getNotificationId(),
                Decision.newBuilder()
                        .setSource(notification.getSource())
                        .setEventId(notification.getEventId())
                        .setCategory(notification.getCategory())
                        .setProfileVersion(draft.profile().getVersion())
                        .setReason(repeat.reason())
                        .setFirstOffset(repeat.firstOffset())
                        .setVerdicts(List.of())
                        .build());
    }
}
