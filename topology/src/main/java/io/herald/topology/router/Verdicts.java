package io.herald.topology.router;

import io.herald.schema.Channel;
import io.herald.schema.ChannelVerdict;
import io.herald.schema.Decision;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryState;
import io.herald.schema.Notification;
import io.herald.schema.OpenLeg;
import io.herald.schema.OpenNotification;
import io.herald.schema.Reason;
import io.herald.topology.ledger.OpenDeliveries;
import io.herald.topology.rules.Rule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Collects what becomes of a notification's channels, and writes what follows: the ledger, its row, what stays open.
 */
final class Verdicts {
    private static final Set<Reason> OUT_OF_REACH = EnumSet.of(
            Reason.NO_ADDRESS,
            Reason.SUPPRESSED,
            Reason.TOKEN_STALE,
            Reason.NO_TEMPLATE,
            Reason.CHANNEL_OPTED_OUT,
            Reason.IN_FLIGHT_LIMIT);

    private final Draft draft;
    private final boolean again;
    private final boolean known;
    private final OpenNotification opened;
    private final List<ChannelVerdict> verdicts = new ArrayList<>();
    private final Map<Channel, ChannelVerdict> latest = new EnumMap<>(Channel.class);
    private final int counted;

    private Verdicts(OpenNotification opened, boolean again, boolean known, Draft draft) {
        this.opened = opened;
        this.again = again;
        this.known = known;
        this.draft = draft;
        this.counted = known ? size() : 0;
    }

    /**
     * Begins the first decision about the channels of a notification.
     *
     * @param again whether the ledger has a decision of it all the same: that it is held
     */
    static Verdicts first(Notification notification, Rule rule, boolean again, Draft draft) {
        OpenNotification opened = OpenNotification.newBuilder()
                .setNotificationId(notification.getNotificationId())
                .setSource(notification.getSource())
                .setEventId(notification.getEventId())
                .setCategory(notification.getCategory())
                .setDecidedAt(draft.now())
                .setMailboxPartition(draft.cause().partition())
                .setMailboxOffset(draft.cause().offset())
                .setAccepted(0)
                .setSkipped(0)
                .setDead(0)
                .setExpired(0)
                .setCancelled(0)
                .setReasons(new ArrayList<>())
                .setOpen(new ArrayList<>())
                .setCancelKey(notification.getCancelKey())
                .setCollapse(rule.collapse(notification).orElse(null))
                .setRuleVersion(rule.version())
                .setExceptionsOnly(rule.terms().getExceptionsOnly())
                .build();
        return new Verdicts(opened, again, false, draft);
    }

    /** Begins a decision about channels of {@code known} that waited. */
    static Verdicts again(OpenNotification known, Draft draft) {
        // Avro's own lists cannot be changed while they are read.
        OpenNotification opened = OpenNotification.newBuilder(known).build();
        opened.setOpen(new ArrayList<>(known.getOpen()));
        opened.setReasons(new ArrayList<>(known.getReasons()));
        return new Verdicts(opened, true, true, draft);
    }

    Long seq() {
        return opened.getSeq();
    }

    /** Returns how many deliveries and waits this decision has made that the user's open ones do not count yet. */
    int planned() {
        return size() - counted;
    }

    /** Returns whether a channel is out or waits. */
    boolean isUnderWay(Channel channel) {
        ChannelVerdict verdict = latest.get(channel);
        return verdict != null
                && (verdict.getState() == DeliveryState.ROUTED || verdict.getState() == DeliveryState.WAITING);
    }

    /** Returns whether a channel was reached, or is not to be: then no other has to serve in its place. */
    boolean isSettled(Channel channel) {
        DeliveryState state = latest.get(channel).getState();
        return state == DeliveryState.ACCEPTED || (state == DeliveryState.SKIPPED && !isOutOfReach(channel));
    }

    /**
     * Returns whether a channel could not be tried, so that another has to serve; also when it was not planned at all.
     */
    boolean isOutOfReach(Channel channel) {
        ChannelVerdict verdict = latest.get(channel);
        return verdict == null
                || (verdict.getState() == DeliveryState.SKIPPED && OUT_OF_REACH.contains(verdict.getReason()));
    }

    void inInbox(long seq) {
        opened.setSeq(seq);
        OpenDeliveries.count(opened, DeliveryState.ACCEPTED);
        add(Channel.INBOX, DeliveryState.ACCEPTED, null, null, null);
    }

    void end(Channel channel, DeliveryState state, Reason reason) {
        end(channel, state, reason, null);
    }

    void end(Channel channel, DeliveryState state, Reason reason, String detail) {
        OpenDeliveries.count(opened, state);
        reasons(Stream.of(channel + ":" + reason));
        add(channel, state, reason, detail, null);
    }

    void waits(Notification notification, OpenLeg leg, Reason reason) {
        Channel channel = leg.getChannel();
        Instant due = leg.getDue();
        List<OpenLeg> legs = new ArrayList<>(opened.getLegs());
        legs.add(leg);
        opened.setLegs(legs);
        Legs.schedule(notification, leg, draft);
        add(channel, DeliveryState.WAITING, reason, null, due);
    }

    void routed(Channel channel, Delivery delivery) {
        opened.getOpen().add(Deadlines.handOut(delivery, draft));
        draft.deliver(delivery);
        add(ChannelVerdict.newBuilder()
                .setChannel(channel)
                .setState(DeliveryState.ROUTED)
                .setRoute(delivery.getRoute())
                .setAddressId(delivery.getAddressId())
                .setDeliveryId(delivery.getDeliveryId())
                .build());
    }

    /** Notes by which rule it is decided from now on. */
    void by(Rule rule) {
        opened.setRuleVersion(rule.version());
    }

    /** Takes a channel out of those that wait; what becomes of it is said next. */
    void wakes(Channel channel) {
        opened.setLegs(opened.getLegs().stream()
                .filter(leg -> leg.getChannel() != channel)
                .toList());
    }

    /** Ends channels that wait, before they are due. */
    void cancel(Collection<OpenLeg> legs, DeliveryState state, Reason reason) {
        for (OpenLeg leg : legs) {
            draft.change(new Plan.Change.Unschedule(Legs.entry(draft.user(), opened.getNotificationId(), leg)));
            wakes(leg.getChannel());
            end(leg.getChannel(), state, reason);
        }
    }

    /** Sees to it that nothing of the notification that is out already is sent once more. */
    void stop(Reason reason) {
        opened.setStopped(reason);
    }

    void write() {
        draft.open().put(opened);
        if (known && verdicts.isEmpty()) {
            return;
        }
        draft.decided(
                opened.getNotificationId(),
                Decision.newBuilder()
                        .setSource(opened.getSource())
                        .setEventId(opened.getEventId())
                        .setCategory(opened.getCategory())
                        .setSeq(opened.getSeq())
                        .setProfileVersion(draft.profile().getVersion())
                        .setRuleVersion(opened.getRuleVersion())
                        .setVerdicts(verdicts)
                        .setAgain(again)
                        .build());
        if (!known || OpenDeliveries.isEnded(opened)) {
            draft.row(opened);
        }
    }

    private void add(Channel channel, DeliveryState state, Reason reason, String detail, Instant due) {
        add(ChannelVerdict.newBuilder()
                .setChannel(channel)
                .setState(state)
                .setReason(reason)
                .setDetail(detail)
                .setDueAt(due)
                .build());
    }

    private void add(ChannelVerdict verdict) {
        latest.put(verdict.getChannel(), verdict);
        verdicts.add(verdict);
    }

    private int size() {
        return opened.getOpen().size() + opened.getLegs().size();
    }

    private void reasons(Stream<String> more) {
        opened.setReasons(Stream.concat(opened.getReasons().stream(), more)
                .distinct()
                .sorted()
                .toList());
    }
}
