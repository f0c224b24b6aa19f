package io.herald.topology.app;

import java.util.Set;
import org.apache.kafka.streams.KafkaStreams;

/**
 * One of the Streams applications of this process, as its health is seen.
 *
 * @param threads how many it was started with
 */
record Application(String name, KafkaStreams streams, int threads) {
    /** What a thread does. */
    enum ThreadState {
        CREATED,
        STARTING,
        PARTITIONS_REVOKED,
        PARTITIONS_ASSIGNED,
        RUNNING,
        PENDING_SHUTDOWN,
        DEAD
    }

    private static final Set<KafkaStreams.State> ALIVE =
            Set.of(KafkaStreams.State.CREATED, KafkaStreams.State.REBALANCING, KafkaStreams.State.RUNNING);

    /** Returns whether it runs, or is about to, with all of its threads. */
    boolean live() {
        return ALIVE.contains(streams.state()) && threads(ThreadState.DEAD) == 0;
    }

    /** Returns whether it has its partitions and its state. */
    boolean ready() {
        return live() && streams.state() == KafkaStreams.State.RUNNING;
    }

    /** Returns how many threads are in a state. */
    int threads(ThreadState state) {
        // Streams tells of those that live.
        if (state == ThreadState.DEAD) {
            return Math.max(0, threads - streams.metadataForLocalThreads().size());
        }
        return (int) streams.metadataForLocalThreads().stream()
                .filter(thread -> thread.threadState().equals(state.name()))
                .count();
    }
}
