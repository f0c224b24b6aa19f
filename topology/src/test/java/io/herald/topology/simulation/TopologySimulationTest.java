package io.herald.topology.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.RouterTopology;
import io.herald.topology.intake.SimulatedIntake;
import io.herald.topology.router.RouterProcessor;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is shown of the router over stores in memory holds for it where it runs: in its topology, over RocksDB, with
 * caches and windows as Streams has them. The same mailbox makes both send the same bytes.
 */
class TopologySimulationTest {
    // Too few for the people of the simulation, so that what was put is read again.
    private static final int CACHED_USERS = 2;

    private record Sent(Bytes key, Bytes value, long timestamp) {}

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 4, 5})
    void theTopologySendsWhatItsRouterSends(long seed) {
        Simulation simulation = new Simulation(
                SimulationTest.WIRE, new Simulation.Terms(seed, 1, 110, 3, Duration.ofMinutes(10), 6, false));
        simulation.run();
        Simulation.Partition partition = simulation.partitions().get(0);

        Map<String, List<Sent>> sent = sent(seed, partition.mailbox());
        for (Topic topic : Topics.OUTPUTS) {
            List<Sent> expected = partition.sent().stream()
                    .filter(one -> one.topic().equals(topic))
                    .map(one -> new Sent(one.key(), one.value(), one.timestamp()))
                    .toList();
            assertThat(sent.get(topic.name()))
                    .as("%s of seed %d", topic.name(), seed)
                    .isEqualTo(expected);
        }
        assertThat(sent.get(Topics.LEDGER.name())).isNotEmpty();
    }

    private static Map<String, List<Sent>> sent(long seed, List<SimulatedIntake.Letter> mailbox) {
        Map<String, List<Sent>> sent = new LinkedHashMap<>();
        try (TopologyTestDriver driver = new TopologyTestDriver(
                RouterTopology.build(() -> new RouterProcessor(SimulationTest.WIRE, CACHED_USERS)),
                settings(seed),
                Instant.EPOCH)) {
            TestInputTopic<byte[], byte[]> router = driver.createInputTopic(
                    Topics.MAILBOX.name(), new ByteArraySerializer(), new ByteArraySerializer());
            mailbox.forEach(letter -> router.pipeInput(
                    new TestRecord<>(letter.key(), letter.value(), letter.mail().getAcceptedAt())));
            for (Topic topic : Topics.OUTPUTS) {
                sent.put(
                        topic.name(),
                        driver
                                .createOutputTopic(
                                        topic.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                                .readRecordsToList()
                                .stream()
                                .map(one -> new Sent(bytes(one.key()), bytes(one.value()), one.timestamp()))
                                .toList());
            }
        }
        return sent;
    }

    private static Bytes bytes(byte[] bytes) {
        return bytes == null ? null : Bytes.wrap(bytes);
    }

    private static Properties settings(long seed) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "simulation-" + seed);
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:9092");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, "target/streams");
        return settings;
    }
}
