package io.herald.sender;

import io.herald.schema.DeadLetter;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.Reason;
import io.herald.schema.ReportedOutcome;
import io.herald.wire.UnreadableRecordException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes what a sender says of a record: a report of an attempt, or a dead letter. */
final class Reports {
    static final int MOST_VALUE_BYTES = 256 * 1024;
    private static final int MOST_KEY_BYTES = 1024;
    private static final int MOST_TEXT = 200;
    private static final String STAGE = "sender";

    private Reports() {}

    /**
     * Makes a report.
     *
     * @param took how long the provider took; null if it was not asked
     */
    static DeliveryReported of(Delivery delivery, Outcome outcome, Duration took, Instant now) {
        DeliveryReported.Builder report = DeliveryReported.newBuilder()
                .setTenant(delivery.getTenant())
                .setUser(delivery.getUser())
                .setNotificationId(delivery.getNotificationId())
                .setDeliveryId(delivery.getDeliveryId())
                .setAttempt(delivery.getAttempt())
                .setRoute(delivery.getRoute())
                .setOutcome(outcome.kind())
                .setReportedAt(now)
                .setVendor(delivery.getVendor())
                .setTookMs(took == null ? null : took.toMillis())
                .setDelivery(outcome.kind() == ReportedOutcome.ACCEPTED ? null : delivery);
        outcome.describe(report);
        return report.setReason(shortened(report.getReason()))
                .setProviderId(shortened(report.getProviderId()))
                .build();
    }

    static DeadLetter unreadable(ConsumerRecord<byte[], byte[]> record, UnreadableRecordException why, Instant now) {
        byte[] value = record.value();
        return DeadLetter.newBuilder()
                .setReason(why.unknownSchema() ? Reason.UNKNOWN_SCHEMA : Reason.UNREADABLE)
                .setDetail(why.getMessage())
                .setStage(STAGE)
                .setTopic(record.topic())
                .setPartition(record.partition())
                .setOffset(record.offset())
                .setAt(now)
                .setKey(first(record.key(), MOST_KEY_BYTES))
                .setValue(first(value, MOST_VALUE_BYTES))
                .setLength(value == null ? 0 : value.length)
                .setSha256(value == null ? null : ByteBuffer.wrap(sha256(value)))
                .build();
    }

    private static String shortened(String text) {
        return text == null || text.codePointCount(0, text.length()) <= MOST_TEXT
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MOST_TEXT));
    }

    private static ByteBuffer first(byte[] bytes, int most) {
        if (bytes == null) {
            return null;
        }
        return ByteBuffer.wrap(bytes.length <= most ? bytes : Arrays.copyOf(bytes, most));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
