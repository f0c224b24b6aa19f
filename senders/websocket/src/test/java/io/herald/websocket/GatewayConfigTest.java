package io.herald.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.api.ApiSettings;
import io.herald.api.DatabaseSettings;
import io.herald.http.TokenIssuer;
import io.herald.unsubscribe.UnsubscribeSettings;
import io.herald.websocket.GatewayConfig.Admittance;
import io.herald.websocket.GatewayConfig.SocketLimits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayConfigTest {
    private static final Map<String, String> REQUIRED = Map.of(
            "jwt.keys", "file:/etc/herald/keys.json",
            "jwt.issuer", "https://issuer.test",
            "jwt.audience", "herald",
            "bootstrap.servers", "broker:9092",
            "schema.registry.url", "http://registry:8081");

    @Test
    void hasTheseDefaults() {
        GatewayConfig config = GatewayConfig.from(REQUIRED);

        assertThat(config.id()).startsWith("gateway-").hasSizeLessThanOrEqualTo(64);
        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(config.port()).isEqualTo(8090);
        assertThat(config.healthHost()).isEqualTo("127.0.0.1");
        assertThat(config.healthPort()).isEqualTo(8091);
        assertThat(config.origins()).isEmpty();
        assertThat(config.admittance()).isEqualTo(new Admittance(20_000, 500, 500, 1_024));
        assertThat(config.drain()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.limits())
                .isEqualTo(new SocketLimits(
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(25),
                        Duration.ofMinutes(30),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        16_384,
                        10,
                        40,
                        262_144,
                        Duration.ofSeconds(10),
                        20));
        assertThat(config.clients()).isEqualTo(Map.of("bootstrap.servers", "broker:9092"));
        assertThat(config.registry())
                .isEqualTo(Map.of("schema.registry.url", "http://registry:8081", "auto.register.schemas", false));
    }

    @Test
    void readsEveryKeyFromTheEnvironment() {
        Map<String, String> environment = new HashMap<>(Map.of(
                "HERALD_GATEWAY_ID", "gw-7",
                "HERALD_GATEWAY_HOST", "0.0.0.0",
                "HERALD_GATEWAY_PORT", "1",
                "HERALD_GATEWAY_HEALTH_HOST", "10.0.0.1",
                "HERALD_GATEWAY_HEALTH_PORT", "2",
                "HERALD_GATEWAY_ORIGINS", "https://a.test,https://b.test",
                "HERALD_GATEWAY_JWT_KEYS", "https://issuer.test/keys",
                "HERALD_GATEWAY_JWT_ISSUER", "https://issuer.test",
                "HERALD_GATEWAY_JWT_AUDIENCE", "inbox"));
        environment.put("HERALD_GATEWAY_JWT_TENANTS", "1:demo");
        environment.putAll(Map.of(
                "HERALD_GATEWAY_AUTH_TIMEOUT_MS", "3",
                "HERALD_GATEWAY_HEARTBEAT_MS", "40",
                "HERALD_GATEWAY_MESSAGE_MAX_BYTES", "5000",
                "HERALD_GATEWAY_INBOUND_PER_SECOND", "6",
                "HERALD_GATEWAY_INBOUND_BURST", "7",
                "HERALD_GATEWAY_OUTBOUND_MAX_BYTES", "8000",
                "HERALD_GATEWAY_CONNECTIONS_MAX", "9",
                "HERALD_GATEWAY_CONNECTIONS_PER_USER_MAX", "10",
                "HERALD_GATEWAY_DRAIN_MS", "11"));
        environment.putAll(Map.of(
                "HERALD_GATEWAY_CONNECTION_MAX_AGE_MS", "1012",
                "HERALD_GATEWAY_RECONNECT_GRACE_MS", "13",
                "HERALD_GATEWAY_ACK_TIMEOUT_MS", "14",
                "HERALD_GATEWAY_OUTBOUND_WAIT_MS", "15",
                "HERALD_GATEWAY_HANDSHAKES_PER_SECOND", "16"));
        environment.putAll(Map.of(
                "HERALD_GATEWAY_HANDSHAKES_BURST", "17",
                "HERALD_GATEWAY_ACCEPT_BACKLOG", "18",
                "HERALD_GATEWAY_BOOTSTRAP_SERVERS", "b:1",
                "HERALD_GATEWAY_KAFKA_SECURITY_PROTOCOL", "SSL",
                "HERALD_GATEWAY_SCHEMA_REGISTRY_URL", "http://r:2",
                "HERALD_GATEWAY_REGISTRY_AUTO_REGISTER_SCHEMAS", "true",
                "HERALD_LOCAL_DIR", "a setting of somebody else"));

        environment.putAll(Map.of(
                "HERALD_GATEWAY_DATABASE_URL", "postgresql://db:5432/herald",
                "HERALD_GATEWAY_DATABASE_USER", "reader",
                "HERALD_GATEWAY_DATABASE_PASSWORD", "secret-19",
                "HERALD_GATEWAY_DATABASE_CONNECTIONS", "20",
                "HERALD_GATEWAY_DATABASE_RESUMES", "21",
                "HERALD_GATEWAY_DATABASE_STATEMENT_TIMEOUT_MS", "22",
                "HERALD_GATEWAY_API_PER_SECOND", "23",
                "HERALD_GATEWAY_API_BURST", "24",
                "HERALD_GATEWAY_UNSUBSCRIBE_KEY_FILE", "/etc/herald/unsubscribe",
                "HERALD_GATEWAY_UNSUBSCRIBE_PER_SECOND", "25"));

        assertThat(environment.keySet())
                .as("each setting is set once")
                .containsAll(GatewayConfig.DEF.names().stream()
                        .map(key -> GatewayConfig.ENVIRONMENT
                                + key.toUpperCase(java.util.Locale.ROOT).replace('.', '_'))
                        .toList());
        assertThat(GatewayConfig.from(GatewayConfig.properties(environment)))
                .isEqualTo(new GatewayConfig(
                        "gw-7",
                        "0.0.0.0",
                        1,
                        "10.0.0.1",
                        2,
                        Set.of("https://a.test", "https://b.test"),
                        List.of(new TokenIssuer(
                                "https://issuer.test",
                                URI.create("https://issuer.test/keys"),
                                "inbox",
                                Set.of("demo"))),
                        new SocketLimits(
                                Duration.ofMillis(3),
                                Duration.ofMillis(40),
                                Duration.ofMillis(1012),
                                Duration.ofMillis(13),
                                Duration.ofMillis(14),
                                5_000,
                                6,
                                7,
                                8_000,
                                Duration.ofMillis(15),
                                10),
                        new Admittance(9, 16, 17, 18),
                        Duration.ofMillis(11),
                        new OtherDoors(
                                Optional.of(new DatabaseSettings(
                                        "postgresql://db:5432/herald",
                                        "reader",
                                        new Password("secret-19"),
                                        20,
                                        21,
                                        Duration.ofMillis(22))),
                                new ApiSettings(23, 24),
                                Optional.of(new UnsubscribeSettings(Path.of("/etc/herald/unsubscribe"), 25))),
                        Map.of("bootstrap.servers", "b:1", "security.protocol", "SSL"),
                        Map.of("schema.registry.url", "http://r:2", "auto.register.schemas", "true")));
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource({
        "prot, 1, an unknown key",
        "kafka.group.id, mine, a setting that the gateway relies on",
        "port, 65536, out of range",
        "heartbeat.ms, soon, not a number",
        "jwt.keys, ftp://issuer.test/keys, a scheme that is not read",
        "jwt.keys, keys.json, no URL",
        "jwt.issuer, 'https://issuer.test,https://b.test', more issuers than key sets",
        "jwt.tenants, 2:demo, an issuer that there is not",
        "id, 12345678901234567890123456789012345678901234567890123456789012345, too long",
    })
    void refuses(String key, String value, String why) {
        Map<String, String> settings = new HashMap<>(REQUIRED);
        settings.put(key, value);

        assertThatThrownBy(() -> GatewayConfig.from(settings))
                .as(why)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key);
    }

    @Test
    void namesWhatIsMissing() {
        Map<String, String> settings = new HashMap<>(REQUIRED);
        settings.remove("jwt.issuer");

        assertThatThrownBy(() -> GatewayConfig.from(settings)).hasMessageContaining("jwt.issuer");
    }
}
