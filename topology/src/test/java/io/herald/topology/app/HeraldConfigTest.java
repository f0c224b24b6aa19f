package io.herald.topology.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HeraldConfigTest {
    /** Every key with a value that is not its default. */
    private static final Map<String, String> ALL = Map.ofEntries(
            Map.entry("bootstrap.servers", "b:9092"),
            Map.entry("schema.registry.url", "http://r:8081"),
            Map.entry("application.id", "other"),
            Map.entry("state.dir", "/var/herald"),
            Map.entry("roles", "router"),
            Map.entry("intake.threads", "3"),
            Map.entry("router.threads", "4"),
            Map.entry("router.commit.interval.ms", "100"),
            Map.entry("tick.interval.ms", "500"),
            Map.entry("router.cached.users", "0"),
            Map.entry("router.rocksdb.memory.bytes", "16777216"),
            Map.entry("router.standby.replicas", "2"),
            Map.entry("bulk.enabled", "false"),
            Map.entry("bulk.max.records.per.second", "1"),
            Map.entry("status.sources", "acme/shop,acme/blog"),
            Map.entry("health.host", "0.0.0.0"),
            Map.entry("health.port", "-1"));

    private static final Map<String, String> REQUIRED = Map.of(
            "bootstrap.servers",
            "localhost:9092",
            "schema.registry.url",
            "http://localhost:8081",
            "state.dir",
            "state");

    static Stream<String> keys() {
        return ALL.keySet().stream();
    }

    @Test
    void theDefaultsAreThese() {
        assertThat(HeraldConfig.from(REQUIRED))
                .isEqualTo(new HeraldConfig(
                        "localhost:9092",
                        "http://localhost:8081",
                        "herald",
                        Path.of("state"),
                        Set.of("intake", "router"),
                        1,
                        2,
                        Duration.ofMillis(25),
                        Duration.ofMillis(250),
                        2_000,
                        256L << 20,
                        0,
                        true,
                        20_000,
                        Set.of(),
                        "127.0.0.1",
                        8_092,
                        Map.of()));
    }

    @Test
    void everyKeyCanBeSet() {
        assertThat(HeraldConfig.from(ALL))
                .isEqualTo(new HeraldConfig(
                        "b:9092",
                        "http://r:8081",
                        "other",
                        Path.of("/var/herald"),
                        Set.of("router"),
                        3,
                        4,
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        0,
                        16L << 20,
                        2,
                        false,
                        1,
                        Set.of("acme/shop", "acme/blog"),
                        "0.0.0.0",
                        -1,
                        Map.of()));
    }

    @Test
    void noKeyIsLeftOutOfThisTest() {
        assertThat(ALL.keySet()).isEqualTo(HeraldConfig.DEF.names());
        assertThat(HeraldConfig.class.getRecordComponents()).hasSize(ALL.size() + 1);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aKeyChangesOneSettingAlone(String key) {
        Map<String, String> properties = new HashMap<>(REQUIRED);
        properties.put(key, ALL.get(key));
        assertThat(differences(HeraldConfig.from(properties), HeraldConfig.from(REQUIRED)))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aKeyIsDocumented(String key) {
        assertThat(HeraldConfig.DEF.configKeys().get(key).documentation).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({"bootstrap.servers", "schema.registry.url", "state.dir"})
    void aMissingKeyIsNamed(String key) {
        Map<String, String> properties = new HashMap<>(REQUIRED);
        properties.remove(key);
        refused(properties, key);
    }

    @ParameterizedTest
    @CsvSource({"commit.interval.ms", "Roles", "rooter.threads", "kafka", "''"})
    void anUnknownKeyIsNamedAndTheKnownOnesListed(String key) {
        Map<String, String> properties = new HashMap<>(REQUIRED);
        properties.put(key, "1");
        assertThatThrownBy(() -> HeraldConfig.from(properties))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("unknown key " + key)
                .hasMessageContaining(new TreeSet<>(ALL.keySet()).toString());
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(textBlock = """
            roles,                       sender
            roles,                       'intake,sender'
            roles,                       ''
            intake.threads,              0
            intake.threads,              two
            router.threads,              -1
            router.commit.interval.ms,   4
            router.commit.interval.ms,   1001
            tick.interval.ms,            19
            tick.interval.ms,            5001
            router.cached.users,         -1
            router.rocksdb.memory.bytes, 1048576
            router.standby.replicas,     4
            bulk.enabled,                maybe
            bulk.max.records.per.second, 0
            bulk.max.records.per.second, 1000001
            status.sources,              shop
            status.sources,              'acme/shop,acme/'
            status.sources,              acme/herald
            health.host,                 ''
            health.port,                 -2
            health.port,                 65536
            application.id,              ''
            application.id,              'two words'
            application.id,              a/b
            bootstrap.servers,           ''
            schema.registry.url,         ''
            state.dir,                   ''
            """)
    void aWrongValueIsRefusedNamingItsKey(String key, String value) {
        Map<String, String> properties = new HashMap<>(REQUIRED);
        properties.put(key, value);
        refused(properties, key);
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(textBlock = """
            router.commit.interval.ms,   5
            router.commit.interval.ms,   1000
            tick.interval.ms,            20
            tick.interval.ms,            5000
            router.cached.users,         0
            router.standby.replicas,     3
            bulk.max.records.per.second, 1000000
            roles,                       intake
            roles,                       'router,intake'
            """)
    void aBoundIsAllowed(String key, String value) {
        Map<String, String> properties = new HashMap<>(REQUIRED);
        properties.put(key, value);
        assertThat(HeraldConfig.from(properties)).isNotNull();
    }

    @Test
    void whatIsForKafkaIsPassedThrough() {
        Map<String, String> properties = new HashMap<>(REQUIRED);
        properties.put("kafka.security.protocol", "SSL");
        properties.put("kafka.main.consumer.fetch.min.bytes", "1");
        assertThat(HeraldConfig.from(properties).kafka())
                .isEqualTo(Map.of("security.protocol", "SSL", "main.consumer.fetch.min.bytes", "1"));
    }

    @Test
    void theEnvironmentSetsEveryKey() {
        Map<String, String> environment = new HashMap<>();
        ALL.forEach((key, value) -> environment.put(
                "HERALD_TOPOLOGY_" + key.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        environment.put("HERALD_TOPOLOGY_KAFKA_SECURITY_PROTOCOL", "SSL");
        environment.put("HERALD_GATEWAY_PORT", "8080");
        environment.put("PATH", "/bin");
        Map<String, String> expected = new HashMap<>(ALL);
        expected.put("kafka.security.protocol", "SSL");
        assertThat(HeraldConfig.properties(environment)).isEqualTo(expected);
    }

    @Test
    void eachGroupHasANameOfItsOwn() {
        HeraldConfig config = HeraldConfig.from(REQUIRED);
        assertThat(config.intakeId()).isEqualTo("herald-intake");
        assertThat(config.bulkId()).isEqualTo("herald-bulk");
        assertThat(config.routerId()).isEqualTo("herald-router");
        assertThat(config.statusId()).isEqualTo("herald-status");
    }

    private static void refused(Map<String, String> properties, String key) {
        assertThatThrownBy(() -> HeraldConfig.from(properties))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key);
    }

    private static long differences(HeraldConfig one, HeraldConfig other) {
        List<String> left = fields(one);
        List<String> right = fields(other);
        long differences = 0;
        for (int field = 0; field < left.size(); field++) {
            if (!left.get(field).equals(right.get(field))) {
                differences++;
            }
        }
        return differences;
    }

    private static List<String> fields(HeraldConfig config) {
        return Arrays.stream(HeraldConfig.class.getRecordComponents())
                .map(component -> {
                    try {
                        return String.valueOf(component.getAccessor().invoke(config));
                    } catch (ReflectiveOperationException impossible) {
                        throw new LinkageError("a record lets its fields be read", impossible);
                    }
                })
                .toList();
    }
}
