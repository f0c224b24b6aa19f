package io.herald.sender.fcm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.firebase.messaging.AndroidConfig;
import com.google.firebase.messaging.AndroidNotification;
import com.google.firebase.messaging.ApnsConfig;
import com.google.firebase.messaging.Aps;
import com.google.firebase.messaging.Message;
import com.google.firebase.messaging.Notification;
import io.herald.schema.Delivery;
import io.herald.schema.Lane;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A delivery as FCM wants it.
 *
 * @param bytes of the payload, as FCM counts them against {@value #LIMIT}: names and texts, in UTF-8
 */
record FcmMessage(Message message, int bytes) {
    /** Payload limit, in bytes. */
    static final int LIMIT = 4096;

    private static final int LONGEST_COLLAPSE_KEY = 64;
    private static final Duration LONGEST_TTL = Duration.ofDays(28);

    /**
     * Returns the message.
     *
     * @throws IllegalArgumentException if the delivery has no address
     */
    static FcmMessage of(Delivery delivery, Instant now) {
        return delivery.getSilent() ? silent(delivery, now) : shown(delivery, now);
    }

    // Registration tokens are what apps give us; the installation ids that are to follow them go by another field.
    @SuppressWarnings("deprecation")
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
        AndroidConfig.Builder android = AndroidConfig.builder()
                .setPriority(
                        delivery.getLane() == Lane.URGENT ? AndroidConfig.Priority.HIGH : AndroidConfig.Priority.NORMAL)
                .setTtl(ttl(delivery, now).toMillis())
                .setNotification(AndroidNotification.builder().setTag(tag).build());
        if (delivery.getCollapseKey() != null) {
            // Only then: FCM throttles collapsible messages, and keeps four keys for each device.
            android.setCollapseKey(tag);
        }
        Message message = Message.builder()
                .setToken(delivery.getAddress())
                .setNotification(Notification.builder()
                        .setTitle(delivery.getTitle())
                        .setBody(delivery.getBody())
                        .build())
                .putAllData(data)
                .setAndroidConfig(android.build())
                .build();
        Map<String, String> shown = Map.of("title", delivery.getTitle(), "body", delivery.getBody(), "tag", tag);
        return new FcmMessage(message, size(data) + size(shown));
    }

    /**
     * Tells the app which notifications to take away, as data alone: the system shows nothing of it. Of normal
     * priority, as Google lowers all of an app's messages if those of high priority show nothing. An app for iPhones
     * that gets its messages from Firebase is woken as by Apple's own service.
     */
    @SuppressWarnings("deprecation") // The token, as above.
    private static FcmMessage silent(Delivery delivery, Instant now) {
        String seqs = delivery.getClearSeqs().stream().map(String::valueOf).collect(Collectors.joining(","));
        Map<String, String> data = new TreeMap<>();
        data.put("deliveryId", delivery.getDeliveryId());
        data.put("herald", "{\"clear\":[" + seqs + "]}");
        Message message = Message.builder()
                .setToken(delivery.getAddress())
                .putAllData(data)
                .setAndroidConfig(AndroidConfig.builder()
                        .setPriority(AndroidConfig.Priority.NORMAL)
                        .setTtl(ttl(delivery, now).toMillis())
                        .build())
                .setApnsConfig(ApnsConfig.builder()
                        .putHeader("apns-push-type", "background")
                        .putHeader("apns-priority", "5")
                        .setAps(Aps.builder().setContentAvailable(true).build())
                        .build())
                .build();
        return new FcmMessage(message, size(data));
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

    boolean fits() {
        return bytes <= LIMIT;
    }

    private static Duration ttl(Delivery delivery, Instant now) {
        Duration left = Duration.between(now, delivery.getExpiresAt());
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        return left.compareTo(LONGEST_TTL) > 0 ? LONGEST_TTL : left;
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
