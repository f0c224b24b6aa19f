package io.herald.topology.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.Channel;
import io.herald.schema.Hash16;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Derives ids by hash, so that every run, every attempt and every rule version names a thing the same.
 *
 * <p>Ids are UUID text (RFC 9562, version 8): the form that APNs wants for {@code apns-id}.
 */
public final class Ids {
    private static final byte[] NOTHING = {};

    private Ids() {}

    /** Returns the id of the notification that one event is for one user. */
    public static String notification(String tenant, String source, String eventId, String user) {
        return uuid(hash(tenant, source, eventId, user));
    }

    /** Returns the id of a notification's delivery to one address. */
    public static String delivery(String notificationId, Channel channel, String addressId) {
        return uuid(hash(notificationId, channel.name(), addressId));
    }

    /** Returns the id of the notification that a digest becomes: another one for each that is opened. */
    public static String digest(
            String tenant, String user, String category, String key, Channel channel, Instant openedAt) {
        return uuid(
                hash("digest", tenant, user, category, key, channel.name(), Long.toString(openedAt.toEpochMilli())));
    }

    /**
     * Returns the id of the event that tells a producer of an end: of a delivery, or of a channel without one; null is
     * a value like others.
     */
    public static String status(
            String notificationId, String deliveryId, String channel, String addressId, String state) {
        return uuid(hash("status", notificationId, deliveryId, channel, addressId, state));
    }

    /** Returns the id under which a user's notifications of a category wait to be collected by a key. */
    public static String bucket(String category, String key, Channel channel) {
        return uuid(hash("bucket", category, key, channel.name()));
    }

    /** Names an address without telling it. */
    public static String address(String tenant, String address) {
        return uuid(hash(tenant, address));
    }

    /** Hashes texts; each is preceded by its length, so that no two lists run into one another. */
    public static Hash16 hash(String... parts) {
        MessageDigest digest = sha256();
        for (String part : parts) {
            byte[] bytes = part == null ? NOTHING : part.getBytes(UTF_8);
            int length = part == null ? -1 : bytes.length;
            for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
                digest.update((byte) (length >>> shift));
            }
            digest.update(bytes);
        }
        return new Hash16(Arrays.copyOf(digest.digest(), 16));
    }

    /** Returns a hash as 32 hex digits, short and plain enough for every provider's collapse key, tag or topic. */
    public static String text(Hash16 hash) {
        return HexFormat.of().formatHex(hash.bytes());
    }

    /** Returns a new SHA-256. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    private static String uuid(Hash16 hash) {
        ByteBuffer bits = ByteBuffer.wrap(hash.bytes());
        long high = (bits.getLong() & ~0xF000L) | 0x8000L;
        long low = (bits.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
