package io.herald.topology.simulation;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;

/** A window store in memory, as far as the router uses one: what is asked for by key and window. Forgets nothing. */
final class MemoryWindows implements WindowStore<Bytes, byte[]>, Transactional {
    private final MemoryStore store;

    MemoryWindows(String name, Runnable beforeWrite) {
        this.store = new MemoryStore(name, beforeWrite);
    }

    @Override
    public void put(Bytes key, byte[] value, long windowStart) {
        store.put(entry(key, windowStart), value);
    }

    @Override
    public byte[] fetch(Bytes key, long windowStart) {
        return store.get(entry(key, windowStart));
    }

    @Override
    public WindowStoreIterator<byte[]> fetch(Bytes key, long from, long to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public WindowStoreIterator<byte[]> fetch(Bytes key, Instant from, Instant to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> fetch(Bytes fromKey, Bytes toKey, long from, long to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> fetch(Bytes fromKey, Bytes toKey, Instant from, Instant to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> all() {
        throw new UnsupportedOperationException();
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> fetchAll(long from, long to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> fetchAll(Instant from, Instant to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void commit() {
        store.commit();
    }

    @Override
    public void rollBack() {
        store.rollBack();
    }

    @Override
    public String name() {
        return store.name();
    }

    private static Bytes entry(Bytes key, long windowStart) {
        return Bytes.wrap(ByteBuffer.allocate(key.get().length + Long.BYTES)
                .put(key.get())
                .putLong(windowStart)
                .array());
    }
}
