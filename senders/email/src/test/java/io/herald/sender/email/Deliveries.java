package io.herald.sender.email;

import io.herald.schema.Delivery;
import io.herald.schema.Environment;
import io.herald.schema.Lane;
import io.herald.schema.Route;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Deliveries to start from. */
final class Deliveries {
    static final String DELIVERY_ID = "7f0c1f3e-0000-4000-8000-000000000001";

    private Deliveries() {}

    static Delivery.Builder delivery() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return Delivery.newBuilder()
                .setTenant("acme")
                .setUser("alice")
                .setNotificationId("n-1")
                .setDeliveryId(DELIVERY_ID)
                .setAttempt(1)
                .setFailures(0)
                .setLane(Lane.URGENT)
                .setRoute(Route.EMAIL)
                .setCategory("order.shipped")
                .setAddress("alice@example.com")
                .setAddressId("hash")
                .setAddressName("Alice")
                .setAddressSince(now.minus(Duration.ofDays(1)))
                .setEnvironment(Environment.PRODUCTION)
                .setTitle("Your order has shipped")
                .setBody("It is on its way.")
                .setHtml("<p>It is on its way.</p>")
                .setDecidedAt(now)
                .setExpiresAt(now.plus(Duration.ofHours(1)))
                .setValidUntil(now.plus(Duration.ofMinutes(1)));
    }
}
