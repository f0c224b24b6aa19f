package io.herald.topology.simulation;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** A store in memory that can take back whatever was put since the last commit, as a crash does. */
final class MemoryStore implements KeyValueStore<Bytes, byte[]>, Transactional {
    private final String name;
    private final Runnable beforeWrite;
    private final TreeMap<Bytes, byte[]> entries = new TreeMap<>();
    // What stood under each key that was changed since the last commit; null: nothing.
    private final Map<Bytes, byte[]> before = new HashMap<>();

    /** Makes one; {@code beforeWrite} is told before anything is changed, and may throw. */
    MemoryStore(String name, Runnable beforeWrite) {
        this.name = name;
        this.beforeWrite = beforeWrite;
    }

    @Override
    public void put(Bytes key, byte[] value) {
        beforeWrite.run();
        byte[] old = value == null ? entries.remove(key) : entries.put(key, value);
        if (!before.containsKey(key)) {
            before.put(key, old);
        }
    }

    @Override
    public byte[] putIfAbsent(Bytes key, byte[] value) {
        byte[] old = entries.get(key);
        if (old == null) {
            put(key, value);
        }
        return old;
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> all) {
        all.forEach(entry -> put(entry.key, entry.value));
    }

    @Override
    public byte[] delete(Bytes key) {
        byte[] old = entries.get(key);
        put(key, null);
        return old;
    }

    @Override
    public byte[] get(Bytes key) {
        return entries.get(key);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
        NavigableMap<Bytes, byte[]> range = entries;
        if (from != null) {
            range = range.tailMap(from, true);
        }
        if (to != null) {
            range = from != null && from.compareTo(to) > 0 ? new TreeMap<>() : range.headMap(to, true);
        }
        return new Entries(range, null);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        return range(null, null);
    }

    @Override
    public <PS extends Serializer<P>, P> KeyValueIterator<Bytes, byte[]> prefixScan(P prefix, PS serializer) {
        byte[] first = serializer.serialize(null, prefix);
        return new Entries(entries.tailMap(Bytes.wrap(first), true), first);
    }

    @Override
    public long approximateNumEntries() {
        return entries.size();
    }

    @Override
    public void commit() {
        before.clear();
    }

    @Override
    public void rollBack() {
        before.forEach((key, value) -> {
            if (value == null) {
                entries.remove(key);
            } else {
                entries.put(key, value);
            }
        });
        before.clear();
    }

    @Override
    public String name() {
        return name;
    }

    /** Entries in order; those with {@code prefix} only, unless it is null. */
    private static final class Entries implements KeyValueIterator<Bytes, byte[]> {
        private final Iterator<Map.Entry<Bytes, byte[]>> rest;
        private final byte[] prefix;
        private KeyValue<Bytes, byte[]> next;

        Entries(NavigableMap<Bytes, byte[]> entries, byte[] prefix) {
            this.rest = entries.entrySet().iterator();
            this.prefix = prefix;
            advance();
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public KeyValue<Bytes, byte[]> next() {
            KeyValue<Bytes, byte[]> entry = next;
            advance();
            return entry;
        }

        @Override
        public Bytes peekNextKey() {
            return next.key;
        }

        @Override
        public void close() {}

        private void advance() {
            next = null;
            if (rest.hasNext()) {
                Map.Entry<Bytes, byte[]> entry = rest.next();
                if (prefix == null || startsWith(entry.getKey().get())) {
                    next = KeyValue.pair(entry.getKey(), entry.getValue());
                }
            }
        }

        private boolean startsWith(byte[] key) {
            if (key.length < prefix.length) {
                return false;
            }
            for (int at = 0; at < prefix.length; at++) {
                if (key[at] != prefix[at]) {
                    return false;
                }
            }
            return true;
        }
    }
}
