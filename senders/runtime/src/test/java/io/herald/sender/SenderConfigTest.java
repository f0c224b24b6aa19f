package io.herald.sender;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.schema.Lane;
import io.herald.schema.Route;
import io.herald.schema.Vendor;
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
                        Vendor.FIRST,
                        "localhost:9092",
                        "herald-sender-fcm",
                        256,
                        128,
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(20),
                        Duration.ofMillis(200),
                        new SenderConfig.Flow(
                                0, 0, Duration.ofSeconds(30), Duration.ofSeconds(1), Duration.ofSeconds(30)),
                        "127.0.0.1",
                        8090,
                        Map.of(),
                        Map.of("schema.registry.url", "http://localhost:8081")));
    }

    @Test
    void readsEveryKey() {
        Map<String, String> given = Map.ofEntries(
                entry("vendor", "second"),
                entry("bootstrap.servers", "kafka:1"),
                entry("schema.registry.url", "http://registry:2"),
                entry("group.id", "mine"),
                entry("in.flight.max", "7"),
                entry("bulk.in.flight.max", "3"),
                entry("request.timeout.ms", "1000"),
                entry("drain.timeout.ms", "2000"),
                entry("commit.interval.ms", "30"),
                entry("rate.per.second", "0.5"),
                entry("rate.burst", "4"),
                entry("ramp.ms", "5000"),
                entry("circuit.pause.ms", "6000"),
                entry("circuit.longest.pause.ms", "7000"),
                entry("health.host", "0.0.0.0"),
                entry("health.port", "-1"));

        assertThat(given.keySet()).isEqualTo(SenderConfig.DEF.names());
        assertThat(SenderConfig.from(Route.SMS, given, new ConfigDef()))
                .isEqualTo(new SenderConfig(
                        Route.SMS,
                        Vendor.SECOND,
                        "kafka:1",
                        "mine",
                        7,
                        3,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(30),
                        new SenderConfig.Flow(
                                0.5, 4, Duration.ofSeconds(5), Duration.ofSeconds(6), Duration.ofSeconds(7)),
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

    @ParameterizedTest
    @CsvSource(textBlock = """
            FCM,   first,  herald-sender-fcm
            EMAIL, first,  herald-sender-email
            EMAIL, second, herald-sender-email-second
            """)
    void givesEachProviderAGroupOfItsOwn(Route route, String vendor, String group) {
        Map<String, String> given = new HashMap<>(REQUIRED);
        given.put("vendor", vendor);
        assertThat(SenderConfig.from(route, given, new ConfigDef()).group()).isEqualTo(group);
    }

    @Test
    void refusesASecondProviderWhereThereIsOne() {
        assertThatThrownBy(() -> parsed(Map.of("vendor", "second")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("vendor")
                .hasMessageContaining("FCM");
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
