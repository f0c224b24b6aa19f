package io.herald.topology.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the clients of the applications end up with, as Streams itself works it out. */
class StreamsSettingsTest {
    @Test
    void theRouterDecidesExactlyOnce() {
        StreamsConfig router = router(Map.of());
        assertThat(router.getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG)).isEqualTo("exactly_once_v2");
        assertThat(router.getString(StreamsConfig.APPLICATION_ID_CONFIG)).isEqualTo("herald-router");
        assertThat(router.getLong(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG)).isEqualTo(25);
        assertThat(consumer(router)).containsEntry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        assertThat(producer(router))
                .containsEntry(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000)
                .containsEntry(ProducerConfig.ACKS_CONFIG, "all");
    }

    @Test
    void statusesAreToldExactlyOnce() {
        StreamsConfig status = config(StreamsSettings.status(herald(Map.of("status.sources", "acme/shop"))));
        assertThat(status.getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG)).isEqualTo("exactly_once_v2");
        assertThat(status.getString(StreamsConfig.APPLICATION_ID_CONFIG)).isEqualTo("herald-status");
        assertThat(status.getClass(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG))
                .isEqualTo(BoundedRocksDb.class);
        assertThat(consumer(status)).containsEntry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        assertThat(producer(status)).containsEntry(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
    }

    @Test
    void intakeNeverGivesUpABatch() {
        StreamsConfig intake = intake(Map.of());
        assertThat(intake.getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG)).isEqualTo("at_least_once");
        assertThat(intake.getString(StreamsConfig.APPLICATION_ID_CONFIG)).isEqualTo("herald-intake");
        assertThat(producer(intake))
                .containsEntry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE)
                .containsEntry(ProducerConfig.ACKS_CONFIG, "all");
        ProducerConfig made = new ProducerConfig(withSerializers(producer(intake)));
        assertThat(made.getBoolean(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG)).isTrue();
        assertThat(made.getInt(ProducerConfig.RETRIES_CONFIG)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void intakeReadsNothingThatItsProducerTookBack() {
        assertThat(consumer(intake(Map.of()))).containsEntry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    }

    @Test
    void intakeNoticesADeadInstanceSoon() {
        assertThat(consumer(intake(Map.of()))).containsEntry(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
        assertThat(consumer(router(Map.of()))).containsEntry(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 15_000);
    }

    @Test
    void bothUseTheClassicProtocolAndSmallFetches() {
        for (StreamsConfig config : new StreamsConfig[] {intake(Map.of()), router(Map.of())}) {
            assertThat(config.getString(StreamsConfig.GROUP_PROTOCOL_CONFIG)).isEqualTo("classic");
            assertThat(config.getInt(StreamsConfig.REPLICATION_FACTOR_CONFIG)).isEqualTo(-1);
            assertThat(consumer(config)).containsEntry(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 131_072);
        }
    }

    @Test
    void theOperatorSizesTheRouter() {
        StreamsConfig router = router(Map.of(
                "router.threads", "4",
                "router.standby.replicas", "1",
                "router.commit.interval.ms", "100",
                "router.rocksdb.memory.bytes", "33554432"));
        assertThat(router.getInt(StreamsConfig.NUM_STREAM_THREADS_CONFIG)).isEqualTo(4);
        assertThat(router.getInt(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG)).isEqualTo(1);
        assertThat(router.getLong(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG)).isEqualTo(100);
        assertThat(router.originals()).containsEntry(BoundedRocksDb.MEMORY_BYTES, "33554432");
        assertThat(router.getClass(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG))
                .isEqualTo(BoundedRocksDb.class);
        assertThat(intake(Map.of("intake.threads", "3")).getInt(StreamsConfig.NUM_STREAM_THREADS_CONFIG))
                .isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsPassedThroughWins(boolean ofRouter) {
        Map<String, String> passed = Map.of(
                "kafka.security.protocol", "SSL",
                "kafka.main.consumer.session.timeout.ms", "9000",
                "kafka.producer.linger.ms", "7");
        StreamsConfig config = ofRouter ? router(passed) : intake(passed);
        assertThat(consumer(config))
                .containsEntry("security.protocol", "SSL")
                .containsEntry(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "9000");
        assertThat(producer(config))
                .containsEntry("security.protocol", "SSL")
                .containsEntry(ProducerConfig.LINGER_MS_CONFIG, "7");
    }

    private static StreamsConfig intake(Map<String, String> more) {
        return config(StreamsSettings.intake(herald(more)));
    }

    private static StreamsConfig router(Map<String, String> more) {
        return config(StreamsSettings.router(herald(more)));
    }

    private static HeraldConfig herald(Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(more);
        properties.put("bootstrap.servers", "127.0.0.1:9092");
        properties.put("schema.registry.url", "http://127.0.0.1:8081");
        properties.put("state.dir", "target/state");
        return HeraldConfig.from(properties);
    }

    private static StreamsConfig config(Properties settings) {
        return new StreamsConfig(settings);
    }

    private static Map<String, Object> consumer(StreamsConfig config) {
        return config.getMainConsumerConfigs("group", "client", 0);
    }

    private static Map<String, Object> producer(StreamsConfig config) {
        return config.getProducerConfigs("client");
    }

    private static Map<String, Object> withSerializers(Map<String, Object> settings) {
        Map<String, Object> complete = new HashMap<>(settings);
        String bytes = "org.apache.kafka.common.serialization.ByteArraySerializer";
        complete.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, bytes);
        complete.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, bytes);
        return complete;
    }
}
