package io.herald.topology.testing;

import io.herald.topology.router.Destination;
import io.herald.topology.router.RouterProcessor;
import io.herald.topology.router.RouterStores;
import io.herald.topology.snapshot.StateEntry;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedForward;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.test.TestRecord;

/**
 * The router's processor over its own stores and nothing else, so that a test chooses offsets and can carry the stores
 * over into another one, as a restore from changelogs does.
 */
public final class BareRouter implements AutoCloseable {
    private final MockProcessorContext<Destination, byte[]> context;
    private final List<StateStore> stores = new ArrayList<>();
    private final RouterProcessor processor;
    private long offset;

    /** A record that the router sent. */
    public record Sent(String topic, Bytes key, int shard, Bytes value, long timestamp) {}

    public BareRouter(Map<String, Object> wireConfig, int cachedUsers) {
        context = new MockProcessorContext<>(new Properties(), new TaskId(0, 0), temporary());
        processor = new RouterProcessor(wireConfig, cachedUsers);
        for (StoreBuilder<?> builder : RouterStores.builders()) {
            StateStore store =
                    builder.withLoggingDisabled().withCachingDisabled().build();
            store.init(context.getStateStoreContext(), store);
            context.addStateStore(store);
            stores.add(store);
        }
        processor.init(context);
    }

    /** Processes records and returns what was sent for them, in order. */
    public List<Sent> run(List<TestRecord<byte[], byte[]>> letters) {
        context.resetForwards();
        letters.forEach(this::process);
        return sent();
    }

    /** As {@link #run}, of the records that are for this router; the others take their offsets all the same. */
    public List<Sent> runOnly(List<TestRecord<byte[], byte[]>> letters, Predicate<TestRecord<byte[], byte[]>> mine) {
        context.resetForwards();
        for (TestRecord<byte[], byte[]> letter : letters) {
            if (mine.test(letter)) {
                process(letter);
            } else {
                offset++;
            }
        }
        return sent();
    }

    private void process(TestRecord<byte[], byte[]> letter) {
        context.setRecordMetadata("mailbox", 0, offset++);
        processor.process(new Record<>(letter.key(), letter.value(), letter.timestamp()));
    }

    private List<Sent> sent() {
        List<Sent> sent = new ArrayList<>();
        for (CapturedForward<? extends Destination, ? extends byte[]> forward : context.forwarded()) {
            Destination to = forward.record().key();
            sent.add(new Sent(
                    to.topic().name(),
                    to.key(),
                    to.shard(),
                    Bytes.wrap(forward.record().value()),
                    forward.record().timestamp()));
        }
        return sent;
    }

    /** Returns a router that goes on from this one's stores and offset, in a fresh process. */
    public BareRouter restored(Map<String, Object> wireConfig, int cachedUsers) {
        BareRouter next = new BareRouter(wireConfig, cachedUsers);
        for (StoreBuilder<?> builder : RouterStores.builders()) {
            copy(context.getStateStore(builder.name()), next.context.getStateStore(builder.name()));
        }
        next.offset = offset;
        // What mirrors the stores is made in init, which in life comes after the restore.
        next.processor.init(next.context);
        return next;
    }

    /** Returns what a store holds, as its changelog would have it. */
    public List<StateEntry> entries(String store) {
        List<StateEntry> entries = new ArrayList<>();
        StateStore from = context.getStateStore(store);
        if (from instanceof WindowStore<?, ?>) {
            eachWindow(
                    from,
                    (key, start, value) ->
                            entries.add(new StateEntry(windowKey(key, start), Bytes.wrap(value), offset)));
        } else {
            each(from, (key, value) -> entries.add(new StateEntry(key, Bytes.wrap(value), offset)));
        }
        return entries;
    }

    /** Returns a router that goes on at {@code offset} from stores with {@code state}, as a restore leaves them. */
    public static BareRouter from(
            Function<String, List<StateEntry>> state, long offset, Map<String, Object> wireConfig, int cachedUsers) {
        BareRouter router = new BareRouter(wireConfig, cachedUsers);
        for (String name : RouterStores.NAMES) {
            StateStore to = router.context.getStateStore(name);
            state.apply(name).forEach(entry -> put(to, entry));
        }
        router.offset = offset;
        router.processor.init(router.context);
        return router;
    }

    @Override
    public void close() {
        stores.forEach(StateStore::close);
    }

    private static File temporary() {
        try {
            return Files.createTempDirectory("bare-router").toFile();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void copy(StateStore from, StateStore to) {
        if (from instanceof WindowStore<?, ?>) {
            eachWindow(from, (key, start, value) -> window(to).put(key, value, start));
        } else {
            each(from, keyValue(to)::put);
        }
    }

    private static void put(StateStore to, StateEntry entry) {
        if (to instanceof WindowStore<?, ?>) {
            ByteBuffer key = ByteBuffer.wrap(entry.key().get());
            byte[] name = new byte[key.remaining() - Long.BYTES - Integer.BYTES];
            key.get(name);
            window(to).put(Bytes.wrap(name), entry.value().get(), key.getLong());
        } else {
            keyValue(to).put(entry.key(), entry.value().get());
        }
    }

    private static Bytes windowKey(Bytes key, long start) {
        return Bytes.wrap(ByteBuffer.allocate(key.get().length + Long.BYTES + Integer.BYTES)
                .put(key.get())
                .putLong(start)
                .putInt(0)
                .array());
    }

    private interface WindowReader {
        void read(Bytes key, long start, byte[] value);
    }

    private static void eachWindow(StateStore store, WindowReader reader) {
        try (KeyValueIterator<Windowed<Bytes>, byte[]> all = window(store).all()) {
            while (all.hasNext()) {
                KeyValue<Windowed<Bytes>, byte[]> entry = all.next();
                reader.read(entry.key.key(), entry.key.window().start(), entry.value);
            }
        }
    }

    private static void each(StateStore store, BiConsumer<Bytes, byte[]> reader) {
        try (KeyValueIterator<Bytes, byte[]> all = keyValue(store).all()) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> entry = all.next();
                reader.accept(entry.key, entry.value);
            }
        }
    }

    @SuppressWarnings("unchecked") // All stores are of bytes.
    private static WindowStore<Bytes, byte[]> window(StateStore store) {
        return (WindowStore<Bytes, byte[]>) store;
    }

    @SuppressWarnings("unchecked") // All stores are of bytes.
    private static KeyValueStore<Bytes, byte[]> keyValue(StateStore store) {
        return (KeyValueStore<Bytes, byte[]>) store;
    }
}
