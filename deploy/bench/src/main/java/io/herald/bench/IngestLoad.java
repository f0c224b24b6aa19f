package io.herald.bench;

import io.herald.schema.NotificationRequested;
import java.util.List;
import java.util.Map;

/** The events of the ingest benchmark: the same over HTTP and directly. */
final class IngestLoad {
    static final String TENANT = "bench";
    private static final String TEXT = "the light in this one is what I like best, where was it taken?";
    private static final String LINK = "https://example.com/p/4711";

    private IngestLoad() {}

    static NotificationRequested record(long number) {
        return NotificationRequested.newBuilder()
                .setTenant(TENANT)
                .setSource("load")
                .setId("event-" + number)
                .setRecipients(List.of("user-" + number % 100_000))
                .setCategory("comment")
                .setActor("actor-" + number % 9_973)
                .setData(Map.of("object", "photo " + number % 9_973, "text", TEXT))
                .setLink(LINK)
                .build();
    }

    static String json(long number) {
        return "{\"source\":\"load\",\"id\":\"event-" + number + "\",\"recipients\":[\"user-" + number % 100_000
                + "\"],\"category\":\"comment\",\"actor\":\"actor-" + number % 9_973
                + "\",\"data\":{\"object\":\"photo "
                + number % 9_973 + "\",\"text\":\"" + TEXT + "\"},\"link\":\"" + LINK + "\"}";
    }
}
