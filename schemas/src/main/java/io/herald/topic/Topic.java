package io.herald.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.TopicConfig;

/**
 * One topic of Herald: what it holds and how it is kept.
 *
 * @param key what its keys are
 * @param value schema of its values, in Confluent's wire format, subject {@code <name>-value}
 * @param partitions how many it is made with; {@code mailbox}'s is the scaling knob
 * @param retention how long records stay; of a compacted topic, how long tombstones do
 * @param maxMessageBytes largest record batch that the broker takes
 * @param holds one line for its readers
 */
public record Topic(
        String name,
        Key key,
        Schema value,
        int partitions,
        Cleanup cleanup,
        Duration retention,
        int maxMessageBytes,
        String holds) {

    /** In-sync replicas that must have a record before it is acknowledged, where there are three replicas. */
    public static final int MIN_IN_SYNC = 2;

    /** How long a superseded record, or one under a tombstone, may stay in a compacted topic: erasure counts on it. */
    private static final Duration COMPACTED_WITHIN = Duration.ofDays(7);
    /** Kafka deletes whole segments, once the newest record in them is old enough. */
    private static final Duration LONGEST_SEGMENT = Duration.ofDays(1);

    /** What the keys of a topic are. */
    public sealed interface Key {
        /** Whatever its producers like; nothing reads it. */
        record Any() implements Key {}

        /** {@code tenant/user} in UTF-8, placed by {@link io.herald.wire.UserKey}. */
        record User() implements Key {}

        /** A gateway's id in UTF-8, placed by {@link io.herald.wire.GatewayKey}. */
        record Gateway() implements Key {}

        /**
         * An Avro record, subject {@code <topic>-key}, placed by its user.
         *
         * @param schema of the key
         */
        record Struct(Schema schema) implements Key {}
    }

    /** What the broker does with old records. */
    public enum Cleanup {
        /** Drops them after the retention. */
        DELETE("delete"),
        /** Keeps the newest of each key. */
        COMPACT("compact"),
        /** Keeps the newest of each key, and drops that too after the retention. */
        COMPACT_AND_DELETE("compact,delete");

        private final String policy;

        Cleanup(String policy) {
            this.policy = policy;
        }

        String policy() {
            return policy;
        }
    }

    /** Returns the schema of the keys where they are Avro records. */
    public Optional<Schema> keySchema() {
        return key instanceof Key.Struct struct ? Optional.of(struct.schema()) : Optional.empty();
    }

    /** Returns the broker's settings for this topic at a replication factor. */
    public Map<String, String> settings(short replicas) {
        Map<String, String> settings = new HashMap<>();
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, cleanup.policy());
        settings.put(
                cleanup == Cleanup.COMPACT ? TopicConfig.DELETE_RETENTION_MS_CONFIG : TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(retention.toMillis()));
        settings.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(segment().toMillis()));
        if (cleanup != Cleanup.DELETE) {
            settings.put(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, Long.toString(COMPACTED_WITHIN.toMillis()));
        }
        settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxMessageBytes));
        settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(Math.min(MIN_IN_SYNC, replicas)));
        return Map.copyOf(settings);
    }

    /**
     * Returns how long it takes at most, by {@link #settings}, until nothing is left of a record: counted from its
     * writing, or in a topic that is only compacted from that of its tombstone, which names the key as well.
     */
    public Duration goneAfter() {
        return switch (cleanup) {
            case DELETE, COMPACT_AND_DELETE -> retention.plus(segment());
            case COMPACT -> COMPACTED_WITHIN.plus(retention);
        };
    }

    private Duration segment() {
        return retention.compareTo(LONGEST_SEGMENT) < 0 ? retention : LONGEST_SEGMENT;
    }
}
