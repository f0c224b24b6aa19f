package io.herald.sender.webpush;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Route;
import io.herald.testkit.TestDeliveries;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebPushMessageTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @ParameterizedTest(name = "{0} s left: {2}")
    @CsvSource(textBlock = """
            3600,    3600,    an hour
            0,       0,       now or never
            -5,      0,       past it
            9999999, 2419200, more than four weeks
            """)
    void liveUntilTheDeliveryExpires(long left, String ttl, String reason) {
        assertThat(WebPushMessage.headers(
                        TestDeliveries.to(Route.WEBPUSH, "x")
                                .setExpiresAt(NOW.plusSeconds(left))
                                .build(),
                        NOW))
                .as(reason)
                .containsEntry("TTL", ttl);
    }

    @Test
    void hidesHowLongATextIs() {
        byte[] hi = payload("hi");
        byte[] longer = payload("x".repeat(100));

        assertThat(hi).hasSameSizeAs(longer);
        assertThat(new JsonObject(new String(hi, UTF_8)).getString("body")).isEqualTo("hi");
    }

    @Test
    void sendsTheIdsAloneBesideALinkThatFillsIt() {
        byte[] payload = WebPushMessage.payload(TestDeliveries.to(Route.WEBPUSH, "x")
                .setLink("https://example.com/" + "x".repeat(4_000))
                .setExpiresAt(NOW.plus(Duration.ofHours(1)))
                .build());

        assertThat(new JsonObject(new String(payload, UTF_8)).fieldNames())
                .containsExactlyInAnyOrder("deliveryId", "notificationId");
    }

    @Test
    void staysWithinWhatServicesTake() {
        for (int length = 0; length < 5_000; length += 97) {
            assertThat(payload("\u20AC".repeat(length)).length).isLessThanOrEqualTo(WebPushMessage.USUAL_BYTES);
        }
    }

    private static byte[] payload(String body) {
        return WebPushMessage.payload(
                TestDeliveries.to(Route.WEBPUSH, "x").setBody(body).build());
    }
}
