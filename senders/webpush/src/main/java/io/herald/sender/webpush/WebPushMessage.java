package io.herald.sender.webpush;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.schema.Delivery;
import io.herald.schema.Lane;
import io.herald.sender.FittingText;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/** What a delivery is to a push service, and to the service worker behind it. */
final class WebPushMessage {
    /** What one record of aes128gcm leaves of 4,096 bytes (RFC 8291 §4). */
    static final int MOST_BYTES = 3_993;
    /** What is aimed at: services and browsers differ in how much they take beyond. */
    static final int USUAL_BYTES = 3_072;

    private static final int PADDED_TO = 512;
    private static final int TOPIC_BYTES = 24;
    private static final Duration LONGEST_TTL = Duration.ofDays(28);
    private static final ObjectMapper JSON = new ObjectMapper();

    private WebPushMessage() {}

    /** Returns the headers that say how to treat it (RFC 8030 §5). */
    static Map<String, String> headers(Delivery delivery, Instant now) {
        Duration left = Duration.between(now, delivery.getExpiresAt());
        Duration ttl = left.compareTo(LONGEST_TTL) > 0 ? LONGEST_TTL : left;
        return Map.of(
                "TTL",
                Long.toString(Math.max(0, ttl.toSeconds())),
                "Urgency",
                delivery.getLane() == Lane.URGENT && !delivery.getSilent() ? "high" : "normal",
                "Topic",
                topic(delivery),
                "Content-Encoding",
                "aes128gcm",
                "Content-Type",
                "application/octet-stream");
    }

    /** A repeat has the topic of its first copy, and so replaces it if it still waits. */
    private static String topic(Delivery delivery) {
        String key = delivery.getCollapseKey() == null || delivery.getSilent()
                ? delivery.getDeliveryId()
                : delivery.getCollapseKey();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
            return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(hash, TOPIC_BYTES));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /**
     * Returns the JSON for the service worker, padded. A body that is too long for it ends in an ellipsis; if it is too
     * long without one, as with a very long link, this is {@link #idsOnly}.
     */
    static byte[] payload(Delivery delivery) {
        String json = delivery.getSilent()
                ? silent(delivery)
                : FittingText.fit(delivery.getBody(), USUAL_BYTES, body -> shown(delivery, body));
        byte[] bytes = json.getBytes(UTF_8);
        return bytes.length > MOST_BYTES ? idsOnly(delivery) : padded(bytes);
    }

    /** Returns as little as a service worker needs to fetch the rest. */
    static byte[] idsOnly(Delivery delivery) {
        return padded(text(ids(delivery)).getBytes(UTF_8));
    }

    private static String shown(Delivery delivery, String body) {
        ObjectNode payload = ids(delivery).put("title", delivery.getTitle()).put("body", body);
        if (delivery.getLink() != null) {
            payload.put("link", delivery.getLink());
        }
        return text(payload);
    }

    private static String silent(Delivery delivery) {
        ObjectNode payload = JSON.createObjectNode().put("deliveryId", delivery.getDeliveryId());
        delivery.getClearSeqs().forEach(payload.putObject("herald").putArray("clear")::add);
        return text(payload);
    }

    private static ObjectNode ids(Delivery delivery) {
        ObjectNode payload = JSON.createObjectNode()
                .put("deliveryId", delivery.getDeliveryId())
                .put("notificationId", delivery.getNotificationId());
        return delivery.getSeq() == null ? payload : payload.put("seq", delivery.getSeq());
    }

    /** Spaces behind JSON mean nothing, and hide from the push service how long a text is. */
    private static byte[] padded(byte[] json) {
        int length = (json.length + PADDED_TO - 1) / PADDED_TO * PADDED_TO;
        byte[] padded = Arrays.copyOf(json, Math.min(length, MOST_BYTES));
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }

    private static String text(ObjectNode json) {
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("texts and numbers are always JSON", impossible);
        }
    }
}
