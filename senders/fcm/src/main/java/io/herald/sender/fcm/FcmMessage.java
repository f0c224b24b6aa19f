package io.herald.sender.fcm;

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
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A delivery as FCM wants it.
 *
 * @see <a href="https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages">REST resource
 *     projects.messages</a>
 */
final class FcmMessage {
    /** Payload limit, in bytes. */
    static final int LIMIT = 4096;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_COLLAPSE_KEY = 64;
    private static final Duration LONGEST_TTL = Duration.ofDays(28);

    /**
     * A Firebase installation id, which takes the place of registration tokens: 22 characters, the first of which says
     * so.
     */
    private static final Pattern INSTALLATION = Pattern.compile("[cdef][A-Za-z0-9_-]{21}");

    private final ObjectNode message;
    private final int bytes;

    private FcmMessage(ObjectNode message, int bytes) {
        this.message = message;
        this.bytes = bytes;
    }

    /**
     * Returns the message.
     *
     * @throws IllegalArgumentException if the delivery has no address
     */
    static FcmMessage of(Delivery delivery, Instant now) {
        if (delivery.getAddress().isEmpty()) {
            throw new IllegalArgumentException("no address");
        }
        return delivery.getSilent() ? silent(delivery, now) : shown(delivery, now);
    }

    private static FcmMessage shown(Delivery delivery, Instant now) {
        Map<String, String> data = new TreeMap<>();
        data.put("notificationId", delivery.getNotificationId());
        data.put("deliveryId", delivery.getDeliveryId());
        if (delivery.getLink() != null) {
            data.put("link", delivery.getLink());
        }
        if (delivery.getSeq() != null) {
            data.put("seq", delivery.getSeq().toString());
        }
        String tag = tag(delivery);
        ObjectNode message = to(delivery, data);
        Map<String, String> texts = Map.of("title", delivery.getTitle(), "body", "", "tag", tag);
        int bytes = size(data) + size(texts);
        String body = FittingText.fit(delivery.getBody(), LIMIT - bytes, UnaryOperator.identity());
        message.putObject("notification").put("title", delivery.getTitle()).put("body", body);
        ObjectNode android = message.putObject("android")
                .put("priority", delivery.getLane() == Lane.URGENT ? "high" : "normal")
                .put("ttl", ttl(delivery, now));
        android.putObject("notification").put("tag", tag);
        if (delivery.getCollapseKey() != null) {
            // Only then: FCM throttles collapsible messages, and keeps four keys for each device.
            android.put("collapse_key", tag);
        }
        return new FcmMessage(message, bytes + body.getBytes(UTF_8).length);
    }

    /**
     * Tells the app which notifications to take away, as data alone: the system shows nothing of it. Of normal
     * priority, as Google lowers all of an app's messages if those of high priority show nothing. An app for iPhones
     * that gets its messages from Firebase is woken as by Apple's own service.
     */
    private static FcmMessage silent(Delivery delivery, Instant now) {
        String seqs = delivery.getClearSeqs().stream().map(String::valueOf).collect(Collectors.joining(","));
        Map<String, String> data = new TreeMap<>();
        data.put("deliveryId", delivery.getDeliveryId());
        data.put("herald", "{\"clear\":[" + seqs + "]}");
        ObjectNode message = to(delivery, data);
        message.putObject("android").put("priority", "normal").put("ttl", ttl(delivery, now));
        ObjectNode apns = message.putObject("apns");
        apns.putObject("headers").put("apns-push-type", "background").put("apns-priority", "5");
        apns.putObject("payload").putObject("aps").put("content-available", 1);
        return new FcmMessage(message, size(data));
    }

    private static ObjectNode to(Delivery delivery, Map<String, String> data) {
        String address = delivery.getAddress();
        ObjectNode message = JSON.createObjectNode();
        message.put(INSTALLATION.matcher(address).matches() ? "fid" : "token", address);
        ObjectNode values = message.putObject("data");
        data.forEach(values::put);
        return message;
    }

    /**
     * Returns what Android knows a notification by. A repeat has the same and so replaces the first copy. It names the
     * seq, because that is all that an app which was not running can find out about what the system shows for it, when
     * it is told to take it away.
     */
    private static String tag(Delivery delivery) {
        if (delivery.getCollapseKey() != null) {
            return shortened(delivery.getCollapseKey());
        }
        return delivery.getSeq() == null ? delivery.getDeliveryId() : "herald-seq-" + delivery.getSeq();
    }

    /** Returns the size of its payload, as FCM counts it against {@value #LIMIT}: names and texts, in UTF-8. */
    int bytes() {
        return bytes;
    }

    boolean fits() {
        return bytes <= LIMIT;
    }

    /** Returns the body of the request. */
    byte[] json() {
        try {
            return JSON.writeValueAsBytes(JSON.createObjectNode().set("message", message));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("texts are always JSON", impossible);
        }
    }

    private static String ttl(Delivery delivery, Instant now) {
        Duration left = Duration.between(now, delivery.getExpiresAt());
        Duration kept = left.isNegative() ? Duration.ZERO : left.compareTo(LONGEST_TTL) > 0 ? LONGEST_TTL : left;
        return kept.toSeconds() + "s";
    }

    /** Returns the key itself, or its hash if it is too long. */
    private static String shortened(String key) {
        byte[] bytes = key.getBytes(UTF_8);
        if (bytes.length <= LONGEST_COLLAPSE_KEY) {
            return key;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static int size(Map<String, String> texts) {
        return texts.entrySet().stream()
                .mapToInt(each ->
                        each.getKey().getBytes(UTF_8).length + each.getValue().getBytes(UTF_8).length)
                .sum();
    }
}
