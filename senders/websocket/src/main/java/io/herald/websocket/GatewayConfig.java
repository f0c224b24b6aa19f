package io.herald.websocket;

import io.herald.http.TokenIssuer;
import io.herald.settings.Environment;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * Everything an operator can set on the gateway, read once at start-up. {@link #DEF} says what each setting does. In
 * the environment a key is in upper case, with underscores for dots and {@value #ENVIRONMENT} before it.
 *
 * @param issuers whose tokens are taken
 * @param others what is served beside sockets and streams
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
        Admittance admittance,
        Duration drain,
        OtherDoors others,
        Map<String, Object> clients,
        Map<String, Object> registry) {

    /** The settings, with their defaults and what they mean. */
    public static final ConfigDef DEF = GatewayKeys.DEF;

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

    /** What one socket may do. */
    record SocketLimits(
            Duration authTimeout,
            Duration heartbeat,
            Duration maxAge,
            Duration reconnectGrace,
            Duration ackTimeout,
            int messageBytes,
            int inboundPerSecond,
            int inboundBurst,
            int outboundBytes,
            Duration outboundWait,
            int perUser) {}

    /**
     * How many clients are let in.
     *
     * @param connections open at once
     * @param perSecond new ones, for long
     * @param burst new ones at once
     * @param backlog that wait in the kernel
     */
    record Admittance(int connections, int perSecond, int burst, int backlog) {}

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
        clients.put(GatewayKeys.BOOTSTRAP_SERVERS, values.getString(GatewayKeys.BOOTSTRAP_SERVERS));
        registry.put(GatewayKeys.SCHEMA_REGISTRY_URL, values.getString(GatewayKeys.SCHEMA_REGISTRY_URL));
        return new GatewayConfig(
                id(values.getString(GatewayKeys.ID)),
                values.getString(GatewayKeys.HOST),
                values.getInt(GatewayKeys.PORT),
                values.getString(GatewayKeys.HEALTH_HOST),
                values.getInt(GatewayKeys.HEALTH_PORT),
                new HashSet<>(values.getList(GatewayKeys.ORIGINS)),
                TokenIssuer.from(values),
                limits(values),
                new Admittance(
                        values.getInt(GatewayKeys.CONNECTIONS_MAX),
                        values.getInt(GatewayKeys.HANDSHAKES_PER_SECOND),
                        values.getInt(GatewayKeys.HANDSHAKES_BURST),
                        values.getInt(GatewayKeys.ACCEPT_BACKLOG)),
                Duration.ofMillis(values.getLong(GatewayKeys.DRAIN_MS)),
                OtherDoors.from(values),
                clients,
                registry);
    }

    /** Returns the settings in {@code environment}, as properties: {@code HERALD_GATEWAY_PORT} is {@code port}. */
    public static Map<String, String> properties(Map<String, String> environment) {
        return Environment.properties(ENVIRONMENT, environment);
    }

    private static SocketLimits limits(AbstractConfig values) {
        return new SocketLimits(
                Duration.ofMillis(values.getLong(GatewayKeys.AUTH_TIMEOUT_MS)),
                Duration.ofMillis(values.getLong(GatewayKeys.HEARTBEAT_MS)),
                Duration.ofMillis(values.getLong(GatewayKeys.CONNECTION_MAX_AGE_MS)),
                Duration.ofMillis(values.getLong(GatewayKeys.RECONNECT_GRACE_MS)),
                Duration.ofMillis(values.getLong(GatewayKeys.ACK_TIMEOUT_MS)),
                values.getInt(GatewayKeys.MESSAGE_MAX_BYTES),
                values.getInt(GatewayKeys.INBOUND_PER_SECOND),
                values.getInt(GatewayKeys.INBOUND_BURST),
                values.getInt(GatewayKeys.OUTBOUND_MAX_BYTES),
                Duration.ofMillis(values.getLong(GatewayKeys.OUTBOUND_WAIT_MS)),
                values.getInt(GatewayKeys.CONNECTIONS_PER_USER_MAX));
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
            throw new ConfigException(GatewayKeys.ID, configured, "longer than 64 characters");
        }
        return configured.isEmpty() ? "gateway-" + UUID.randomUUID() : configured;
    }

    /** Keeps out what may be secret. */
    @Override
    public String toString() {
        return "GatewayConfig[id=" + id + ", host=" + host + ", port=" + port + ", origins=" + origins + "]";
    }
}
