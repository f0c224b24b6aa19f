package io.herald.websocket;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.NO_DEFAULT_VALUE;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LIST;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import io.herald.http.TokenIssuer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigException;

/**
 * Everything an operator can set on the gateway, read once at start-up. {@link #DEF} says what each setting does. In
 * the environment a key is in upper case, with underscores for dots and {@value #ENVIRONMENT} before it.
 *
 * @param issuers whose tokens are taken
 * @param clients settings of the Kafka clients, their prefix taken off
 * @param registry settings of the serializers and the registry client, their prefix taken off
 */
public record GatewayConfig(
        String id,
        String host,
        int port,
        String healthHost,
        int healthPort,
        Set<String> origins,
        List<TokenIssuer> issuers,
        SocketLimits limits,
        int connectionsMax,
        Duration drain,
        Map<String, Object> clients,
        Map<String, Object> registry) {

    static final String ID = "id";
    static final String HOST = "host";
    static final String PORT = "port";
    static final String HEALTH_HOST = "health.host";
    static final String HEALTH_PORT = "health.port";
    static final String ORIGINS = "origins";
    static final String AUTH_TIMEOUT_MS = "auth.timeout.ms";
    static final String HEARTBEAT_MS = "heartbeat.ms";
    static final String MESSAGE_MAX_BYTES = "message.max.bytes";
    static final String INBOUND_PER_SECOND = "inbound.per.second";
    static final String INBOUND_BURST = "inbound.burst";
    static final String OUTBOUND_MAX_BYTES = "outbound.max.bytes";
    static final String CONNECTIONS_MAX = "connections.max";
    static final String CONNECTIONS_PER_USER_MAX = "connections.per.user.max";
    static final String DRAIN_MS = "drain.ms";
    static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
    static final String SCHEMA_REGISTRY_URL = "schema.registry.url";

    /** Before every name in the environment. */
    public static final String ENVIRONMENT = "HERALD_GATEWAY_";
    /** Before settings of Kafka's clients. */
    public static final String KAFKA = "kafka.";
    /** Before settings of serializers and registry client. */
    public static final String REGISTRY = "registry.";

    /** What the gateway relies on: nobody may set these. */
    private static final Set<String> RESERVED = Set.of(
            "acks",
            "auto.offset.reset",
            "bootstrap.servers",
            "enable.auto.commit",
            "enable.idempotence",
            "group.id",
            "isolation.level");

    /** The settings, with their defaults and what they mean. */
    public static final ConfigDef DEF = TokenIssuer.define(new ConfigDef(), true)
            .define(
                    ID,
                    STRING,
                    "",
                    MEDIUM,
                    "Names this gateway in presence records, at most 64 characters. Empty: a new name at each start.")
            .define(HOST, STRING, "127.0.0.1", HIGH, "Address to listen on for sockets. TLS ends in front of it.")
            .define(PORT, INT, 8090, between(0, 65_535), HIGH, "Port to listen on for sockets; 0: any free one.")
            .define(
                    HEALTH_HOST,
                    STRING,
                    "127.0.0.1",
                    MEDIUM,
                    "Address for health and metrics. They need no token: keep it off the internet.")
            .define(HEALTH_PORT, INT, 8091, between(0, 65_535), MEDIUM, "Port for health and metrics; 0: any free one.")
            .define(
                    ORIGINS,
                    LIST,
                    "",
                    ConfigDef.ValidList.anyNonDuplicateValues(true, false),
                    HIGH,
                    "Origins of pages that may connect, as browsers send them: scheme://host[:port]. Compared exactly. "
                            + "Empty: no page may. Clients that send no Origin are not browsers, and pass.")
            .define(
                    AUTH_TIMEOUT_MS,
                    LONG,
                    8_000L,
                    atLeast(1L),
                    MEDIUM,
                    "How long a socket may stay open without a valid token.")
            .define(
                    HEARTBEAT_MS,
                    LONG,
                    25_000L,
                    atLeast(10L),
                    MEDIUM,
                    "How often each socket is pinged. One that has said nothing for two of these is closed. Keep it "
                            + "under the idle timeout of whatever stands in front.")
            .define(
                    MESSAGE_MAX_BYTES,
                    INT,
                    16_384,
                    between(1_024, 65_536),
                    MEDIUM,
                    "Largest message a client may send. A larger one closes the socket.")
            .define(
                    INBOUND_PER_SECOND,
                    INT,
                    10,
                    atLeast(1),
                    MEDIUM,
                    "Messages a second that a socket may send for long. Above it, the socket is closed.")
            .define(INBOUND_BURST, INT, 40, atLeast(1), MEDIUM, "Messages that a socket may send at once.")
            .define(
                    OUTBOUND_MAX_BYTES,
                    INT,
                    262_144,
                    atLeast(1_024),
                    MEDIUM,
                    "Bytes that may wait for one socket. A client that reads slower is closed, and reads its inbox "
                            + "anew when it is back. The worst case in memory is this times the connections.")
            .define(
                    CONNECTIONS_MAX,
                    INT,
                    20_000,
                    atLeast(1),
                    MEDIUM,
                    "Sockets that may be open at once. Above it, handshakes are answered with 503.")
            .define(
                    CONNECTIONS_PER_USER_MAX,
                    INT,
                    20,
                    atLeast(1),
                    MEDIUM,
                    "Sockets that one user may have open. One more closes the oldest.")
            .define(
                    DRAIN_MS,
                    LONG,
                    10_000L,
                    atLeast(0L),
                    MEDIUM,
                    "Over which time sockets are closed on shutdown, so that clients do not all come back at once.")
            .define(
                    BOOTSTRAP_SERVERS,
                    STRING,
                    NO_DEFAULT_VALUE,
                    new NonEmptyString(),
                    HIGH,
                    "Kafka's address, host:port, several by comma.")
            .define(
                    SCHEMA_REGISTRY_URL,
                    STRING,
                    NO_DEFAULT_VALUE,
                    new NonEmptyString(),
                    HIGH,
                    "Confluent-compatible schema registry. While it cannot be asked, unknown schemas wait.");

    /** What one socket may do. */
    record SocketLimits(
            Duration authTimeout,
            Duration heartbeat,
            int messageBytes,
            int inboundPerSecond,
            int inboundBurst,
            int outboundBytes,
            int perUser) {}

    public GatewayConfig {
        origins = Set.copyOf(origins);
        issuers = List.copyOf(issuers);
        clients = Map.copyOf(clients);
        registry = Map.copyOf(registry);
    }

    /**
     * Reads and checks {@code properties}. {@code kafka.*} and {@code registry.*} are passed on; any other key must be
     * one of {@link #DEF}.
     *
     * @throws ConfigException naming the first key that is missing, unknown or wrong
     */
    public static GatewayConfig from(Map<String, String> properties) {
        Map<String, Object> clients = new HashMap<>();
        Map<String, Object> registry = new HashMap<>();
        // A gateway writes topics of other parts: their schemas are there, or something is wrong.
        registry.put("auto.register.schemas", false);
        properties.forEach((key, value) -> {
            if (key.startsWith(KAFKA)) {
                clients.put(client(key), value);
            } else if (key.startsWith(REGISTRY)) {
                registry.put(key.substring(REGISTRY.length()), value);
            } else if (!DEF.names().contains(key)) {
                throw new ConfigException("unknown key " + key + "; known are " + new TreeSet<>(DEF.names()));
            }
        });
        AbstractConfig values = new AbstractConfig(DEF, properties, false);
        clients.put(BOOTSTRAP_SERVERS, values.getString(BOOTSTRAP_SERVERS));
        registry.put(SCHEMA_REGISTRY_URL, values.getString(SCHEMA_REGISTRY_URL));
        return new GatewayConfig(
                id(values.getString(ID)),
                values.getString(HOST),
                values.getInt(PORT),
                values.getString(HEALTH_HOST),
                values.getInt(HEALTH_PORT),
                new HashSet<>(values.getList(ORIGINS)),
                TokenIssuer.from(values),
                limits(values),
                values.getInt(CONNECTIONS_MAX),
                Duration.ofMillis(values.getLong(DRAIN_MS)),
                clients,
                registry);
    }

    /** Returns the settings in {@code environment}, as properties: {@code HERALD_GATEWAY_PORT} is {@code port}. */
    public static Map<String, String> properties(Map<String, String> environment) {
        Map<String, String> properties = new HashMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith(ENVIRONMENT)) {
                String key = name.substring(ENVIRONMENT.length());
                properties.put(key.toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        return properties;
    }

    private static SocketLimits limits(AbstractConfig values) {
        return new SocketLimits(
                Duration.ofMillis(values.getLong(AUTH_TIMEOUT_MS)),
                Duration.ofMillis(values.getLong(HEARTBEAT_MS)),
                values.getInt(MESSAGE_MAX_BYTES),
                values.getInt(INBOUND_PER_SECOND),
                values.getInt(INBOUND_BURST),
                values.getInt(OUTBOUND_MAX_BYTES),
                values.getInt(CONNECTIONS_PER_USER_MAX));
    }

    private static String client(String key) {
        String setting = key.substring(KAFKA.length());
        if (RESERVED.contains(setting)) {
            throw new ConfigException(key + " cannot be set: the gateway relies on it");
        }
        return setting;
    }

    private static String id(String configured) {
        if (configured.length() > 64) {
            throw new ConfigException(ID, configured, "longer than 64 characters");
        }
        return configured.isEmpty() ? "gateway-" + UUID.randomUUID() : configured;
    }

    /** Keeps out what may be secret. */
    @Override
    public String toString() {
        return "GatewayConfig[id=" + id + ", host=" + host + ", port=" + port + ", origins=" + origins + "]";
    }
}
