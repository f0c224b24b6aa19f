package io.herald.testkit;

import io.herald.schema.Delivery;
import io.herald.schema.Environment;
import io.herald.schema.Lane;
import io.herald.schema.Route;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Deliveries as the router makes them. */
public final class TestDeliveries {
    private TestDeliveries() {}

    /** Returns a delivery that was decided now, to be changed as a test needs; another id each time. */
    public static Delivery.Builder to(Route route, String address) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return Delivery.newBuilder()
                .setTenant("acme")
                .setUser("ann")
                .setNotificationId(UUID.randomUUID().toString())
                .setDeliveryId(UUID.randomUUID().toString())
                .setAttempt(1)
                .setFailures(0)
                .setLane(Lane.URGENT)
                .setRoute(route)
                .setCategory("comment")
                .setAddress(address)
                .setAddressId("address-1")
                .setAddressSince(now.minus(Duration.ofDays(30)))
                .setApp("io.herald.demo")
                .setEnvironment(Environment.PRODUCTION)
                .setTitle("Bob commented")
                .setBody("Nice picture!")
                .setLink("https://example.com/p/1")
                .setDecidedAt(now)
                .setExpiresAt(now.plus(Duration.ofHours(1)))
                .setValidUntil(now.plus(Duration.ofMinutes(1)));
    }
}
