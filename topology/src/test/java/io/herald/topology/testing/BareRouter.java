package io.herald.topology.testing;

import io.herald.topology.router.Destination;
import io.herald.topology.router.RouterProcessor;
import io.herald.topology.router.RouterStores;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
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
        for (TestRecord<byte[], byte[]> letter : letters) {
            context.setRecordMetadata("mailbox", 0, offset++);
            processor.process(new Record<>(letter.key(), letter.value(), letter.timestamp()));
        }
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

    @SuppressWarnings("unchecked") // All stores are of bytes.
    private static void copy(StateStore from, StateStore to) {
        if (from instanceof WindowStore<?, ?>) {
            try (KeyValueIterator<Windowed<Bytes>, byte[]> all = ((WindowStore<Bytes, byte[]>) from).all()) {
                while (all.hasNext()) {
                    KeyValue<Windowed<Bytes>, byte[]> entry = all.next();
                    ((WindowStore<Bytes, byte[]>) to)
                            .put(
                                    entry.key.key(),
                                    entry.value,
                                    entry.key.window().start());
                }
            }
            return;
        }
        try (KeyValueIterator<Bytes, byte[]> all = ((KeyValueStore<Bytes, byte[]>) from).all()) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> entry = all.next();
                ((KeyValueStore<Bytes, byte[]>) to).put(entry.key, entry.value);
            }
        }
    }
}
