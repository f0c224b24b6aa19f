package io.herald.topology.app;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.NO_DEFAULT_VALUE;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import io.herald.settings.Environment;
import io.herald.topology.status.Statuses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.ValidList;
import org.apache.kafka.common.config.ConfigException;

/**
 * Everything that an operator can set on the topology, read once at start. In the environment a key is upper case with
 * underscores and {@value #ENVIRONMENT} before it.
 *
 * @param kafka settings for Kafka's clients and Streams, passed through untouched: given with {@code kafka.} before
 *     them
 */
public record HeraldConfig(
        String bootstrapServers,
        String schemaRegistryUrl,
        String applicationId,
        Path stateDir,
        Set<String> roles,
        int intakeThreads,
        int routerThreads,
        Duration commitInterval,
        Duration tickInterval,
        int cachedUsers,
        long rocksDbBytes,
        int standbys,
        boolean bulkEnabled,
        int bulkRecordsPerSecond,
        Set<String> statusSources,
        String healthHost,
        int healthPort,
        Map<String, String> kafka) {

    static final String ENVIRONMENT = "HERALD_TOPOLOGY_";
    static final String PASS_THROUGH = "kafka.";

    static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
    static final String SCHEMA_REGISTRY_URL = "schema.registry.url";
    static final String APPLICATION_ID = "application.id";
    static final String STATE_DIR = "state.dir";
    static final String ROLES = "roles";
    static final String INTAKE_THREADS = "intake.threads";
    static final String ROUTER_THREADS = "router.threads";
    static final String COMMIT_INTERVAL_MS = "router.commit.interval.ms";
    static final String TICK_INTERVAL_MS = "tick.interval.ms";
    static final String CACHED_USERS = "router.cached.users";
    static final String ROCKSDB_BYTES = "router.rocksdb.memory.bytes";
    static final String STANDBYS = "router.standby.replicas";
    static final String BULK_ENABLED = "bulk.enabled";
    static final String BULK_RECORDS_PER_SECOND = "bulk.max.records.per.second";
    static final String STATUS_SOURCES = "status.sources";
    static final String HEALTH_HOST = "health.host";
    static final String HEALTH_PORT = "health.port";

    private static final Pattern APPLICATION_IDS = Pattern.compile("[a-zA-Z0-9._-]{1,100}");
    private static final Pattern TENANT_AND_SOURCE = Pattern.compile("[a-z0-9-]{1,32}/[a-z0-9._-]{1,64}");
    private static final Pattern CLIENT_PREFIX =
            Pattern.compile("^(main\\.consumer|restore\\.consumer|global\\.consumer|consumer|producer|admin)\\.");

    /** What the promises rest on, with or without the prefix of a client: nobody may set these. */
    private static final Set<String> RESERVED = Set.of(
            "acks",
            "application.id",
            "auto.offset.reset",
            "bootstrap.servers",
            "default.production.exception.handler",
            "delivery.timeout.ms",
            "enable.auto.commit",
            "enable.idempotence",
            "isolation.level",
            "max.in.flight.requests.per.connection",
            "processing.guarantee",
            "production.exception.handler",
            "retries",
            "state.dir");

    static final ConfigDef DEF = new ConfigDef()
            .define(
                    BOOTSTRAP_SERVERS,
                    ConfigDef.Type.STRING,
                    NO_DEFAULT_VALUE,
                    new NonEmptyString(),
                    HIGH,
                    "Kafka's address, host:port, several by comma.")
            .define(
                    SCHEMA_REGISTRY_URL,
                    ConfigDef.Type.STRING,
                    NO_DEFAULT_VALUE,
                    new NonEmptyString(),
                    HIGH,
                    "Confluent-compatible schema registry. Asked once a schema; while it is away, known schemas still work.")
            .define(
                    APPLICATION_ID,
                    ConfigDef.Type.STRING,
                    "herald",
                    LambdaValidator.with(HeraldConfig::checkApplicationId, () -> "letters, digits, '.', '_' and '-'"),
                    HIGH,
                    "Prefix of the application ids, and so of consumer groups and changelogs. Another one starts without state.")
            .define(
                    STATE_DIR,
                    ConfigDef.Type.STRING,
                    NO_DEFAULT_VALUE,
                    new NonEmptyString(),
                    HIGH,
                    "Where stores live. On a disk that survives restarts; otherwise every start restores from Kafka.")
            .define(
                    ROLES,
                    ConfigDef.Type.LIST,
                    "intake,router",
                    ValidList.in(false, "intake", "router"),
                    HIGH,
                    "Which applications this process runs. Scale them apart: intake is stateless.")
            .define(INTAKE_THREADS, ConfigDef.Type.INT, 1, atLeast(1), MEDIUM, "Threads of intake.")
            .define(
                    ROUTER_THREADS,
                    ConfigDef.Type.INT,
                    2,
                    atLeast(1),
                    MEDIUM,
                    "Threads of the router: not more than cores, nor than mailbox partitions.")
            .define(
                    COMMIT_INTERVAL_MS,
                    ConfigDef.Type.LONG,
                    25L,
                    between(5, 1_000),
                    MEDIUM,
                    "How long a transaction of the router lasts. Deliveries become visible at its end: it is latency.")
            .define(
                    TICK_INTERVAL_MS,
                    ConfigDef.Type.LONG,
                    250L,
                    between(20, 5_000),
                    LOW,
                    "How often time moves when nothing else moves it: how late a retry may be. On each tick a partition"
                            + " handles at most 250 due items of the bulk lane, or users of broadcasts.")
            .define(
                    CACHED_USERS,
                    ConfigDef.Type.INT,
                    2_000,
                    atLeast(0),
                    MEDIUM,
                    "Users kept decoded in the heap, for each partition: those who are busy now, whose records follow"
                            + " one another. Many more live long enough to cost the collector more than a look into"
                            + " RocksDB does. About 2 KB each; 0 decides the same, slower.")
            .define(
                    ROCKSDB_BYTES,
                    ConfigDef.Type.LONG,
                    256L << 20,
                    atLeast(16L << 20),
                    MEDIUM,
                    "Memory of all RocksDB stores of the process together, outside of the heap.")
            .define(
                    STANDBYS,
                    ConfigDef.Type.INT,
                    0,
                    between(0, 3),
                    HIGH,
                    "Warm copies of the state on other instances. With 0, a crash waits for a restore from Kafka.")
            .define(
                    BULK_ENABLED,
                    ConfigDef.Type.BOOLEAN,
                    true,
                    MEDIUM,
                    "Whether a process with the role intake also takes bulk in. What nobody takes in waits.")
            .define(
                    BULK_RECORDS_PER_SECOND,
                    ConfigDef.Type.INT,
                    20_000,
                    between(1, 1_000_000),
                    MEDIUM,
                    "Bulk that this process writes to the mailbox at most; one for each recipient. It goes slower by"
                            + " itself when the router falls behind, so this only bounds how far it tries.")
            .define(
                    STATUS_SOURCES,
                    ConfigDef.Type.LIST,
                    "",
                    LambdaValidator.with(
                            HeraldConfig::checkSources, () -> "tenant/source, several by comma; none of source herald"),
                    MEDIUM,
                    "Whose events are told of: how each delivery ended goes as a notification to the user"
                            + " status/<source>. The same in every process; empty: nobody's.")
            .define(
                    HEALTH_HOST,
                    ConfigDef.Type.STRING,
                    "127.0.0.1",
                    new NonEmptyString(),
                    MEDIUM,
                    "Address of /live, /ready and /metrics; 0.0.0.0 in a container.")
            .define(
                    HEALTH_PORT,
                    ConfigDef.Type.INT,
                    8092,
                    between(-1, 65_535),
                    MEDIUM,
                    "Port of /live, /ready and /metrics; 0 for any that is free, -1 for none.");

    /**
     * Reads and checks {@code properties}.
     *
     * @throws ConfigException naming the first key that is unknown, missing or has a wrong value
     */
    public static HeraldConfig from(Map<String, String> properties) {
        Map<String, String> known = new HashMap<>();
        Map<String, String> passed = new HashMap<>();
        for (Map.Entry<String, String> entry : properties.entrySet()) {
            if (entry.getKey().startsWith(PASS_THROUGH)) {
                String setting = entry.getKey().substring(PASS_THROUGH.length());
                if (RESERVED.contains(CLIENT_PREFIX.matcher(setting).replaceFirst(""))) {
                    throw new ConfigException(
                            entry.getKey() + " is not for operators: what Herald promises rests on it");
                }
                passed.put(setting, entry.getValue());
            } else if (DEF.names().contains(entry.getKey())) {
                known.put(entry.getKey(), entry.getValue());
            } else {
                throw new ConfigException(
                        "unknown key " + entry.getKey() + "; known are " + new TreeSet<>(DEF.names()));
            }
        }
        AbstractConfig values = new AbstractConfig(DEF, known, false);
        return new HeraldConfig(
                values.getString(BOOTSTRAP_SERVERS),
                values.getString(SCHEMA_REGISTRY_URL),
                values.getString(APPLICATION_ID),
                Path.of(values.getString(STATE_DIR)),
                Set.copyOf(values.getList(ROLES)),
                values.getInt(INTAKE_THREADS),
                values.getInt(ROUTER_THREADS),
                Duration.ofMillis(values.getLong(COMMIT_INTERVAL_MS)),
                Duration.ofMillis(values.getLong(TICK_INTERVAL_MS)),
                values.getInt(CACHED_USERS),
                values.getLong(ROCKSDB_BYTES),
                values.getInt(STANDBYS),
                values.getBoolean(BULK_ENABLED),
                values.getInt(BULK_RECORDS_PER_SECOND),
                Set.copyOf(values.getList(STATUS_SOURCES)),
                values.getString(HEALTH_HOST),
                values.getInt(HEALTH_PORT),
                Map.copyOf(passed));
    }

    /** Returns the settings in {@code environment}, as properties. */
    public static Map<String, String> properties(Map<String, String> environment) {
        return Environment.properties(ENVIRONMENT, environment);
    }

    // It is part of the names of topics and directories.
    private static void checkApplicationId(String key, Object value) {
        if (!APPLICATION_IDS.matcher((String) value).matches()) {
            throw new ConfigException(key, value, "only letters, digits, '.', '_' and '-', at most 100");
        }
    }

    // A status of a status would have one, too.
    private static void checkSources(String key, Object value) {
        for (Object source : (List<?>) value) {
            if (!TENANT_AND_SOURCE.matcher((String) source).matches()
                    || ((String) source).endsWith("/" + Statuses.SOURCE)) {
                throw new ConfigException(key, source, "tenant/source, and not source " + Statuses.SOURCE);
            }
        }
    }

    /** Returns the application id, and consumer group, of intake. */
    public String intakeId() {
        return applicationId + "-intake";
    }

    /** Returns the consumer group of the bulk intake. */
    public String bulkId() {
        return applicationId + "-bulk";
    }

    /** Returns the application id, and consumer group, of what tells producers of their events. */
    public String statusId() {
        return applicationId + "-status";
    }

    /** Returns the application id, and consumer group, of the router. */
    public String routerId() {
        return applicationId + "-router";
    }
}
