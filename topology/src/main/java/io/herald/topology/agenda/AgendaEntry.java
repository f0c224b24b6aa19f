package io.herald.topology.agenda;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.Lane;
import io.herald.wire.UserKey;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * Something to look at when its time has come: a reference, never a payload.
 *
 * <p>Its key is lane, due time, shard, kind, user, id. So a scan from the front of a lane meets what is due first; ties
 * are broken the same way on every run.
 *
 * @param id what it is about: a delivery, a notification, a channel of one, a digest; empty where the user has one such
 *     entry at a time
 */
public record AgendaEntry(Lane lane, Instant due, Kind kind, UserKey user, String id) {
    /** What is to be done. */
    public enum Kind {
        /** Attempt a delivery again. */
        RETRY(0),
        /** See whether a held notification's template has come. */
        HOLD(1),
        /** Expire deliveries that nobody reported on. */
        DEADLINE(2),
        /** Decide a channel that waited. */
        LEG(3),
        /** Send a digest. */
        DIGEST(4),
        /** Remove inbox items that are too old. */
        RETENTION(5),
        /** Take read notifications off the user's devices. */
        CLEAR(6),
        /** Have an erased user forgotten once more, by then whatever was on its way has arrived. */
        FORGET(7);

        // Part of the key: never changed.
        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        private static Kind of(byte code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("no kind " + code);
        }
    }

    /** Returns the key in the {@code agenda} store. */
    public byte[] key() {
        byte[] userBytes = user.bytes();
        byte[] idBytes = id.getBytes(UTF_8);
        return ByteBuffer.allocate(14 + userBytes.length + idBytes.length)
                .put(code(lane))
                .putLong(due.toEpochMilli())
                .putShort((short) user.shard())
                .put(kind.code)
                .putShort((short) userBytes.length)
                .put(userBytes)
                .put(idBytes)
                .array();
    }

    /** Reads a key of the {@code agenda} store. */
    public static AgendaEntry parse(byte[] key) {
        ByteBuffer in = ByteBuffer.wrap(key);
        Lane lane = lane(in.get());
        Instant due = Instant.ofEpochMilli(in.getLong());
        in.getShort();
        Kind kind = Kind.of(in.get());
        byte[] user = new byte[in.getShort()];
        in.get(user);
        byte[] id = new byte[in.remaining()];
        in.get(id);
        return new AgendaEntry(lane, due, kind, UserKey.parse(new String(user, UTF_8)), new String(id, UTF_8));
    }

    /** Returns a key that is not after any entry of {@code lane}. */
    static byte[] first(Lane lane) {
        return ByteBuffer.allocate(9).put(code(lane)).putLong(0).array();
    }

    /** Returns a key that is after every entry of {@code lane} that is due by {@code now}, and before all others. */
    static byte[] after(Lane lane, Instant now) {
        return ByteBuffer.allocate(9)
                .put(code(lane))
                .putLong(now.toEpochMilli() + 1)
                .array();
    }

    private static byte code(Lane lane) {
        return (byte)
                switch (lane) {
                    case URGENT -> 0;
                    case BULK -> 1;
                };
    }

    private static Lane lane(byte code) {
        return code == code(Lane.URGENT) ? Lane.URGENT : Lane.BULK;
    }
}
