package io.herald.topology.status;

import io.herald.schema.Decision;

/** The event that a notification is from, as it is remembered beside the notification's id. */
record Subject(String source, String category, String eventId) {
    // Neither a source nor a category has it; an event's id may.
    private static final String BETWEEN = "/";

    static Subject of(Decision decision) {
        return new Subject(decision.getSource(), decision.getCategory(), decision.getEventId());
    }

    static Subject parse(String text) {
        String[] parts = text.split(BETWEEN, 3);
        return new Subject(parts[0], parts[1], parts[2]);
    }

    String text() {
        return String.join(BETWEEN, source, category, eventId);
    }
}
