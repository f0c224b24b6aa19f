package io.herald.topology;

import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.intake.IntakeProcessor;
import io.herald.topology.intake.MailboxKey;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/**
 * Intake on one page: read every input, check and clean, write the mailbox.
 *
 * <p>Stateless, and at-least-once on purpose: it saves the router a commit interval of latency, and the router knows
 * repeats by their origin.
 */
public final class IntakeTopology {
    private static final String ACCEPT = "accept";

    private IntakeTopology() {}

    /** Builds the topology; records are read as bytes, so that bad ones are ordinary input. */
    public static Topology build(ProcessorSupplier<byte[], byte[], MailboxKey, byte[]> intake) {
        Topology topology = new Topology();
        for (Topic input : Topics.INPUTS) {
            topology.addSource(
                    AutoOffsetReset.none(),
                    "read-" + input.name(),
                    // A producer's timestamps decide nothing: 1970 and the year 9999 are both just now.
                    new WallclockTimestampExtractor(),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer(),
                    input.name());
        }
        topology.addProcessor(
                ACCEPT,
                intake,
                Topics.INPUTS.stream().map(input -> "read-" + input.name()).toArray(String[]::new));
        topology.addSink(
                IntakeProcessor.TO_MAILBOX,
                Topics.MAILBOX.name(),
                MailboxKey.KEY,
                new ByteArraySerializer(),
                MailboxKey.PARTITION,
                ACCEPT);
        topology.addSink(
                IntakeProcessor.TO_DEAD_LETTER,
                Topics.DEAD_LETTER.name(),
                MailboxKey.KEY,
                new ByteArraySerializer(),
                ACCEPT);
        return topology;
    }
}
