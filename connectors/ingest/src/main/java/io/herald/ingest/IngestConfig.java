package io.herald.ingest;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.NO_DEFAULT_VALUE;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.PASSWORD;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import io.herald.http.TokenIssuer;
import io.herald.settings.Environment;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigException;

/**
 * Everything an operator can set on ingest, read once at start-up. {@link #DEF} says what each setting does. In the
 * environment a key is in upper case, with underscores for dots and {@value #ENVIRONMENT} before it.
 *
 * @param issuers whose tokens are taken; none: only API keys are
 * @param clients settings of the Kafka client, their prefix taken off
 * @param registry settings of the serializer and the registry client, their prefix taken off
 */
public record IngestConfig(
        String id,
        String host,
        int port,
        String healthHost,
        int healthPort,
        int bodyBytes,
        int bodyDepth,
        long heldBytes,
        int connectionsMax,
        int waitingMax,
        Duration remembered,
        List<TokenIssuer> issuers,
        Rate tokenRate,
        Store store,
        Map<String, Object> clients,
        Map<String, Object> registry) {

    static final String ID = "id";
    static final String HOST = "host";
    static final String PORT = "port";
    static final String HEALTH_HOST = "health.host";
    static final String HEALTH_PORT = "health.port";
    static final String BODY_MAX_BYTES = "body.max.bytes";
    static final String BODY_MAX_DEPTH = "body.max.depth";
    static final String BODIES_MAX_BYTES = "bodies.max.bytes";
    static final String CONNECTIONS_MAX = "connections.max";
    static final String WAITING_MAX = "waiting.max";
    static final String IDEMPOTENCY_HOURS = "idempotency.hours";
    static final String TOKEN_PER_SECOND = "token.per.second";
    static final String TOKEN_BURST = "token.burst";
    static final String DATABASE_URL = "database.url";
    static final String DATABASE_USER = "database.user";
    static final String DATABASE_PASSWORD = "database.password";
    static final String DATABASE_CONNECTIONS = "database.connections";
    static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
    static final String SCHEMA_REGISTRY_URL = "schema.registry.url";

    /** Before every name in the environment. */
    public static final String ENVIRONMENT = "HERALD_INGEST_";
    /** Before settings of Kafka's client. */
    public static final String KAFKA = "kafka.";
    /** Before settings of serializer and registry client. */
    public static final String REGISTRY = "registry.";

    /** What ingest relies on: nobody may set these. */
    private static final Set<String> RESERVED = Set.of("acks", "bootstrap.servers", "enable.idempotence");

    private static final String JDBC = "jdbc:";

    /** The settings, with their defaults and what they mean. */
    public static final ConfigDef DEF = TokenIssuer.define(new ConfigDef(), false)
            .define(ID, STRING, "", MEDIUM, "Names this process to Kafka. Empty: a new name at each start.")
            .define(HOST, STRING, "127.0.0.1", HIGH, "Address to listen on. TLS ends in front of it.")
            .define(PORT, INT, 8070, between(0, 65_535), HIGH, "Port to listen on; 0: any free one.")
            .define(
                    HEALTH_HOST,
                    STRING,
                    "127.0.0.1",
                    MEDIUM,
                    "Address for health and metrics. They need no key: keep it off the internet.")
            .define(HEALTH_PORT, INT, 8071, between(0, 65_535), MEDIUM, "Port for health and metrics; 0: any free one.")
            .define(
                    BODY_MAX_BYTES,
                    INT,
                    4 << 20,
                    between(1_024, 64 << 20),
                    MEDIUM,
                    "Largest body; a larger one is answered with 413.")
            .define(BODY_MAX_DEPTH, INT, 8, between(4, 64), MEDIUM, "How deep JSON may be nested.")
            .define(
                    BODIES_MAX_BYTES,
                    LONG,
                    64L << 20,
                    atLeast(1L << 20),
                    MEDIUM,
                    "Bytes of bodies that may be held at once, together; more is answered with 503.")
            .define(
                    CONNECTIONS_MAX,
                    INT,
                    4_000,
                    atLeast(1),
                    MEDIUM,
                    "Connections that may be open at once. One more is closed.")
            .define(
                    WAITING_MAX,
                    INT,
                    50_000,
                    atLeast(1_001),
                    MEDIUM,
                    "Records that may wait for Kafka at once; more is answered with 503. At least a full request.")
            .define(
                    IDEMPOTENCY_HOURS,
                    INT,
                    25,
                    between(1, 24 * 31),
                    MEDIUM,
                    "How long an idempotency key is remembered. At least the 24 hours in which the router knows events "
                            + "again: then a repeat is harmless, with the key or later without.")
            .define(
                    TOKEN_PER_SECOND,
                    INT,
                    1_000,
                    atLeast(1),
                    MEDIUM,
                    "Notifications, or other writes, a second that the holder of a token may send. Keys have rates of "
                            + "their own. Each process counts for itself.")
            .define(TOKEN_BURST, INT, 2_000, atLeast(1), MEDIUM, "How many the holder of a token may send at once.")
            .define(
                    DATABASE_URL,
                    STRING,
                    NO_DEFAULT_VALUE,
                    new NonEmptyString(),
                    HIGH,
                    "PostgreSQL with the tables of inbox-jdbc: jdbc:postgresql://host:port/database. Ingest makes a "
                            + "schema 'ingest' there.")
            .define(DATABASE_USER, STRING, NO_DEFAULT_VALUE, new NonEmptyString(), HIGH, "Its user.")
            .define(DATABASE_PASSWORD, PASSWORD, "", HIGH, "Their password.")
            .define(DATABASE_CONNECTIONS, INT, 8, between(1, 100), MEDIUM, "Connections to it.")
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
                    "Confluent-compatible schema registry, asked once for each type of record.");

    /**
     * How much a caller may send.
     *
     * @param perSecond for long
     * @param burst at once
     */
    public record Rate(int perSecond, int burst) {}

    /**
     * Where PostgreSQL is.
     *
     * @param jdbcUrl without user
     */
    public record Store(String jdbcUrl, String user, String password, int connections) {
        String uri() {
            return jdbcUrl.substring(JDBC.length());
        }

        /** Keeps out the password. */
        @Override
        public String toString() {
            return "Store[" + jdbcUrl + "]";
        }
    }

    public IngestConfig {
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
    public static IngestConfig from(Map<String, String> properties) {
        Map<String, Object> clients = new HashMap<>();
        Map<String, Object> registry = new HashMap<>();
        // Ingest writes topics of other parts: their schemas are there, or something is wrong.
        registry.put("auto.register.schemas", false);
        // Callers wait in their hundreds: a few milliseconds make batches of them.
        clients.put("linger.ms", "2");
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
        String id = values.getString(ID);
        return new IngestConfig(
                id.isEmpty() ? "ingest-" + UUID.randomUUID() : id,
                values.getString(HOST),
                values.getInt(PORT),
                values.getString(HEALTH_HOST),
                values.getInt(HEALTH_PORT),
                values.getInt(BODY_MAX_BYTES),
                values.getInt(BODY_MAX_DEPTH),
                values.getLong(BODIES_MAX_BYTES),
                values.getInt(CONNECTIONS_MAX),
                values.getInt(WAITING_MAX),
                Duration.ofHours(values.getInt(IDEMPOTENCY_HOURS)),
                TokenIssuer.from(values),
                new Rate(values.getInt(TOKEN_PER_SECOND), values.getInt(TOKEN_BURST)),
                store(values),
                clients,
                registry);
    }

    /** Returns the settings in {@code environment}, as properties: {@code HERALD_INGEST_PORT} is {@code port}. */
    public static Map<String, String> properties(Map<String, String> environment) {
        return Environment.properties(ENVIRONMENT, environment);
    }

    /** Reads where PostgreSQL is, and nothing else: for tools. */
    static Store store(Map<String, String> properties) {
        ConfigDef own = new ConfigDef();
        for (String key : List.of(DATABASE_URL, DATABASE_USER, DATABASE_PASSWORD, DATABASE_CONNECTIONS)) {
            own.define(DEF.configKeys().get(key));
        }
        return store(new AbstractConfig(own, properties, false));
    }

    private static Store store(AbstractConfig values) {
        String url = values.getString(DATABASE_URL);
        if (!url.startsWith(JDBC + "postgresql://")) {
            throw new ConfigException(DATABASE_URL, url, "must be a jdbc:postgresql: URL");
        }
        return new Store(
                url,
                values.getString(DATABASE_USER),
                values.getPassword(DATABASE_PASSWORD).value(),
                values.getInt(DATABASE_CONNECTIONS));
    }

    private static String client(String key) {
        String setting = key.substring(KAFKA.length());
        if (RESERVED.contains(setting)) {
            throw new ConfigException(key + " cannot be set: ingest relies on it");
        }
        return setting;
    }

    /** Keeps out what may be secret. */
    @Override
    public String toString() {
        return "IngestConfig[id=" + id + ", host=" + host + ", port=" + port + "]";
    }
}
