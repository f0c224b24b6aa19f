package io.herald.topic;

import java.time.Duration;
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

    /** What the keys of a topic are. */
    public sealed interface Key {
        /** Whatever its producers like; nothing reads it. */
        record Any() implements Key {}

        /** {@code tenant/user} in UTF-8, placed by {@link io.herald.wire.UserKey}. */
        record User() implements Key {}

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
        String time =
                cleanup == Cleanup.COMPACT ? TopicConfig.DELETE_RETENTION_MS_CONFIG : TopicConfig.RETENTION_MS_CONFIG;
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                cleanup.policy(),
                time,
                Long.toString(retention.toMillis()),
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Integer.toString(maxMessageBytes),
                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                Integer.toString(Math.min(MIN_IN_SYNC, replicas)));
    }
}
