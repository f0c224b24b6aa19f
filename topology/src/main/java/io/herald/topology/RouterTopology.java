package io.herald.topology;

import io.herald.topic.Topics;
import io.herald.topology.router.Destination;
import io.herald.topology.router.RouterStores;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TopicNameExtractor;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/**
 * The router on one page: read the mailbox, plan and apply, write where the plan says.
 *
 * <p>One source, one processor, one sub-topology, one transaction: whatever concerns a user is decided in the order of
 * the mailbox, once. Stages are pure functions behind the processor and not nodes here, so adding one changes neither
 * the stores nor the tasks.
 */
public final class RouterTopology {
    private static final String READ = "read-mailbox";
    private static final String ROUTE = "route";
    private static final String WRITE = "write-outputs";

    private RouterTopology() {}

    /** Builds the topology; it runs {@code exactly_once_v2}. */
    public static Topology build(ProcessorSupplier<byte[], byte[], Destination, byte[]> router) {
        return build(router, Destination.TOPIC);
    }

    /** Builds the topology with outputs that go to other topics, for a replay. */
    public static Topology build(
            ProcessorSupplier<byte[], byte[], Destination, byte[]> router,
            TopicNameExtractor<Destination, byte[]> outputs) {
        Topology topology = new Topology();
        topology.addSource(
                AutoOffsetReset.none(),
                READ,
                // Only the times inside of records decide anything.
                new WallclockTimestampExtractor(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                Topics.MAILBOX.name());
        topology.addProcessor(ROUTE, router, READ);
        RouterStores.builders().forEach(store -> topology.addStateStore(store, ROUTE));
        topology.addSink(WRITE, outputs, Destination.KEY, new ByteArraySerializer(), Destination.PARTITION, ROUTE);
        return topology;
    }
}
