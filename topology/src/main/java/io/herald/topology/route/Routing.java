package io.herald.topology.route;

import io.herald.schema.Channel;
import io.herald.schema.Delivery;
import io.herald.schema.Lane;
import io.herald.schema.Notification;
import io.herald.topology.address.Address;
import io.herald.topology.content.Content;
import io.herald.topology.identity.Ids;
import io.herald.topology.timing.ShelfLife;
import java.time.Instant;

/** Makes the deliveries that senders get. */
public final class Routing {
    private Routing() {}

    /** Returns the first hand-out of a notification to one address. */
    public static Delivery first(
            Notification notification,
            Channel channel,
            Address address,
            Content content,
            String addressName,
            Long seq,
            Instant now) {
        return Delivery.newBuilder()
                .setTenant(notification.getTenant())
                .setUser(notification.getUser())
                .setNotificationId(notification.getNotificationId())
                .setDeliveryId(Ids.delivery(notification.getNotificationId(), channel, address.id()))
                .setAttempt(1)
                .setFailures(0)
                .setLane(Lane.URGENT)
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
                .setCollapseKey(notification.getCollapseKey())
                .setSeq(seq)
                .setDecidedAt(now)
                .setExpiresAt(notification.getExpiresAt())
                .setValidUntil(ShelfLife.validUntil(Lane.URGENT, notification.getExpiresAt(), now))
                .build();
    }

    /** Returns {@code before} as it is handed out the next time, to where the address is now. */
    public static Delivery again(Delivery before, Address address, Instant now) {
        return Delivery.newBuilder(before)
                .setAttempt(before.getAttempt() + 1)
                .setRoute(address.route())
                .setAddress(address.value())
                .setAddressSince(address.since())
                .setApp(address.app())
                .setEnvironment(address.environment())
                .setDecidedAt(now)
                .setValidUntil(ShelfLife.validUntil(before.getLane(), before.getExpiresAt(), now))
                .build();
    }
}
