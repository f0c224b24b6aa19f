package io.herald.local.page;

import io.herald.schema.NotificationRequested;
import java.time.Instant;

/** Takes events. */
interface Events {
    /**
     * Where Kafka has an event.
     *
     * @param producedAt when it was handed to the client
     * @param acknowledgedAt when Kafka had it
     */
    record Receipt(Instant producedAt, Instant acknowledgedAt, String topic, int partition, long offset) {}

    /**
     * Sends an event and waits until Kafka has it.
     *
     * @throws UnavailableException if it may or may not be there
     */
    Receipt publish(NotificationRequested event);
}
