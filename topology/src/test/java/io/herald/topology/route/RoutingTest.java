package io.herald.topology.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.Delivery;
import io.herald.schema.Environment;
import io.herald.schema.Lane;
import io.herald.schema.Notification;
import io.herald.schema.OnUnknown;
import io.herald.schema.Route;
import io.herald.topology.address.Address;
import io.herald.topology.content.Content;
import io.herald.topology.identity.Ids;
import io.herald.topology.rules.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoutingTest {
    private static final Rule RULE = Rule.none("acme", "comment");
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Address PHONE =
            new Address(Route.APNS, "phone", "token-1", NOW.minusSeconds(60), "org.example.app", Environment.SANDBOX);

    @Test
    void theFirstHandOutSaysAllThatASenderNeeds() {
        Delivery delivery = Routing.first(
                notification(NOW.plus(Duration.ofDays(3))),
                RULE,
                Channel.PUSH,
                PHONE,
                new Content("title", "body", "<p>html</p>"),
                "Ann",
                7L,
                NOW,
                Optional.empty());
        assertThat(delivery)
                .isEqualTo(Delivery.newBuilder()
                        .setTenant("acme")
                        .setUser("ann")
                        .setNotificationId("n-1")
                        .setDeliveryId(Ids.delivery("n-1", Channel.PUSH, "phone"))
                        .setAttempt(1)
                        .setFailures(0)
                        .setLane(Lane.URGENT)
                        .setRoute(Route.APNS)
                        .setCategory("comment")
                        .setActor("bob")
                        .setAddress("token-1")
                        .setAddressId("phone")
                        .setAddressName("Ann")
                        .setAddressSince(NOW.minusSeconds(60))
                        .setApp("org.example.app")
                        .setEnvironment(Environment.SANDBOX)
                        .setTitle("title")
                        .setBody("body")
                        .setHtml("<p>html</p>")
                        .setLink("https://example.org/1")
                        .setCollapseKey("post-1")
                        .setSeq(7L)
                        .setDecidedAt(NOW)
                        .setExpiresAt(NOW.plus(Duration.ofDays(3)))
                        .setValidUntil(NOW.plusSeconds(60))
                        .setOnUnknown(OnUnknown.RETRY)
                        .build());
    }

    @Test
    void aDecisionIsNotValidPastItsExpiry() {
        Delivery delivery = first(NOW.plusSeconds(10));
        assertThat(delivery.getValidUntil()).isEqualTo(NOW.plusSeconds(10));
    }

    @Test
    void theNextHandOutGoesToWhereTheAddressIsNow() {
        Delivery first = first(NOW.plus(Duration.ofDays(3)));
        first.setFailures(2);
        Instant later = NOW.plusSeconds(600);
        Address renewed =
                new Address(Route.FCM, "phone", "token-2", later.minusSeconds(5), "project", Environment.PRODUCTION);
        Delivery again = Routing.again(first, renewed, later, Optional.empty());
        assertThat(again)
                .isEqualTo(Delivery.newBuilder(first)
                        .setAttempt(2)
                        .setRoute(Route.FCM)
                        .setAddress("token-2")
                        .setAddressSince(later.minusSeconds(5))
                        .setApp("project")
                        .setEnvironment(Environment.PRODUCTION)
                        .setDecidedAt(later)
                        .setValidUntil(later.plusSeconds(60))
                        .build());
        assertThat(again.getDeliveryId()).as("the same on every attempt").isEqualTo(first.getDeliveryId());
        assertThat(first.getAttempt()).as("the delivery given").isEqualTo(1);
    }

    private static Delivery first(Instant expiresAt) {
        return Routing.first(
                notification(expiresAt),
                RULE,
                Channel.PUSH,
                PHONE,
                new Content("title", "body", null),
                null,
                null,
                NOW,
                Optional.empty());
    }

    private static Notification notification(Instant expiresAt) {
        return Notification.newBuilder()
                .setTenant("acme")
                .setUser("ann")
                .setNotificationId("n-1")
                .setSource("blog")
                .setEventId("e-1")
                .setCategory("comment")
                .setActor("bob")
                .setData(List.of())
                .setChannels(List.of())
                .setLink("https://example.org/1")
                .setCollapseKey("post-1")
                .setOccurredAt(NOW)
                .setExpiresAt(expiresAt)
                .setContentHash(Ids.hash("x"))
                .build();
    }
}
