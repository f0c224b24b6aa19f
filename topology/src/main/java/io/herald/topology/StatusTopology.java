package io.herald.topology;

import io.herald.topic.Topics;
import io.herald.topology.status.StatusProcessor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/** Statuses for producers on one page: read the ledger, write events of Herald's own in the bulk lane. */
public final class StatusTopology {
    private static final String READ = "read-ledger";
    private static final String TELL = "tell";

    private StatusTopology() {}

    /** Builds the topology; it runs {@code exactly_once_v2}. */
    public static Topology build(ProcessorSupplier<byte[], byte[], byte[], byte[]> teller) {
        Topology topology = new Topology();
        topology.addSource(
                AutoOffsetReset.none(),
                READ,
                // Only the times inside of records say anything.
                new WallclockTimestampExtractor(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                Topics.LEDGER.name());
        topology.addProcessor(TELL, teller, READ);
        topology.addStateStore(StatusProcessor.store(), TELL);
        topology.addSink(
                "write-" + Topics.NOTIFICATION_REQUESTED_BULK.name(),
                Topics.NOTIFICATION_REQUESTED_BULK.name(),
                new ByteArraySerializer(),
                new ByteArraySerializer(),
                TELL);
        return topology;
    }
}
