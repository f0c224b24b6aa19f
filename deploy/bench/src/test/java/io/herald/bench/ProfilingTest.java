package io.herald.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProfilingTest {
    private static final String STREAMS = "org.apache.kafka.streams.processor.internals.StreamThread#run";
    private static final String PROCESS = "io.herald.topology.router.RouterProcessor#process";

    @Test
    void sharesAreOfWhatRuns() {
        Profiling profiling = new Profiling();
        profiling.add(2, "router", "RUNNABLE", List.of(STREAMS, PROCESS, "org.rocksdb.RocksDB#get"));
        profiling.add(1, "router", "RUNNABLE", List.of(STREAMS, PROCESS, "java.util.HashMap#get"));
        profiling.add(1, "router", "RUNNABLE", List.of(STREAMS));
        profiling.add(3, "router", "RUNNABLE", List.of(STREAMS, "sun.nio.ch.EPoll#wait"));
        profiling.add(
                1,
                "router",
                "WAITING",
                List.of(
                        STREAMS,
                        "org.apache.kafka.clients.producer.KafkaProducer#commitTransaction",
                        "jdk.internal.misc.Unsafe#park"));

        assertThat(profiling.states())
                .isEqualTo(Map.of("router running", 0.5, "router waits", 0.375, "router waits for a commit", 0.125));
        assertThat(profiling.libraries(9)).isEqualTo(Map.of("RocksDB", 0.5, "Herald", 0.25, "Kafka Streams", 0.25));
        assertThat(profiling.methods(9)).isEqualTo(Map.of("RouterProcessor.process", 0.75));
    }

    @Test
    void aMethodThatCallsItselfCountsOnce() {
        Profiling profiling = new Profiling();
        profiling.add(4, "intake", "RUNNABLE", List.of(PROCESS, PROCESS));

        assertThat(profiling.methods(9)).isEqualTo(Map.of("RouterProcessor.process", 1.0));
    }
}
