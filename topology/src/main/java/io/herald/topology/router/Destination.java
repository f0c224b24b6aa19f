package io.herald.topology.router;

import io.herald.topic.Topic;
import io.herald.wire.UserKey;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.RecordContext;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.TopicNameExtractor;

/**
 * Where an output goes: topic, key, and the shard that chooses the partition.
 *
 * @param key may be null
 */
public record Destination(Topic topic, Bytes key, int shard) {
    public static final TopicNameExtractor<Destination, byte[]> TOPIC = new ByPlan();

    public static final Serializer<Destination> KEY = (topic, destination) ->
            destination.key() == null ? null : destination.key().get();

    public static final StreamPartitioner<Destination, byte[]> PARTITION = (topic, destination, value, partitions) ->
            Optional.of(Set.of(UserKey.partition(destination.shard(), partitions)));

    // A class with a name, because it is part of the topology's description.
    private static final class ByPlan implements TopicNameExtractor<Destination, byte[]> {
        @Override
        public String extract(Destination destination, byte[] value, RecordContext context) {
            return destination.topic().name();
        }

        @Override
        public String toString() {
            return "as the plan says";
        }
    }
}
