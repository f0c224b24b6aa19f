package io.herald.sender.fcm;

import io.herald.schema.Delivery;
import io.herald.schema.Environment;
import io.herald.schema.Lane;
import io.herald.schema.Route;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Deliveries to start from. */
final class Deliveries {
    static final String TOKEN = "dXNlcjphbGljZQ:APA91bHPRgkF3JUikC4ENAHEeMrd41Zxv3hVZjC9KtT8OvPVGJ";

    private Deliveries() {}

    static Delivery.Builder delivery() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return Delivery.newBuilder()
                .setTenant("acme")
                .setUser("alice")
                .setNotificationId("n-1")
                .setDeliveryId("7f0c1f3e-0000-4000-8000-000000000001")
                .setAttempt(1)
                .setFailures(0)
                .setLane(Lane.URGENT)
                .setRoute(Route.FCM)
                .setCategory("message")
                .setAddress(TOKEN)
                .setAddressId("device-1")
                .setAddressSince(now.minus(Duration.ofDays(1)))
                .setEnvironment(Environment.PRODUCTION)
                .setTitle("Bob")
                .setBody("Hello")
                .setLink("app://chat/1")
                .setSeq(7L)
                .setDecidedAt(now)
                .setExpiresAt(now.plus(Duration.ofHours(1)))
                .setValidUntil(now.plus(Duration.ofMinutes(1)));
    }
}
