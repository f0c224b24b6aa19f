package io.herald.sender;

import io.herald.schema.Delivery;
import io.herald.topic.Topic;
import io.herald.wire.WireFormat;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record that was fetched and has not begun. It is read once, when it is first looked at. */
final class Waiting {
    private final ConsumerRecord<byte[], byte[]> record;
    private Delivery delivery;

    Waiting(ConsumerRecord<byte[], byte[]> record) {
        this.record = record;
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    /** Reads it; throws what {@link WireFormat#read} throws. */
    Delivery delivery(WireFormat wire, Topic topic) {
        if (delivery == null) {
            delivery = wire.read(topic, Delivery.class, record.value());
        }
        return delivery;
    }
}
