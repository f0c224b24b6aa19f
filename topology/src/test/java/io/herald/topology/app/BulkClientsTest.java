package io.herald.topology.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;

class BulkClientsTest {
    @Test
    void nothingIsCommittedOrSkippedByItself() {
        assertThat(BulkClients.consumerSettings(herald(Map.of())))
                .containsEntry(ConsumerConfig.GROUP_ID_CONFIG, "herald-bulk")
                .containsEntry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false)
                .containsEntry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none")
                .containsEntry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
                .containsEntry(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
    }

    @Test
    void aBatchIsNeverGivenUpNorOvertaken() {
        assertThat(BulkClients.producerSettings(herald(Map.of())))
                .containsEntry(ProducerConfig.ACKS_CONFIG, "all")
                .containsEntry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true)
                .containsEntry(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE)
                .containsEntry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE)
                .containsEntry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    }

    @Test
    void whatIsPassedThroughReachesTheClientThatItIsFor() {
        HeraldConfig config = herald(Map.of(
                "kafka.security.protocol", "SSL",
                "kafka.consumer.fetch.min.bytes", "2",
                "kafka.producer.linger.ms", "7",
                "kafka.main.consumer.fetch.max.wait.ms", "9",
                "kafka.num.standby.replicas", "1"));
        assertThat(BulkClients.consumerSettings(config))
                .containsEntry("security.protocol", "SSL")
                .containsEntry(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, "2")
                .doesNotContainKeys(
                        "producer.linger.ms", "linger.ms", "main.consumer.fetch.max.wait.ms", "num.standby.replicas");
        assertThat(BulkClients.producerSettings(config))
                .containsEntry("security.protocol", "SSL")
                .containsEntry(ProducerConfig.LINGER_MS_CONFIG, "7")
                .doesNotContainKeys("fetch.min.bytes", "consumer.fetch.min.bytes", "num.standby.replicas");
    }

    private static HeraldConfig herald(Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(more);
        properties.put("bootstrap.servers", "127.0.0.1:9092");
        properties.put("schema.registry.url", "http://127.0.0.1:8081");
        properties.put("state.dir", "target/state");
        return HeraldConfig.from(properties);
    }
}
