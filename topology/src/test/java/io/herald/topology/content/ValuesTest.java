package io.herald.topology.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.DigestContent;
import io.herald.schema.DigestItem;
import io.herald.schema.Hash16;
import io.herald.schema.Notification;
import io.herald.schema.Pair;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValuesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void whoWhatAndTheData() {
        Notification notification = notification(new Pair("size", "7"), new Pair("text", "hello"));
        notification.setActor("bob");
        notification.setObject("thread-1");
        notification.setTopic("sports/football");
        assertThat(Values.of(notification, "Ann Lee"))
                .isEqualTo(Map.of(
                        "actor", "bob",
                        "recipient", "Ann Lee",
                        "object", "thread-1",
                        "topic", "sports/football",
                        "size", "7",
                        "text", "hello"));
    }

    @Test
    void whatIsNotGivenIsNotThereAndTheUserIdStandsForAName() {
        assertThat(Values.of(notification(), null)).isEqualTo(Map.of("recipient", "ann"));
    }

    @ParameterizedTest
    @CsvSource({"actor", "recipient", "object", "topic"})
    void whatTheEventSaysGoesFirst(String name) {
        Notification notification = notification(new Pair(name, "as the event says"));
        notification.setActor("bob");
        notification.setObject("thread-1");
        notification.setTopic("sports/football");
        assertThat(Values.of(notification, "Ann Lee")).containsEntry(name, "as the event says");
    }

    @ParameterizedTest(name = "{0}, 2 of them listed: {2}")
    @CsvSource(textBlock = """
            2, 0, all are listed
            9, 7, the rest is counted
            1, 0, never less than none
            """)
    void aDigestHasItsItemsAndCountsTheRest(long count, long more, String why) {
        Notification notification = notification(new Pair("digest", "what a producer may have meant by it"));
        notification.setDigest(new DigestContent(count, List.of(item("bob", "1"), item(null, "2"))));
        assertThat(Values.of(notification, null).get("digest"))
                .isEqualTo(Map.of(
                        "count",
                        count,
                        "more",
                        more,
                        "items",
                        List.of(Map.of("actor", "bob", "n", "1"), Map.of("n", "2"))));
    }

    private static DigestItem item(String actor, String number) {
        return DigestItem.newBuilder()
                .setSource("shop")
                .setNotificationId("n-" + number)
                .setEventId("e-" + number)
                .setAt(NOW)
                .setActor(actor)
                .setValues(List.of(new Pair("n", number)))
                .build();
    }

    private static Notification notification(Pair... data) {
        return Notification.newBuilder()
                .setTenant("acme")
                .setUser("ann")
                .setNotificationId("n-1")
                .setSource("test")
                .setEventId("e-1")
                .setCategory("comment")
                .setData(List.of(data))
                .setChannels(List.of())
                .setOccurredAt(NOW)
                .setExpiresAt(NOW)
                .setContentHash(new Hash16(new byte[16]))
                .build();
    }
}
