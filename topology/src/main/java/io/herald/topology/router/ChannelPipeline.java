package io.herald.topology.router;

import io.herald.schema.Cap;
import io.herald.schema.Channel;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryState;
import io.herald.schema.Digest;
import io.herald.schema.DigestItem;
import io.herald.schema.Gate;
import io.herald.schema.Notification;
import io.herald.schema.OpenLeg;
import io.herald.schema.Overflow;
import io.herald.schema.QuietBehaviour;
import io.herald.schema.Reason;
import io.herald.schema.Step;
import io.herald.schema.Unless;
import io.herald.schema.WaitsFor;
import io.herald.topology.address.Address;
import io.herald.topology.address.Addresses;
import io.herald.topology.address.Reach;
import io.herald.topology.audience.Audience;
import io.herald.topology.caps.Caps;
import io.herald.topology.content.Content;
import io.herald.topology.content.Template;
import io.herald.topology.content.Values;
import io.herald.topology.digest.Digests;
import io.herald.topology.preferences.Preferences;
import io.herald.topology.presence.Sockets;
import io.herald.topology.route.Routing;
import io.herald.topology.route.VendorShares;
import io.herald.topology.rules.Rule;
import io.herald.topology.timing.QuietHours;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The way of one channel of a notification: audience, preferences, timing, caps, address, content, inbox, route. Each
 * is a pure rule of its own package; this page is their order, and the same for what comes new and for what waited.
 */
final class ChannelPipeline {
    // A gateway that is alive says at once what it showed; one that died never does.
    static final Duration GATEWAY_SILENT = Duration.ofSeconds(30);

    private final RouterState state;

    ChannelPipeline(RouterState state) {
        this.state = state;
    }

    /**
     * Plans one channel.
     *
     * @param waited what it has waited for, or null when the notification is new
     */
    void plan(Channel channel, WaitsFor waited, Decided decided) {
        Optional<Reason> unwanted = unwanted(channel, decided);
        if (unwanted.isPresent()) {
            decided.verdicts().end(channel, DeliveryState.SKIPPED, unwanted.get());
        } else if (!decided.notification()
                .getExpiresAt()
                .isAfter(decided.draft().now())) {
            decided.verdicts().end(channel, DeliveryState.EXPIRED, Reason.PAST_EXPIRY);
        } else if (decided.draft().open().isFull(decided.verdicts().planned()) && channel != Channel.INBOX) {
            decided.verdicts().end(channel, DeliveryState.SKIPPED, Reason.IN_FLIGHT_LIMIT);
        } else if (!waits(channel, waited, decided)
                && !digested(channel, decided)
                && !quiet(channel, decided)
                && !capped(channel, decided)) {
            reach(channel, decided);
        }
    }

    /** Returns whether a user wants a notification on a channel, and it is not too late for it. */
    static boolean hasUse(Channel channel, Decided decided) {
        return unwanted(channel, decided).isEmpty()
                && decided.notification().getExpiresAt().isAfter(decided.draft().now());
    }

    /** Lets a channel wait until another one has failed. */
    void waitForFailover(Channel channel, Decided decided) {
        Optional<Reason> unwanted = unwanted(channel, decided);
        if (unwanted.isPresent()) {
            decided.verdicts().end(channel, DeliveryState.SKIPPED, unwanted.get());
        } else {
            Instant end = decided.notification().getExpiresAt();
            wait(channel, WaitsFor.FAILOVER, Unless.READ, end, Reason.FAILOVER, decided);
        }
    }

    private static Optional<Reason> unwanted(Channel channel, Decided decided) {
        Notification notification = decided.notification();
        Draft draft = decided.draft();
        return Audience.excluded(draft.user().user(), notification.getActor(), draft.profile(), decided.rule())
                .or(() -> decided.rule().passes(Gate.OPT_OUT)
                        ? Optional.empty()
                        : Preferences.optedOut(
                                draft.profile(),
                                notification.getCategory(),
                                channel,
                                notification.getTopic(),
                                notification.getObject()));
    }

    /** Says why a user does not want something in a digest any more, or nothing if they do. */
    static Optional<Reason> unwanted(DigestItem item, Digest digest, Rule rule, Draft draft) {
        return Audience.excluded(draft.user().user(), item.getActor(), draft.profile(), rule)
                .or(() -> rule.passes(Gate.OPT_OUT)
                        ? Optional.empty()
                        : Preferences.optedOut(
                                draft.profile(),
                                digest.getCategory(),
                                digest.getChannel(),
                                item.getTopic(),
                                item.getObject()));
    }

    private static boolean waits(Channel channel, WaitsFor waited, Decided decided) {
        Instant now = decided.draft().now();
        Notification notification = decided.notification();
        if (notification.getDigest() != null || (waited != null && waited != WaitsFor.SEND_AT)) {
            return false;
        }
        if (waited == null
                && notification.getSendAt() != null
                && notification.getSendAt().isAfter(now)) {
            return wait(channel, WaitsFor.SEND_AT, Unless.NEVER, notification.getSendAt(), Reason.SEND_AT, decided);
        }
        Optional<Step> step = decided.rule().step(channel);
        if (step.isPresent()) {
            Instant due = now.plusMillis(step.get().getAfterMs());
            return wait(channel, WaitsFor.STEP, step.get().getUnless(), due, Reason.STEP, decided);
        }
        return channel == Channel.PUSH
                && decided.verdicts().seq() != null
                && asksSockets(decided)
                && decided.draft().isOnline()
                && wait(channel, WaitsFor.SOCKET, Unless.SEEN, now.plus(GATEWAY_SILENT), Reason.ON_SOCKET, decided);
    }

    private static boolean digested(Channel channel, Decided decided) {
        return Digests.terms(decided.rule(), decided.draft().profile(), decided.notification(), channel)
                .map(terms -> Digesting.join(channel, terms, decided))
                .orElse(false);
    }

    private static boolean quiet(Channel channel, Decided decided) {
        if (decided.rule().passes(Gate.QUIET_HOURS)) {
            return false;
        }
        Optional<QuietHours.Quiet> quiet = QuietHours.at(
                decided.draft().profile(), channel, decided.draft().now());
        quiet.ifPresent(now -> {
            if (decided.rule().terms().getQuietHours() == QuietBehaviour.DROP) {
                decided.verdicts().end(channel, DeliveryState.SKIPPED, now.reason());
            } else {
                wait(channel, WaitsFor.QUIET_HOURS, Unless.READ, now.until(), now.reason(), decided);
            }
        });
        return quiet.isPresent();
    }

    private static boolean capped(Channel channel, Decided decided) {
        if (decided.rule().passes(Gate.CAP)) {
            return false;
        }
        Draft draft = decided.draft();
        Optional<Cap> exceeded = Caps.exceeded(
                draft.capLogs(),
                decided.rule().terms().getCaps(),
                draft.profile().getCaps(),
                decided.notification().getCategory(),
                channel,
                draft.now());
        exceeded.ifPresent(cap -> {
            if (cap.getOverflow() != Overflow.DIGEST || !Digesting.joinOverflow(channel, decided)) {
                decided.verdicts().end(channel, DeliveryState.SKIPPED, Reason.CAPPED);
            }
        });
        return exceeded.isPresent();
    }

    private void reach(Channel channel, Decided decided) {
        Draft draft = decided.draft();
        Notification notification = decided.notification();
        Reach reach = Addresses.on(
                channel,
                draft.user().tenant(),
                draft.profile(),
                decided.rule().terms().getMarketing(),
                draft.now());
        if (reach.addresses().isEmpty() && channel != Channel.INBOX) {
            decided.verdicts().end(channel, DeliveryState.SKIPPED, reach.none());
            return;
        }
        Optional<Template> template = state.templates()
                .find(
                        draft.user().tenant(),
                        notification.getCategory(),
                        channel,
                        draft.profile().getLocale());
        if (template.isEmpty()) {
            decided.verdicts().end(channel, DeliveryState.SKIPPED, Reason.NO_TEMPLATE);
            return;
        }
        Content content = template.get()
                .render(Values.of(notification, draft.profile().getDisplayName()), notification.getLink());
        if (channel == Channel.INBOX) {
            decided.verdicts().inInbox(InboxWrites.add(decided, content, gatewaysToAsk(decided)));
        } else {
            send(channel, reach.addresses(), content, decided);
        }
        draft.capLogs(Caps.counted(
                draft.capLogs(),
                state.rules().counting(decided.rule()),
                draft.profile().getCaps(),
                notification.getCategory(),
                channel,
                draft.now()));
    }

    private void send(Channel channel, List<Address> addresses, Content content, Decided decided) {
        Draft draft = decided.draft();
        Optional<Instant> nextQuiet = decided.rule().passes(Gate.QUIET_HOURS)
                ? Optional.empty()
                : QuietHours.nextStart(draft.profile(), channel, draft.now());
        for (Address address : addresses) {
            Delivery delivery = Routing.first(
                    decided.notification(),
                    decided.rule(),
                    channel,
                    address,
                    content,
                    draft.profile().getDisplayName(),
                    decided.verdicts().seq(),
                    draft.now(),
                    nextQuiet);
            VendorShares.choose(state.share(delivery.getRoute()), delivery.getDeliveryId(), delivery.getAttempt(), null)
                    .ifPresent(delivery::setVendor);
            decided.verdicts().routed(channel, delivery);
        }
        if (channel == Channel.PUSH && decided.verdicts().seq() != null) {
            draft.inbox().pushed(decided.verdicts().seq());
        }
    }

    private static boolean asksSockets(Decided decided) {
        return decided.rule().terms().getAcknowledgeWithinMs() != null
                && decided.channels().contains(Channel.PUSH);
    }

    // All that hold a socket: one that nobody counts on may show it all the same, and is counted on again then.
    private static List<String> gatewaysToAsk(Decided decided) {
        return asksSockets(decided) ? Sockets.gateways(decided.draft().connections()) : List.of();
    }

    // Not past its expiry: it ends then, whatever it waits for.
    private static boolean wait(
            Channel channel, WaitsFor what, Unless unless, Instant due, Reason reason, Decided decided) {
        Notification notification = decided.notification();
        // Only what of it waits is kept with the user; what is in the inbox is not.
        if (channel == Channel.INBOX
                && decided.draft().open().isFull(decided.verdicts().planned())) {
            decided.verdicts().end(channel, DeliveryState.SKIPPED, Reason.IN_FLIGHT_LIMIT);
            return true;
        }
        Instant end = due.isBefore(notification.getExpiresAt()) ? due : notification.getExpiresAt();
        decided.verdicts()
                .waits(
                        notification,
                        new OpenLeg(channel, what, unless, end, decided.rule().lane(notification)),
                        reason);
        return true;
    }
}
