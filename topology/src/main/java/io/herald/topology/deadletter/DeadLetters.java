package io.herald.topology.deadletter;

import io.herald.schema.DeadLetter;
import io.herald.schema.Reason;
import io.herald.topology.identity.Ids;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;

/** Makes dead letters: everything that is needed to understand and to redrive, and never more than the topic takes. */
public final class DeadLetters {
    /** How much of a value a dead letter carries, in bytes. */
    public static final int MOST_VALUE_BYTES = 256 * 1024;

    private static final int MOST_KEY_BYTES = 1024;
    private static final int MOST_DETAIL = 1_000;

    private DeadLetters() {}

    /** Where the record that died was read. */
    public record Place(String topic, int partition, long offset) {}

    /** Returns a letter without ids of a notification or delivery; the caller adds those that it knows. */
    public static DeadLetter of(
            String stage,
            Place place,
            Instant at,
            Reason reason,
            String field,
            String detail,
            byte[] key,
            byte[] value) {
        return DeadLetter.newBuilder()
                .setReason(reason)
                .setField(field)
                .setDetail(shortened(detail))
                .setStage(stage)
                .setTopic(place.topic())
                .setPartition(place.partition())
                .setOffset(place.offset())
                .setAt(at)
                .setKey(key == null ? null : first(key, MOST_KEY_BYTES))
                .setValue(value == null ? null : first(value, MOST_VALUE_BYTES))
                .setLength(value == null ? 0 : value.length)
                .setSha256(value == null ? null : ByteBuffer.wrap(Ids.sha256().digest(value)))
                .build();
    }

    private static String shortened(String detail) {
        return detail.codePointCount(0, detail.length()) <= MOST_DETAIL
                ? detail
                : detail.substring(0, detail.offsetByCodePoints(0, MOST_DETAIL));
    }

    private static ByteBuffer first(byte[] bytes, int most) {
        return ByteBuffer.wrap(bytes.length <= most ? bytes : Arrays.copyOf(bytes, most));
    }
}
