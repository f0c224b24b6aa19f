package io.herald.topology.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.topic.Topics;
import io.herald.topology.intake.BulkIntake;
import io.herald.topology.intake.IntakeCounts;
import io.herald.topology.intake.RouterLagReading;
import io.herald.topology.router.RouterAlarms;
import io.herald.wire.WireFormat;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;

class TopologyMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final TopologyMeters meters = new TopologyMeters(registry);
    private final IntakeCounts counts = new IntakeCounts();

    @Test
    void everyMeterIsThereBeforeAnythingHappens() {
        meters.routerLag(new Lag());
        meters.intake(counts);
        meters.bulk(new IntakeCounts(), bulk());
        meters.router(new RouterAlarms());
        try (KafkaStreams streams = streams(2)) {
            meters.threads(new Application("herald-router", streams, 2));
            assertThat(registry.getMeters())
                    .extracting(meter -> meter.getId().getName())
                    .containsOnly(Arrays.stream(TopologyMetric.values())
                            .map(TopologyMetric::meter)
                            .toArray(String[]::new));
        }
    }

    @Test
    void theLagIsInSecondsByPartition() {
        meters.routerLag(new Lag());
        assertThat(value("herald.topology.router.lag", "partition", "0")).isZero();
        assertThat(value("herald.topology.router.lag", "partition", "1")).isEqualTo(0.25);
    }

    @Test
    void theBulkPaceIsWhatMayBeWrittenNow() {
        meters.bulk(counts, bulk());
        assertThat(value("herald.topology.bulk.pace")).isEqualTo(1_000);
    }

    @Test
    void threadsAreCountedByWhatTheyDo() {
        try (KafkaStreams streams = streams(2)) {
            meters.threads(new Application("herald-router", streams, 3));
            assertThat(value("herald.topology.threads", "state", "CREATED")).isEqualTo(2);
            assertThat(value("herald.topology.threads", "state", "RUNNING")).isZero();
            assertThat(value("herald.topology.threads", "state", "DEAD"))
                    .as("one of three is gone")
                    .isEqualTo(1);
        }
    }

    @Test
    void anApplicationLivesWithAllItsThreadsAndUntilItEnds() {
        KafkaStreams streams = streams(2);
        assertThat(new Application("herald-router", streams, 2).live()).isTrue();
        assertThat(new Application("herald-router", streams, 2).ready()).isFalse();
        assertThat(new Application("herald-router", streams, 3).live()).isFalse();
        streams.close();
        assertThat(new Application("herald-router", streams, 0).live()).isFalse();
    }

    private double value(String name, String... tags) {
        Meter meter = registry.get(name).tags(tags).meter();
        return meter.measure().iterator().next().getValue();
    }

    private static KafkaStreams streams(int threads) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "meters");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, "target/streams");
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        Topology topology = new Topology();
        topology.addSource("read", "topic");
        return new KafkaStreams(topology, settings);
    }

    private BulkIntake bulk() {
        return new BulkIntake(
                new MockConsumer<>("none"),
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()),
                new WireFormat(Map.of("schema.registry.url", "mock://meters")),
                Map.of(Topics.NOTIFICATION_REQUESTED_BULK.name(), new Uuid(1, 2)),
                new Lag(),
                20_000,
                counts,
                Clock.systemUTC());
    }

    private static final class Lag implements RouterLagReading {
        @Override
        public Duration of(int partition) {
            return Duration.ofMillis(250L * partition);
        }

        @Override
        public int partitions() {
            return 2;
        }
    }
}
