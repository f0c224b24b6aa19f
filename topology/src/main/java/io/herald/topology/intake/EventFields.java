package io.herald.topology.intake;

import static io.herald.topology.intake.RefusedException.invalid;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.Channel;
import io.herald.schema.Hash16;
import io.herald.schema.Pair;
import io.herald.schema.Reason;
import io.herald.topology.identity.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What events for named users and broadcasts have in common. */
final class EventFields {
    private static final int MOST_DATA_BYTES = 64 * 1024;
    private static final Duration LONGEST_LIFE = Duration.ofDays(28);
    private static final Duration LONGEST_WAIT = Duration.ofDays(28);

    private EventFields() {}

    /** Returns the values for templates, cleaned, sorted by name. */
    static List<Pair> data(Map<String, String> data) {
        if (data.size() > 64) {
            throw invalid("data", "has more than 64 entries");
        }
        List<Pair> pairs = new ArrayList<>();
        long size = 0;
        for (Map.Entry<String, String> entry : new TreeMap<>(data).entrySet()) {
            String name = Fields.name("data", entry.getKey(), 64);
            String value = Fields.text("data." + name, entry.getValue(), 4_096);
            size += name.getBytes(UTF_8).length + value.getBytes(UTF_8).length;
            pairs.add(new Pair(name, value));
        }
        if (size > MOST_DATA_BYTES) {
            throw new RefusedException(Reason.TOO_LARGE, "data", "is larger than 64 KB");
        }
        return pairs;
    }

    /** Returns the channels that an event asks for, each once and in one order; empty: it asks for none. */
    static List<Channel> channels(List<Channel> channels) {
        return channels == null
                ? List.of()
                : channels.stream().distinct().sorted().toList();
    }

    /** Returns when to send; null: now, which is also what a time in the past means. */
    static Instant sendAt(Instant wanted, Instant acceptedAt) {
        if (wanted == null || !wanted.isAfter(acceptedAt)) {
            return null;
        }
        if (wanted.isAfter(acceptedAt.plus(LONGEST_WAIT))) {
            throw invalid("sendAt", "is more than 28 days ahead");
        }
        return wanted;
    }

    /**
     * Returns when an event is not worth sending any more; null where it does not say. Its life begins when it is to be
     * sent.
     *
     * @param wantedSendAt as the producer said it: what contradicts itself is refused whenever it comes
     */
    static Instant expiry(Instant wanted, Instant wantedSendAt, Instant begins) {
        if (wanted == null) {
            return null;
        }
        if (wantedSendAt != null && !wanted.isAfter(wantedSendAt)) {
            throw invalid("expiresAt", "is not after sendAt");
        }
        Instant latest = begins.plus(LONGEST_LIFE);
        return wanted.isAfter(latest) ? latest : wanted;
    }

    /** Returns the hash of what a producer said beside the identity; a part may be null. */
    static Hash16 content(List<Pair> data, String... said) {
        List<String> parts = new ArrayList<>(Arrays.asList(said));
        data.forEach(pair -> {
            parts.add(pair.getName());
            parts.add(pair.getValue());
        });
        return Ids.hash(parts.toArray(String[]::new));
    }

    /** Returns a time as {@link #content} takes it. */
    static String text(Instant time) {
        return time == null ? null : Long.toString(time.toEpochMilli());
    }
}
