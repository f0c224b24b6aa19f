package io.herald.local.page;

import io.herald.topic.Topic;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;

/** Takes events, and whatever else producers write. */
interface Events {
    /**
     * Where Kafka has a record.
     *
     * @param producedAt when it was handed to the client
     * @param acknowledgedAt when Kafka had it
     */
    record Receipt(Instant producedAt, Instant acknowledgedAt, String topic, int partition, long offset) {}

    /**
     * Sends a record and waits until Kafka has it.
     *
     * @param key what must stay in order; null where nothing must
     * @throws UnavailableException if it may or may not be there
     */
    Receipt publish(Topic topic, String key, SpecificRecord record);
}
