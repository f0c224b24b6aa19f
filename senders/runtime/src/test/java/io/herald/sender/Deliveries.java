package io.herald.sender;

import io.herald.schema.Delivery;
import io.herald.schema.Environment;
import io.herald.schema.Lane;
import io.herald.schema.Route;
import java.time.Duration;
import java.time.Instant;

/** Deliveries for tests. */
final class Deliveries {
    private Deliveries() {}

    static Delivery decidedAt(Instant decided) {
        return Delivery.newBuilder()
                .setTenant("acme")
                .setUser("ann")
                .setNotificationId("3f0e2a51-6f1c-8d6e-9a10-0d7a6b1c2d3e")
                .setDeliveryId("8a1b2c3d-4e5f-8a6b-8c7d-9e0f1a2b3c4d")
                .setAttempt(2)
                .setFailures(1)
                .setLane(Lane.URGENT)
                .setRoute(Route.APNS)
                .setCategory("comment")
                .setAddress("f00d")
                .setAddressId("phone-1")
                .setAddressSince(decided.minus(Duration.ofDays(30)))
                .setEnvironment(Environment.PRODUCTION)
                .setTitle("Hello")
                .setBody("World")
                .setDecidedAt(decided)
                .setExpiresAt(decided.plus(Duration.ofHours(1)))
                .setValidUntil(decided.plus(Duration.ofMinutes(1)))
                .build();
    }
}
