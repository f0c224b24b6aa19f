package io.herald.topology.simulation;

import io.herald.topic.Topic;
import io.herald.topology.router.Destination;
import io.herald.topology.router.RouterProcessor;
import io.herald.topology.router.RouterStores;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.WindowStore;

/**
 * The router of one partition, the real processor with real bytes, over stores in memory: one transaction at a time,
 * which a crash at any write undoes.
 */
final class MemoryRouter {
    private final Map<String, ?> wireConfig;
    private final int partition;
    private final List<Transactional> stores = new ArrayList<>();
    private final List<Sent> uncommitted = new ArrayList<>();
    private final Context context;
    private RouterProcessor processor;
    private long offset;
    private long committedOffset;
    private int writesLeft = Integer.MAX_VALUE;

    /**
     * A record that the router sent.
     *
     * @param cause the offset of the mailbox record during which it was sent
     */
    record Sent(long cause, Topic topic, Bytes key, int shard, Bytes value, long timestamp) {}

    MemoryRouter(Map<String, ?> wireConfig, int partition, int cachedUsers) {
        this.wireConfig = wireConfig;
        this.partition = partition;
        this.context = new Context(partition);
        for (StoreBuilder<?> builder : RouterStores.builders()) {
            keep(store(builder));
        }
        start(cachedUsers);
    }

    /** Returns the offset of the record to be read next. */
    long offset() {
        return offset;
    }

    /** Reads the next record of the mailbox. */
    void process(byte[] key, byte[] value, long timestamp) {
        context.setRecordMetadata("mailbox", partition, offset);
        processor.process(new Record<>(key, value, timestamp));
        offset++;
    }

    /** Ends the transaction, and returns what others may read from now on. */
    List<Sent> commit() {
        stores.forEach(Transactional::commit);
        committedOffset = offset;
        List<Sent> committed = List.copyOf(uncommitted);
        uncommitted.clear();
        return committed;
    }

    /** Lets the process die at the write after {@code writes} more: a put into a store, or a record sent. */
    void crashAfter(int writes) {
        writesLeft = writes;
    }

    /** Starts anew from the last commit, in a process that knows nothing but its stores. */
    void restart(int cachedUsers) {
        writesLeft = Integer.MAX_VALUE;
        stores.forEach(Transactional::rollBack);
        uncommitted.clear();
        offset = committedOffset;
        start(cachedUsers);
    }

    private void start(int cachedUsers) {
        processor = new RouterProcessor(wireConfig, cachedUsers);
        processor.init(context);
    }

    private void write() {
        if (writesLeft-- <= 0) {
            throw new Crash();
        }
    }

    private void keep(StateStore store) {
        context.addStateStore(store);
        stores.add((Transactional) store);
    }

    private StateStore store(StoreBuilder<?> builder) {
        boolean windows = builder.withLoggingDisabled().build() instanceof WindowStore;
        return windows ? new MemoryWindows(builder.name(), this::write) : new MemoryStore(builder.name(), this::write);
    }

    /** Counts what is sent among the writes. */
    private final class Context extends MockProcessorContext<Destination, byte[]> {
        Context(int partition) {
            super(new Properties(), new TaskId(0, partition), new File("."));
        }

        // No variable can stand for a kind of array, so it cannot be overridden with its own types.
        @Override
        @SuppressWarnings("rawtypes")
        public void forward(Record record) {
            write();
            Destination to = (Destination) record.key();
            Bytes value = Bytes.wrap((byte[]) record.value());
            uncommitted.add(new Sent(offset, to.topic(), to.key(), to.shard(), value, record.timestamp()));
        }
    }
}
