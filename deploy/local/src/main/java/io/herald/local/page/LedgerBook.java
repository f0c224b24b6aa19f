package io.herald.local.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.local.page.Events.Receipt;
import io.herald.schema.DeadLetter;
import io.herald.schema.Decision;
import io.herald.schema.LedgerEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the ledger has said since this started, by event: the newest {@value #EVENTS} events, {@value #ENTRIES} entries
 * of each. Thread-safe.
 *
 * <p>Only a decision names its event. What follows it names the notification, and a refused record only its place.
 */
final class LedgerBook {
    static final int EVENTS = 500;
    static final int ENTRIES = 200;

    private final Map<String, List<ObjectNode>> byEvent = new Newest<>(EVENTS);
    private final Map<String, String> eventOfNotification = new Newest<>(EVENTS * 10);
    private final Map<String, String> eventAtPlace = new Newest<>(EVENTS);
    private final Map<String, Boolean> quiet = new Newest<>(EVENTS);

    /** Notes where an event of the page stands, so that its refusal is known for what it is. */
    synchronized void sent(String event, Receipt receipt) {
        eventAtPlace.put(place(receipt.topic(), receipt.partition(), receipt.offset()), event);
    }

    /** Adds an entry and returns it as readers see it. */
    synchronized ObjectNode add(LedgerEntry entry, Instant seen) {
        if (entry.getBody() instanceof Decision decision) {
            eventOfNotification.put(entry.getNotificationId(), decision.getEventId());
        }
        return keep(eventOfNotification.get(entry.getNotificationId()), LedgerJson.entry(entry, seen));
    }

    /** Adds a dead letter and returns it as readers see it. */
    synchronized ObjectNode add(DeadLetter letter, Instant seen) {
        String event = letter.getNotificationId() == null
                ? eventAtPlace.get(place(letter.getTopic(), letter.getPartition(), letter.getOffset()))
                : eventOfNotification.get(letter.getNotificationId());
        return keep(event, LedgerJson.letter(letter, seen));
    }

    /** Notes whether a user has quiet hours, and returns it as readers see it. */
    synchronized ObjectNode quiet(String user, boolean is) {
        quiet.put(user, is);
        return LedgerJson.quiet(user, is);
    }

    /** Returns whether a user has quiet hours; {@code otherwise} if nothing was said about it. */
    synchronized boolean isQuiet(String user, boolean otherwise) {
        return quiet.getOrDefault(user, otherwise);
    }

    /** Returns the entries of an event in their order; none if it is not known, or no longer. */
    synchronized List<ObjectNode> of(String event) {
        return List.copyOf(byEvent.getOrDefault(event, List.of()));
    }

    /** Returns the ids of the newest events, the newest first. */
    synchronized List<String> newest(int most) {
        List<String> events = new ArrayList<>(byEvent.keySet());
        List<String> newest = new ArrayList<>();
        for (int i = events.size() - 1; i >= 0 && newest.size() < most; i--) {
            newest.add(events.get(i));
        }
        return newest;
    }

    private ObjectNode keep(String event, ObjectNode entry) {
        entry.put("event", event);
        if (event != null) {
            List<ObjectNode> entries = byEvent.computeIfAbsent(event, unseen -> new ArrayList<>());
            if (entries.size() < ENTRIES) {
                entries.add(entry);
            }
        }
        return entry;
    }

    private static String place(String topic, int partition, long offset) {
        return topic + "/" + partition + "/" + offset;
    }

    /** A map that forgets what was put in first. */
    private static final class Newest<K, V> extends LinkedHashMap<K, V> {
        private final int most;

        Newest(int most) {
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
        }
    }
}
