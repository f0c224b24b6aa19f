package io.herald.sender.apns;

import com.eatthepath.pushy.apns.DeliveryPriority;
import com.eatthepath.pushy.apns.PushType;
import com.eatthepath.pushy.apns.util.SimpleApnsPushNotification;
import io.herald.schema.Delivery;
import io.herald.schema.Lane;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.UUID;

/**
 * A notification that knows whether it may have left: pushy asks for the payload at the moment it writes it, and says
 * so nowhere else.
 */
final class WatchedNotification extends SimpleApnsPushNotification {
    private static final int MOST_COLLAPSE_BYTES = 64;

    private volatile boolean written;

    WatchedNotification(Delivery delivery, String topic, ApnsKind kind) {
        super(
                delivery.getAddress(),
                topic,
                ApnsPayload.of(delivery, kind),
                kind == ApnsKind.PUSH_TO_TALK ? null : delivery.getExpiresAt(),
                priority(delivery, kind),
                kind == ApnsKind.ALERT && delivery.getSilent() ? PushType.BACKGROUND : kind.type(),
                kind.collapses() ? collapseId(delivery) : null,
                UUID.fromString(delivery.getDeliveryId()));
    }

    /** Apple refuses to wake an app at once for what nobody sees. */
    private static DeliveryPriority priority(Delivery delivery, ApnsKind kind) {
        boolean atOnce = kind.atOnce() || (delivery.getLane() == Lane.URGENT && !delivery.getSilent());
        return atOnce ? DeliveryPriority.IMMEDIATE : DeliveryPriority.CONSERVE_POWER;
    }

    @Override
    public String getPayload() {
        written = true;
        return super.getPayload();
    }

    /** Returns whether any of it may have left. */
    boolean written() {
        return written;
    }

    /**
     * What replaces an earlier copy on the screen: later news of the same thing, or the same delivery repeated. A key
     * that a header cannot carry goes as its hash.
     */
    static String collapseId(Delivery delivery) {
        String key = delivery.getCollapseKey();
        if (key == null) {
            return delivery.getDeliveryId();
        }
        boolean plain = key.length() <= MOST_COLLAPSE_BYTES && key.chars().allMatch(c -> c > ' ' && c < 0x7F);
        return plain && !key.isEmpty() ? key : hash(key);
    }

    private static String hash(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
