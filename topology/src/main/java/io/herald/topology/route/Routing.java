package io.herald.topology.route;

import io.herald.schema.Channel;
import io.herald.schema.Delivery;
import io.herald.schema.Lane;
import io.herald.schema.Notification;
import io.herald.topology.address.Address;
import io.herald.topology.content.Content;
import io.herald.topology.identity.Ids;
import io.herald.topology.rules.Rule;
import io.herald.topology.timing.ShelfLife;
import java.time.Instant;
import java.util.Optional;

/** Makes the deliveries that senders get. */
public final class Routing {
    private Routing() {}

    /**
     * Returns the first hand-out of a notification to one address.
     *
     * @param nextQuiet when the user's next quiet hours for the channel begin, if they are near
     */
    public static Delivery first(
            Notification notification,
            Rule rule,
            Channel channel,
            Address address,
            Content content,
            String addressName,
            Long seq,
            Instant now,
            Optional<Instant> nextQuiet) {
        Lane lane = rule.lane(notification);
        return Delivery.newBuilder()
                .setTenant(notification.getTenant())
                .setUser(notification.getUser())
                .setNotificationId(notification.getNotificationId())
                .setDeliveryId(Ids.delivery(notification.getNotificationId(), channel, address.id()))
                .setAttempt(1)
                .setFailures(0)
                .setLane(lane)
                .setRoute(address.route())
                .setCategory(notification.getCategory())
                .setActor(notification.getActor())
                .setAddress(address.value())
                .setAddressId(address.id())
                .setAddressName(addressName)
                .setAddressSince(address.since())
                .setApp(address.app())
                .setEnvironment(address.environment())
                .setTitle(content.title())
                .setBody(content.body())
                .setHtml(content.html())
                .setLink(notification.getLink())
                .setCollapseKey(collapseKey(notification, rule))
                .setSeq(seq)
                .setDecidedAt(now)
                .setExpiresAt(notification.getExpiresAt())
                .setValidUntil(ShelfLife.validUntil(lane, notification.getExpiresAt(), now, nextQuiet))
                .setOnUnknown(rule.terms().getOnUnknown())
                .setAttempts(rule.terms().getAttempts())
                .setMarketing(rule.terms().getMarketing())
                .setObject(notification.getObject())
                .setTopic(notification.getTopic())
                .setDigestCount(
                        notification.getDigest() == null
                                ? null
                                : notification.getDigest().getCount())
                .build();
    }

    /** Returns {@code before} as it is handed out the next time, to where the address is now. */
    public static Delivery again(Delivery before, Address address, Instant now, Optional<Instant> nextQuiet) {
        return Delivery.newBuilder(before)
                .setAttempt(before.getAttempt() + 1)
                .setRoute(address.route())
                .setAddress(address.value())
                .setAddressSince(address.since())
                .setApp(address.app())
                .setEnvironment(address.environment())
                .setDecidedAt(now)
                .setValidUntil(ShelfLife.validUntil(before.getLane(), before.getExpiresAt(), now, nextQuiet))
                .build();
    }

    // What names the notification on a device: the producer's own key, or one made of what the rule collapses by.
    private static String collapseKey(Notification notification, Rule rule) {
        return notification.getCollapseKey() != null
                        || rule.collapse(notification).isEmpty()
                ? notification.getCollapseKey()
                : Ids.address(
                        notification.getTenant(), rule.collapse(notification).get());
    }
}
