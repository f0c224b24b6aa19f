package io.herald.topology.simulation;

import io.herald.topic.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;

/** What a router makes of a mailbox if it is never killed, never behind, and never forgets. */
public final class Undisturbed {
    private Undisturbed() {}

    /** A record of the mailbox. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares these.
    public record Letter(byte[] key, byte[] value, long timestamp) {}

    /** A record that the router sent. */
    public record Sent(Topic topic, Bytes key, Bytes value, long timestamp) {}

    /** Reads a partition of the mailbox from its first record, and returns what is sent for each, in order. */
    public static List<List<Sent>> read(Map<String, ?> wireConfig, int partition, List<Letter> mailbox) {
        MemoryRouter router = new MemoryRouter(wireConfig, partition, 1_000);
        List<List<Sent>> all = new ArrayList<>();
        for (Letter letter : mailbox) {
            router.process(letter.key(), letter.value(), letter.timestamp());
            all.add(router.commit().stream()
                    .map(sent -> new Sent(sent.topic(), sent.key(), sent.value(), sent.timestamp()))
                    .toList());
        }
        return all;
    }
}
