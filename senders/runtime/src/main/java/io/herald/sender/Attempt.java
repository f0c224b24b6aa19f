package io.herald.sender;

import io.herald.schema.Delivery;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record that has begun: a delivery to be attempted once or handed back, or null where nobody can read it. */
final class Attempt {
    private final Assigned from;
    private final long offset;
    private final byte[] key;
    private final Delivery delivery;
    private volatile boolean noted;

    Attempt(Assigned from, ConsumerRecord<byte[], byte[]> record, Delivery delivery) {
        this.from = from;
        // Not the record itself: its bytes would be kept as long as the provider takes to answer.
        this.offset = record.offset();
        this.key = record.key();
        this.delivery = delivery;
    }

    Assigned from() {
        return from;
    }

    long offset() {
        return offset;
    }

    byte[] key() {
        return key;
    }

    Delivery delivery() {
        return delivery;
    }

    /** Returns whether its intent is in Kafka, or on its way there. */
    boolean isNoted() {
        return noted;
    }

    void noted(boolean isNoted) {
        noted = isNoted;
    }

    /** Returns whose it is. */
    String user() {
        return delivery.getTenant() + "/" + delivery.getUser();
    }
}
