package io.herald.topology.router;

import io.herald.schema.Channel;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.Environment;
import io.herald.schema.Lane;
import io.herald.topology.address.Address;
import io.herald.topology.address.Addresses;
import io.herald.topology.identity.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;

/**
 * Takes what was read off the user's other devices, by a push that shows nothing. It is nobody's notification: it has
 * no place in the ledger, and is not tried again.
 */
final class Clearing {
    /** What such pushes are of. */
    static final String NOTIFICATION = "clear";

    private static final Duration LIFE = Duration.ofDays(1);

    private Clearing() {}

    /** Returns whether a report is about such a push. */
    static boolean isOf(DeliveryReported report) {
        return report.getNotificationId().equals(NOTIFICATION);
    }

    /** Plans the pushes. */
    static void send(Draft draft) {
        for (Address address : Addresses.on(Channel.PUSH, draft.user().tenant(), draft.profile(), false, draft.now())
                .addresses()) {
            draft.deliver(silent(address, draft));
        }
        draft.cleared();
    }

    private static Delivery silent(Address address, Draft draft) {
        Instant end = draft.now().plus(LIFE);
        return Delivery.newBuilder()
                .setTenant(draft.user().tenant())
                .setUser(draft.user().user())
                .setNotificationId(NOTIFICATION)
                .setDeliveryId(Ids.delivery(draft.user() + "/" + draft.inbox().version(), Channel.PUSH, address.id()))
                .setAttempt(1)
                .setFailures(0)
                .setLane(Lane.URGENT)
                .setRoute(address.route())
                .setCategory(NOTIFICATION)
                .setAddress(address.value())
                .setAddressId(address.id())
                .setAddressSince(address.since())
                .setApp(address.app())
                .setEnvironment(address.environment() == null ? Environment.PRODUCTION : address.environment())
                .setTitle("")
                .setBody("")
                .setDecidedAt(draft.now())
                .setExpiresAt(end)
                .setValidUntil(end)
                .setSilent(true)
                .setClearSeqs(new ArrayList<>(draft.toClear()))
                .build();
    }
}
