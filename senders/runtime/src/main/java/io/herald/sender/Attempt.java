package io.herald.sender;

import io.herald.schema.Delivery;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record that has begun: a delivery to be attempted once or handed back, or null where nobody can read it. */
final class Attempt {
    private static final long NEVER = Long.MAX_VALUE;

    private final Assigned from;
    private final long offset;
    private final byte[] key;
    private final Delivery delivery;
    private volatile boolean noted;
    private volatile boolean inFlight;
    private volatile long wellsBefore = NEVER;

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

    /**
     * Notes that it found the provider ill.
     *
     * @param wells how many have found it well until now
     * @return whether one did since this first found it ill: then it is this delivery that is wrong
     */
    boolean foundIll(long wells) {
        if (wellsBefore == NEVER) {
            wellsBefore = wells;
        }
        return wells > wellsBefore;
    }

    /** Returns whether it is counted among those in flight. */
    boolean isInFlight() {
        return inFlight;
    }

    void startsFlight() {
        inFlight = true;
    }

    /** Returns whose it is. */
    String user() {
        return delivery.getTenant() + "/" + delivery.getUser();
    }
}
