package io.herald.bench;

import io.herald.schema.BroadcastState;
import io.herald.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;

/** How far the one broadcast is, as its topic tells anyone. */
final class BroadcastProgress implements AutoCloseable {
    private final Load load;
    private final KafkaConsumer<byte[], byte[]> consumer;
    // By key: one for each partition of the mailbox.
    private final Map<Bytes, BroadcastState> last = new HashMap<>();

    BroadcastProgress(Rig rig, Load load) {
        this.load = load;
        consumer = rig.consumer();
        Set<TopicPartition> partitions =
                rig.ends(List.of(Topics.BROADCAST_STATE.name())).keySet();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Reads what is new. */
    void look() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
            last.put(
                    Bytes.wrap(record.key()),
                    load.format().read(Topics.BROADCAST_STATE, BroadcastState.class, record.value()));
        }
    }

    long notified() {
        return last.values().stream().mapToLong(BroadcastState::getNotified).sum();
    }

    /** Returns in how many partitions it has ended. */
    long ended() {
        return last.values().stream()
                .filter(state -> state.getEndedAt() != null)
                .count();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
