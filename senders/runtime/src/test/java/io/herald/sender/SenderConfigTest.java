package io.herald.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.schema.Lane;
import io.herald.schema.Route;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SenderConfigTest {
    private static final Map<String, String> REQUIRED =
            Map.of("bootstrap.servers", "localhost:9092", "schema.registry.url", "http://localhost:8081");

    @Test
    void hasTheseDefaults() {
        assertThat(parsed(Map.of()))
                .isEqualTo(new SenderConfig(
                        Route.FCM,
                        "localhost:9092",
                        "herald-sender-fcm",
                        256,
                        128,
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(20),
                        Duration.ofMillis(200),
                        "127.0.0.1",
                        8090,
                        Map.of(),
                        Map.of("schema.registry.url", "http://localhost:8081")));
    }

    @Test
    void readsEveryKey() {
        Map<String, String> given = Map.of(
                "bootstrap.servers", "kafka:1",
                "schema.registry.url", "http://registry:2",
                "group.id", "mine",
                "in.flight.max", "7",
                "bulk.in.flight.max", "3",
                "request.timeout.ms", "1000",
                "drain.timeout.ms", "2000",
                "commit.interval.ms", "30",
                "health.host", "0.0.0.0",
                "health.port", "-1");

        assertThat(given.keySet()).isEqualTo(SenderConfig.DEF.names());
        assertThat(parsed(given))
                .isEqualTo(new SenderConfig(
                        Route.FCM,
                        "kafka:1",
                        "mine",
                        7,
                        3,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(30),
                        "0.0.0.0",
                        -1,
                        Map.of(),
                        Map.of("schema.registry.url", "http://registry:2")));
    }

    @ParameterizedTest(name = "{4}")
    @CsvSource(textBlock = """
            8, 0, 4,  12, half as many
            7, 0, 4,  11, rounded up
            1, 0, 1,   2, never none
            7, 9, 9,  16, as it is told
            """)
    void givesEachLaneABoundOfItsOwn(String urgent, String bulk, int bulkMax, int callsMax, String why) {
        SenderConfig config = parsed(Map.of("in.flight.max", urgent, "bulk.in.flight.max", bulk));

        assertThat(config.inFlightMax(Lane.URGENT)).isEqualTo(Integer.parseInt(urgent));
        assertThat(config.inFlightMax(Lane.BULK)).isEqualTo(bulkMax);
        assertThat(config.callsMax()).isEqualTo(callsMax);
    }

    @Test
    void givesEachLaneAGroupOfItsOwn() {
        SenderConfig config = parsed(Map.of("group.id", "mine"));

        assertThat(config.groupId(Lane.URGENT)).isEqualTo("mine");
        assertThat(config.groupId(Lane.BULK)).isEqualTo("mine-bulk");
    }

    @Test
    void passesClientSettingsThrough() {
        SenderConfig config =
                parsed(Map.of("kafka.security.protocol", "SSL", "registry.auto.register.schemas", "false"));

        assertThat(config.kafka()).containsExactly(Map.entry("security.protocol", "SSL"));
        assertThat(config.wire()).containsEntry("auto.register.schemas", "false");
    }

    @Test
    void refusesAnUnknownKeyAndTellsTheKnownOnes() {
        assertThatThrownBy(() -> parsed(Map.of("in.flight", "7")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("unknown key in.flight")
                .hasMessageContaining("in.flight.max")
                .hasMessageContaining("own.key");
    }

    @Test
    void refusesToLoosenWhatTheLoopReliesOn() {
        assertThatThrownBy(() -> parsed(Map.of("kafka.acks", "1")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("kafka.acks");
    }

    @Test
    void readsTheEnvironment() {
        assertThat(SenderConfig.properties(Map.of(
                        "HERALD_SENDER_IN_FLIGHT_MAX",
                        "7",
                        "HERALD_SENDER_KAFKA_SECURITY_PROTOCOL",
                        "SSL",
                        "PATH",
                        "/")))
                .isEqualTo(Map.of("in.flight.max", "7", "kafka.security.protocol", "SSL"));
    }

    @Test
    void keepsSecretsOutOfLogs() {
        assertThat(parsed(Map.of("kafka.sasl.jaas.config", "secret", "registry.basic.auth.user.info", "secret")))
                .asString()
                .doesNotContain("secret");
    }

    @Test
    void isDocumentedInTheReadme() throws Exception {
        String readme = Files.readString(Path.of("README.md"));

        assertThat(SenderConfig.DEF.names())
                .allSatisfy(key -> assertThat(readme).contains("`" + key + "`"));
        for (SenderMetric metric : SenderMetric.values()) {
            assertThat(readme).contains("`" + metric.meter() + "`");
        }
    }

    private static SenderConfig parsed(Map<String, String> some) {
        Map<String, String> all = new HashMap<>(REQUIRED);
        all.putAll(some);
        ConfigDef own = new ConfigDef()
                .define("own.key", ConfigDef.Type.STRING, "", ConfigDef.Importance.LOW, "A sender's own.");
        return SenderConfig.from(Route.FCM, all, own);
    }
}
