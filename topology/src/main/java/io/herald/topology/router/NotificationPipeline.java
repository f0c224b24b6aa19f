package io.herald.topology.router;

import io.herald.schema.Channel;
import io.herald.schema.ChannelVerdict;
import io.herald.schema.Decision;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryState;
import io.herald.schema.FirstCopy;
import io.herald.schema.Notification;
import io.herald.schema.OpenNotification;
import io.herald.schema.Pair;
import io.herald.schema.Reason;
import io.herald.schema.Route;
import io.herald.topology.address.Address;
import io.herald.topology.address.Addresses;
import io.herald.topology.audience.Audience;
import io.herald.topology.content.Content;
import io.herald.topology.content.Template;
import io.herald.topology.content.Templates;
import io.herald.topology.dedup.Dedup;
import io.herald.topology.ledger.OpenDeliveries;
import io.herald.topology.preferences.Preferences;
import io.herald.topology.route.Routing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The way of one notification through the stages: dedup, audience, preferences, timing, address, content, inbox, route.
 * Each stage is a pure rule of its own package; this page is their order.
 */
final class NotificationPipeline {
    private final RouterState state;
    private final Holding holding;

    NotificationPipeline(RouterState state) {
        this.state = state;
        this.holding = new Holding(state);
    }

    /** Plans a notification as it comes out of the mailbox. */
    void arrive(Notification notification, Draft draft) {
        Optional<FirstCopy> first = state.firstCopy(draft.user(), notification.getNotificationId(), draft.now());
        Optional<Dedup.Repeat> repeat = Dedup.of(first, notification, draft.now());
        if (repeat.isPresent()) {
            draft.decided(
                    notification.getNotificationId(),
                    decision(notification, draft)
                            .setReason(repeat.get().reason())
                            .setFirstOffset(repeat.get().firstOffset())
                            .build());
            return;
        }
        draft.change(new Plan.Change.Remember(
                draft.user(),
                notification.getNotificationId(),
                new FirstCopy(draft.now(), draft.cause().offset(), notification.getContentHash(), null, false)));

        if (!holding.hold(notification, draft)) {
            decide(notification, draft);
        }
    }

    /** Plans a notification for which everything is known, or will not be waited for any longer. */
    void decide(Notification notification, Draft draft) {
        Optional<Reason> excluded = Audience.excluded(draft.user().user(), notification.getActor(), draft.profile());
        Verdicts verdicts = new Verdicts(notification, draft);
        for (Channel channel : channels(notification, state.templates())) {
            Optional<Reason> refused =
                    excluded.or(() -> Preferences.optedOut(draft.profile(), notification.getCategory(), channel));
            if (refused.isPresent()) {
                verdicts.end(channel, DeliveryState.SKIPPED, refused.get());
            } else if (!notification.getExpiresAt().isAfter(draft.now())) {
                verdicts.end(channel, DeliveryState.EXPIRED, Reason.PAST_EXPIRY);
            } else {
                reach(channel, notification, draft, verdicts);
            }
        }
        verdicts.write();
    }

    private void reach(Channel channel, Notification notification, Draft draft, Verdicts verdicts) {
        List<Address> addresses = Addresses.on(channel, draft.user().tenant(), draft.profile());
        if (addresses.isEmpty() && channel != Channel.INBOX) {
            verdicts.end(channel, DeliveryState.SKIPPED, Reason.NO_ADDRESS);
            return;
        }
        Optional<Template> template = state.templates()
                .find(
                        draft.user().tenant(),
                        notification.getCategory(),
                        channel,
                        draft.profile().getLocale());
        if (template.isEmpty()) {
            verdicts.end(channel, DeliveryState.SKIPPED, Reason.NO_TEMPLATE);
            return;
        }
        Content content = template.get().render(values(notification, draft));
        if (channel == Channel.INBOX) {
            verdicts.inInbox(InboxWrites.add(notification, content, draft));
            return;
        }
        for (Address address : addresses) {
            if (draft.open().isFull(verdicts.planned())) {
                verdicts.end(channel, DeliveryState.SKIPPED, Reason.IN_FLIGHT_LIMIT);
            } else {
                verdicts.routed(
                        channel,
                        Routing.first(
                                notification,
                                channel,
                                address,
                                content,
                                draft.profile().getDisplayName(),
                                verdicts.seq(),
                                draft.now()));
            }
        }
    }

    /** Plans the end of a notification that nothing can be decided about. */
    static void endAll(Notification notification, List<Channel> channels, Reason reason, Draft draft) {
        Verdicts verdicts = new Verdicts(notification, draft);
        channels.forEach(channel -> verdicts.end(channel, DeliveryState.DEAD, reason));
        verdicts.write();
    }

    /** Returns the channels that a notification is for, in the order of the enum: the inbox first, for its seq. */
    static List<Channel> channels(Notification notification, Templates templates) {
        return notification.getChannels().isEmpty()
                ? templates.channels(notification.getTenant(), notification.getCategory())
                : notification.getChannels();
    }

    static Decision.Builder decision(Notification notification, Draft draft) {
        return Decision.newBuilder()
                .setSource(notification.getSource())
                .setEventId(notification.getEventId())
                .setCategory(notification.getCategory())
                .setProfileVersion(draft.profile().getVersion())
                .setVerdicts(List.of());
    }

    private static Map<String, String> values(Notification notification, Draft draft) {
        Map<String, String> values = new TreeMap<>();
        if (notification.getActor() != null) {
            values.put("actor", notification.getActor());
        }
        String name = draft.profile().getDisplayName();
        values.put("recipient", name == null ? draft.user().user() : name);
        for (Pair pair : notification.getData()) {
            values.put(pair.getName(), pair.getValue());
        }
        return values;
    }

    /** Collects the verdicts of one notification and writes what follows from them. */
    private static final class Verdicts {
        private final Notification notification;
        private final Draft draft;
        private final List<ChannelVerdict> verdicts = new ArrayList<>();
        private final OpenNotification opened;

        Verdicts(Notification notification, Draft draft) {
            this.notification = notification;
            this.draft = draft;
            this.opened = OpenNotification.newBuilder()
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
                    .build();
        }

        Long seq() {
            return opened.getSeq();
        }

        int planned() {
            return opened.getOpen().size();
        }

        void inInbox(long seq) {
            opened.setSeq(seq);
            OpenDeliveries.count(opened, DeliveryState.ACCEPTED);
            verdicts.add(verdict(Channel.INBOX, DeliveryState.ACCEPTED, null, null, null, null));
        }

        void end(Channel channel, DeliveryState state, Reason reason) {
            OpenDeliveries.count(opened, state);
            opened.getReasons().add(channel + ":" + reason);
            verdicts.add(verdict(channel, state, reason, null, null, null));
        }

        void routed(Channel channel, Delivery delivery) {
            opened.getOpen().add(Deadlines.handOut(delivery, draft));
            draft.deliver(delivery);
            verdicts.add(verdict(
                    channel,
                    DeliveryState.ROUTED,
                    null,
                    delivery.getRoute(),
                    delivery.getAddressId(),
                    delivery.getDeliveryId()));
        }

        void write() {
            opened.getReasons().sort(Comparator.naturalOrder());
            if (!opened.getOpen().isEmpty()) {
                draft.open().add(opened);
            }
            draft.decided(
                    notification.getNotificationId(),
                    decision(notification, draft)
                            .setSeq(opened.getSeq())
                            .setVerdicts(verdicts)
                            .build());
            draft.row(opened);
        }

        private static ChannelVerdict verdict(
                Channel channel, DeliveryState state, Reason reason, Route route, String addressId, String deliveryId) {
            return new ChannelVerdict(channel, state, reason, null, route, addressId, deliveryId, null);
        }
    }
}
