package io.herald.topology.router;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Decoded state objects above a byte store, least recently used out first. Only short cuts: with 0 entries the router
 * decides the same, only slower. What is in it is never changed, only replaced.
 */
final class ObjectCache<K, V> {
    private final Map<K, V> entries;

    ObjectCache(int most) {
        this.entries = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    V get(K key) {
        return entries.get(key);
    }

    void remove(K key) {
        entries.remove(key);
    }

    void put(K key, V value) {
        entries.put(key, value);
    }
}
