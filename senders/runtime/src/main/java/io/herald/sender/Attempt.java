package io.herald.sender;

import io.herald.schema.Delivery;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A delivery that was read, to be attempted once, or to be handed back. */
final class Attempt {
    private final Assigned from;
    private final long offset;
    private final byte[] key;
    private final Delivery delivery;

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

    /** Returns whose it is. */
    String user() {
        return delivery.getTenant() + "/" + delivery.getUser();
    }
}
