package io.herald.ingest;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The values that were used last, so many of them. Thread-safe. */
final class Recent<K, V> {
    private final Map<K, V> values;

    Recent(int most) {
        values = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    /** Returns a value, or null. */
    synchronized V get(K key) {
        return values.get(key);
    }

    synchronized void put(K key, V value) {
        values.put(key, value);
    }

    synchronized void remove(K key) {
        values.remove(key);
    }

    synchronized V computeIfAbsent(K key, Function<K, V> made) {
        return values.computeIfAbsent(key, made);
    }
}
