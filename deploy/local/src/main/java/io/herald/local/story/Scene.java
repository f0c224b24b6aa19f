package io.herald.local.story;

import io.herald.schema.NotificationRequested;
import java.util.List;

/**
 * One line of the demonstration's story: an event, and what must come of it.
 *
 * @param copies how often the producer writes it
 */
record Scene(String title, NotificationRequested event, int copies, List<Expected> expected) {
    /**
     * What must come of it on one channel.
     *
     * @param outcome a delivery state, and the reason where it is not ACCEPTED: {@code SKIPPED BLOCKED_ACTOR}
     * @param times on how many addresses
     */
    record Expected(String channel, String outcome, int times) {}
}
