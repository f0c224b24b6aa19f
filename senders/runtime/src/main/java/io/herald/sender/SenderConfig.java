package io.herald.sender;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.NO_DEFAULT_VALUE;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.Type.DOUBLE;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import io.herald.schema.Lane;
import io.herald.schema.Route;
import io.herald.schema.Vendor;
import io.herald.settings.Environment;
import io.herald.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;

/**
 * What an operator can set on every sender, read once at the start. Each sender adds keys of its own.
 *
 * <p>In the environment a key is in upper case, with underscores for dots and {@value #ENVIRONMENT} before it.
 *
 * @param route which deliveries it drains
 * @param vendor see {@value #VENDOR}
 * @param group see {@value #GROUP_ID}
 * @param urgentInFlightMax see {@value #IN_FLIGHT_MAX}
 * @param bulkInFlightMax see {@value #BULK_IN_FLIGHT_MAX}
 * @param requestTimeout see {@value #REQUEST_TIMEOUT_MS}
 * @param drainTimeout see {@value #DRAIN_TIMEOUT_MS}
 * @param commitInterval see {@value #COMMIT_INTERVAL_MS}
 * @param flow how fast it may go, and how it stops for a provider that is ill
 * @param healthPort see {@value #HEALTH_PORT}
 * @param kafka settings of Kafka's clients, given with {@value #KAFKA} before them
 * @param wire settings of serializer, deserializer and registry client, {@code schema.registry.url} among them; given
 *     with {@value #REGISTRY} before them
 */
public record SenderConfig(
        Route route,
        Vendor vendor,
        String bootstrapServers,
        String group,
        int urgentInFlightMax,
        int bulkInFlightMax,
        Duration requestTimeout,
        Duration drainTimeout,
        Duration commitInterval,
        Flow flow,
        String healthHost,
        int healthPort,
        Map<String, String> kafka,
        Map<String, String> wire) {

    /** Before every name in the environment. */
    public static final String ENVIRONMENT = "HERALD_SENDER_";
    /** Before settings of Kafka's clients. */
    public static final String KAFKA = "kafka.";
    /** Before settings of serializers and registry client. */
    public static final String REGISTRY = "registry.";

    static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
    static final String SCHEMA_REGISTRY_URL = "schema.registry.url";
    static final String GROUP_ID = "group.id";
    /** For senders that keep a thread for each call. */
    public static final String IN_FLIGHT_MAX = "in.flight.max";

    static final String BULK_IN_FLIGHT_MAX = "bulk.in.flight.max";
    static final String REQUEST_TIMEOUT_MS = "request.timeout.ms";
    static final String DRAIN_TIMEOUT_MS = "drain.timeout.ms";
    static final String COMMIT_INTERVAL_MS = "commit.interval.ms";
    static final String VENDOR = "vendor";
    static final String RATE_PER_SECOND = "rate.per.second";
    static final String RATE_BURST = "rate.burst";
    /** For senders whose provider asks for a longer one. */
    public static final String RAMP_MS = "ramp.ms";

    static final String CIRCUIT_PAUSE_MS = "circuit.pause.ms";
    static final String CIRCUIT_LONGEST_PAUSE_MS = "circuit.longest.pause.ms";
    static final String HEALTH_HOST = "health.host";
    static final String HEALTH_PORT = "health.port";

    private static final int HALF = 0;

    /** What the loop relies on: nobody may set these. */
    private static final Set<String> RESERVED = Set.of(
            "acks",
            "auto.offset.reset",
            "bootstrap.servers",
            "delivery.timeout.ms",
            "enable.auto.commit",
            "enable.idempotence",
            "group.id",
            "isolation.level",
            "retries");

    /** The keys, without those of a sender's own. */
    public static final ConfigDef DEF = new ConfigDef()
            .define(BOOTSTRAP_SERVERS, STRING, NO_DEFAULT_VALUE, HIGH, "Kafka's address, host:port, several by comma.")
            .define(
                    SCHEMA_REGISTRY_URL,
                    STRING,
                    NO_DEFAULT_VALUE,
                    HIGH,
                    "Confluent-compatible schema registry. While it cannot be asked, unknown schemas wait.")
            .define(
                    GROUP_ID,
                    STRING,
                    "",
                    HIGH,
                    "Consumer group of the urgent lane, herald-sender-<route> if empty, with -second behind it for the second"
                            + " provider; that of the bulk lane has -bulk"
                            + " behind it. Another one starts at the oldest delivery that Kafka has, most of which are"
                            + " reported STALE.")
            .define(
                    IN_FLIGHT_MAX,
                    INT,
                    256,
                    between(1, 10_000),
                    HIGH,
                    "Urgent deliveries between call and committed progress. Rate is this divided by the provider's"
                            + " latency and some 20 ms; what is in flight at a crash is repeated.")
            .define(
                    BULK_IN_FLIGHT_MAX,
                    INT,
                    HALF,
                    between(HALF, 10_000),
                    HIGH,
                    "The same for bulk deliveries, which take nothing of the other; 0 for half as many, rounded up. The"
                            + " provider has both at a time.")
            .define(
                    REQUEST_TIMEOUT_MS,
                    LONG,
                    15_000L,
                    between(10, 300_000),
                    MEDIUM,
                    "How long the provider may take to answer. Past it the outcome is UNKNOWN, and a repeat likely.")
            .define(
                    DRAIN_TIMEOUT_MS,
                    LONG,
                    20_000L,
                    between(0, 240_000),
                    MEDIUM,
                    "How long to wait for what is in flight at a shutdown or rebalance. Below request.timeout.ms, slow"
                            + " answers are cut off and their deliveries repeated.")
            .define(
                    COMMIT_INTERVAL_MS,
                    LONG,
                    200L,
                    between(10, 60_000),
                    LOW,
                    "How often progress is committed at least; deliveries that wait for room commit sooner.")
            .define(
                    VENDOR,
                    STRING,
                    "first",
                    ValidString.in("first", "second"),
                    MEDIUM,
                    "Which of the route's providers this is. E-mail and SMS may have a second one: another process, with"
                            + " credentials and topics of its own.")
            .define(
                    RATE_PER_SECOND,
                    DOUBLE,
                    0.0,
                    between(0, 1_000_000),
                    HIGH,
                    "How much this process may send in a second, both lanes together: deliveries, or what the provider"
                            + " counts, such as segments of SMS. Divide the account's limit by the number of processes. 0"
                            + " for no limit but the provider's own, where it tells one.")
            .define(
                    RATE_BURST,
                    INT,
                    0,
                    between(0, 1_000_000),
                    LOW,
                    "How much of it may go at once after a pause; 0 for a fifth of a second's, at least 2.")
            .define(
                    RAMP_MS,
                    LONG,
                    30_000L,
                    between(0, 3_600_000),
                    MEDIUM,
                    "After an outage, how long it takes until as much goes out as before. FCM asks for 60,000 or more.")
            .define(
                    CIRCUIT_PAUSE_MS,
                    LONG,
                    1_000L,
                    between(10, 3_600_000),
                    LOW,
                    "How long nothing goes out at first when the provider is ill; doubled each time that one delivery finds"
                            + " it ill again.")
            .define(
                    CIRCUIT_LONGEST_PAUSE_MS,
                    LONG,
                    30_000L,
                    between(10, 3_600_000),
                    LOW,
                    "Up to this; a provider that asks for a longer pause has it, up to an hour.")
            .define(
                    HEALTH_HOST,
                    STRING,
                    "127.0.0.1",
                    MEDIUM,
                    "Address of /live, /ready and /metrics; 0.0.0.0 in a container.")
            .define(
                    HEALTH_PORT,
                    INT,
                    8090,
                    between(-1, 65_535),
                    MEDIUM,
                    "Port of /live, /ready and /metrics; 0 for any that is free, -1 for none.");

    /**
     * How fast a sender may go.
     *
     * @param perSecond see {@value #RATE_PER_SECOND}
     * @param burst see {@value #RATE_BURST}
     * @param ramp see {@value #RAMP_MS}
     * @param firstPause see {@value #CIRCUIT_PAUSE_MS}
     * @param longestPause see {@value #CIRCUIT_LONGEST_PAUSE_MS}
     */
    public record Flow(double perSecond, int burst, Duration ramp, Duration firstPause, Duration longestPause) {}

    /**
     * As {@link #from(Route, Map, ConfigDef)}, with other defaults.
     *
     * @param usual values of common keys that this sender has unless they are set
     */
    public static SenderConfig from(
            Route route, Map<String, String> properties, ConfigDef own, Map<String, String> usual) {
        Map<String, String> all = new HashMap<>(usual);
        all.putAll(properties);
        return from(route, all, own);
    }

    /**
     * Reads and checks {@code properties}.
     *
     * @param own keys of the sender's own, which are allowed beside the common ones
     * @throws ConfigException naming the first key that is unknown, missing or has a wrong value
     */
    public static SenderConfig from(Route route, Map<String, String> properties, ConfigDef own) {
        Map<String, String> kafka = new HashMap<>();
        Map<String, String> wire = new HashMap<>();
        for (Map.Entry<String, String> entry : properties.entrySet()) {
            String key = entry.getKey();
            if (key.startsWith(KAFKA)) {
                kafka.put(client(key), entry.getValue());
            } else if (key.startsWith(REGISTRY)) {
                wire.put(key.substring(REGISTRY.length()), entry.getValue());
            } else if (!DEF.names().contains(key) && !own.names().contains(key)) {
                Set<String> known = new TreeSet<>(DEF.names());
                known.addAll(own.names());
                throw new ConfigException("unknown key " + key + "; known are " + known);
            }
        }
        AbstractConfig values = new AbstractConfig(DEF, properties, false);
        wire.put(SCHEMA_REGISTRY_URL, values.getString(SCHEMA_REGISTRY_URL));
        String group = values.getString(GROUP_ID);
        int urgent = values.getInt(IN_FLIGHT_MAX);
        int bulk = values.getInt(BULK_IN_FLIGHT_MAX);
        Vendor vendor = Vendor.valueOf(values.getString(VENDOR).toUpperCase(Locale.ROOT));
        if (!Topics.vendors(route).contains(vendor)) {
            throw new ConfigException(VENDOR, values.getString(VENDOR), route + " has one provider.");
        }
        return new SenderConfig(
                route,
                vendor,
                values.getString(BOOTSTRAP_SERVERS),
                group.isEmpty() ? group(route, vendor) : group,
                urgent,
                bulk == HALF ? (urgent + 1) / 2 : bulk,
                Duration.ofMillis(values.getLong(REQUEST_TIMEOUT_MS)),
                Duration.ofMillis(values.getLong(DRAIN_TIMEOUT_MS)),
                Duration.ofMillis(values.getLong(COMMIT_INTERVAL_MS)),
                new Flow(
                        values.getDouble(RATE_PER_SECOND),
                        values.getInt(RATE_BURST),
                        Duration.ofMillis(values.getLong(RAMP_MS)),
                        Duration.ofMillis(values.getLong(CIRCUIT_PAUSE_MS)),
                        Duration.ofMillis(values.getLong(CIRCUIT_LONGEST_PAUSE_MS))),
                values.getString(HEALTH_HOST),
                values.getInt(HEALTH_PORT),
                Map.copyOf(kafka),
                Map.copyOf(wire));
    }

    /** Returns how many deliveries of {@code lane} may be between call and acknowledged report. */
    public int inFlightMax(Lane lane) {
        return switch (lane) {
            case URGENT -> urgentInFlightMax;
            case BULK -> bulkInFlightMax;
        };
    }

    /** Returns how many calls the provider may have to carry at a time, of both lanes. */
    public int callsMax() {
        return urgentInFlightMax + bulkInFlightMax;
    }

    /** Returns the consumer group of {@code lane}. */
    public String groupId(Lane lane) {
        return switch (lane) {
            case URGENT -> group;
            case BULK -> group + "-bulk";
        };
    }

    /** Returns the settings in {@code environment}, as properties. */
    public static Map<String, String> properties(Map<String, String> environment) {
        return Environment.properties(ENVIRONMENT, environment);
    }

    private static String group(Route route, Vendor vendor) {
        return "herald-sender-" + route.name().toLowerCase(Locale.ROOT)
                + switch (vendor) {
                    case FIRST -> "";
                    case SECOND -> "-second";
                };
    }

    private static String client(String key) {
        String setting = key.substring(KAFKA.length());
        if (RESERVED.contains(setting)) {
            throw new ConfigException(key + " cannot be set: the loop relies on it");
        }
        return setting;
    }

    /** Keeps out what may be secret. */
    @Override
    public String toString() {
        return "SenderConfig[route=" + route + ", vendor=" + vendor + ", group=" + group + ", inFlightMax="
                + urgentInFlightMax + "+" + bulkInFlightMax + "]";
    }
}
