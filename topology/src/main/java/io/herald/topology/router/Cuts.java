package io.herald.topology.router;

import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.internals.CachedStateStore;

/** Marks a place in all stores, and so in all their changelogs: what is before it there was decided before it. */
final class Cuts {
    private final List<StateStore> stores;

    Cuts(ProcessorContext<?, ?> context) {
        this.stores = RouterStores.NAMES.stream()
                .map(name -> context.<StateStore>getStateStore(name))
                .toList();
    }

    @SuppressWarnings("unchecked") // All stores are of bytes.
    void put(byte[] cut, long bucket) {
        for (StateStore store : stores) {
            // What a cache holds back would come after the mark, as it will be then.
            flush(store);
            if (store instanceof WindowStore<?, ?>) {
                ((WindowStore<Bytes, byte[]>) store).put(RouterStores.CUT, cut, bucket);
            } else {
                ((KeyValueStore<Bytes, byte[]>) store).put(RouterStores.CUT, cut);
            }
            // And the mark itself, held back, would come after what it is to be before.
            flush(store);
        }
    }

    // Streams has no public call for it, only commits, which come after more than one record.
    private static void flush(StateStore store) {
        if (store instanceof CachedStateStore<?, ?> cached) {
            cached.flushCache();
        }
    }
}
