package io.herald.topology.agenda;

import io.herald.schema.Lane;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The due queue, over its store.
 *
 * <p>A scan begins where the last one ended, because RocksDB walks over the tombstone of everything popped before that.
 * The cursor is only a short cut: a task that starts anew begins at the front and finds the same.
 */
public final class Agenda {
    private static final byte[] PRESENT = {1};

    private final KeyValueStore<Bytes, byte[]> store;
    private final Map<Lane, byte[]> cursors = new EnumMap<>(Lane.class);

    public Agenda(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    /**
     * Returns at most {@code most} entries of {@code lane} due by {@code now}, earliest first. They stay until removed.
     */
    public List<AgendaEntry> due(Lane lane, Instant now, int most) {
        List<AgendaEntry> due = new ArrayList<>();
        if (most <= 0) {
            return due;
        }
        byte[] from = cursors.getOrDefault(lane, AgendaEntry.first(lane));
        try (KeyValueIterator<Bytes, byte[]> entries =
                store.range(Bytes.wrap(from), Bytes.wrap(AgendaEntry.after(lane, now)))) {
            while (due.size() < most && entries.hasNext()) {
                KeyValue<Bytes, byte[]> entry = entries.next();
                due.add(AgendaEntry.parse(entry.key.get()));
            }
        }
        return due;
    }

    /** Adds an entry; the same entry again changes nothing. */
    public void add(AgendaEntry entry) {
        byte[] key = entry.key();
        store.put(Bytes.wrap(key), PRESENT);
        byte[] cursor = cursors.get(entry.lane());
        if (cursor != null && Arrays.compareUnsigned(key, cursor) < 0) {
            cursors.put(entry.lane(), key);
        }
    }

    /** Removes an entry before it is due. */
    public void remove(AgendaEntry entry) {
        store.delete(Bytes.wrap(entry.key()));
    }

    /** Removes an entry that was due: the front of its lane, since entries are popped in order. */
    public void pop(AgendaEntry entry) {
        byte[] key = entry.key();
        store.delete(Bytes.wrap(key));
        cursors.put(entry.lane(), key);
    }
}
