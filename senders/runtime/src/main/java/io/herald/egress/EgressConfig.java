package io.herald.egress;

import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.Type.BOOLEAN;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LIST;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * What an operator can set on a {@link GuardedHttp}.
 *
 * @param ports see {@value #PORTS}
 * @param connectTimeout see {@value #CONNECT_TIMEOUT_MS}
 * @param connectionsPerHost see {@value #CONNECTIONS_PER_HOST}
 * @param responseBytes see {@value #RESPONSE_BYTES}
 * @param allowLoopback see {@value #ALLOW_LOOPBACK}
 */
public record EgressConfig(
        Set<Integer> ports, Duration connectTimeout, int connectionsPerHost, int responseBytes, boolean allowLoopback) {

    static final String PORTS = "egress.ports";
    static final String CONNECT_TIMEOUT_MS = "egress.connect.timeout.ms";
    static final String CONNECTIONS_PER_HOST = "egress.connections.per.host.max";
    static final String RESPONSE_BYTES = "egress.response.bytes.max";
    static final String ALLOW_LOOPBACK = "egress.allow.loopback";

    /**
     * Adds the keys to a sender's own.
     *
     * @param connectionsPerHost what that sender has for a default
     */
    public static ConfigDef define(ConfigDef own, int connectionsPerHost) {
        return own.define(PORTS, LIST, "443", MEDIUM, "Ports that may be connected to, several by comma.")
                .define(
                        CONNECT_TIMEOUT_MS,
                        LONG,
                        5_000L,
                        between(10, 60_000),
                        LOW,
                        "How long connecting may take, TLS and the wait for a free connection included.")
                .define(
                        CONNECTIONS_PER_HOST,
                        INT,
                        connectionsPerHost,
                        between(1, 10_000),
                        MEDIUM,
                        "Connections to one host: a slow one takes no more than these from the others.")
                .define(
                        RESPONSE_BYTES,
                        INT,
                        8_192,
                        between(0, 1 << 20),
                        LOW,
                        "How much of an answer's body is read. What is longer is cut off with its connection.")
                .define(
                        ALLOW_LOOPBACK,
                        BOOLEAN,
                        false,
                        LOW,
                        "Lets this host be called, by plain http too and on any port: for tests and local stacks.");
    }

    /**
     * Reads and checks {@code properties}, ignoring the keys of others.
     *
     * @throws ConfigException naming the first key that has a wrong value
     */
    public static EgressConfig from(ConfigDef defined, Map<String, String> properties) {
        AbstractConfig values = new AbstractConfig(defined, properties, false);
        return new EgressConfig(
                values.getList(PORTS).stream().map(EgressConfig::port).collect(Collectors.toUnmodifiableSet()),
                Duration.ofMillis(values.getLong(CONNECT_TIMEOUT_MS)),
                values.getInt(CONNECTIONS_PER_HOST),
                values.getInt(RESPONSE_BYTES),
                values.getBoolean(ALLOW_LOOPBACK));
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text.strip());
            if (port > 0 && port < 1 << 16) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            throw new ConfigException(PORTS, text, "Not a port.");
        }
        throw new ConfigException(PORTS, text, "Not a port.");
    }
}
