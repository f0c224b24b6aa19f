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
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;

/** The names of the gateway's settings, and what each is. {@link GatewayConfig} holds their values. */
final class GatewayKeys {
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
    static final String OUTBOUND_WAIT_MS = "outbound.wait.ms";
    static final String CONNECTIONS_MAX = "connections.max";
    static final String CONNECTIONS_PER_USER_MAX = "connections.per.user.max";
    static final String DRAIN_MS = "drain.ms";
    static final String RECONNECT_GRACE_MS = "reconnect.grace.ms";
    static final String CONNECTION_MAX_AGE_MS = "connection.max.age.ms";
    static final String ACK_TIMEOUT_MS = "ack.timeout.ms";
    static final String HANDSHAKES_PER_SECOND = "handshakes.per.second";
    static final String HANDSHAKES_BURST = "handshakes.burst";
    static final String ACCEPT_BACKLOG = "accept.backlog";
    static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
    static final String SCHEMA_REGISTRY_URL = "schema.registry.url";

    /** The settings, with their defaults and what they mean. */
    public static final ConfigDef DEF = OtherDoors.define(TokenIssuer.define(new ConfigDef(), true))
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
                    "Bytes that may wait for one socket. Changes that do not fit are left out, and its client is told to "
                            + "read its inbox anew. The worst case in memory is this times the connections.")
            .define(
                    OUTBOUND_WAIT_MS,
                    LONG,
                    10_000L,
                    atLeast(10L),
                    MEDIUM,
                    "How long a client whose queue is full may take to empty it. Then it is closed.")
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
                    RECONNECT_GRACE_MS,
                    LONG,
                    4_000L,
                    atLeast(0L),
                    MEDIUM,
                    "How long a client that was told to reconnect may take before it is closed.")
            .define(
                    CONNECTION_MAX_AGE_MS,
                    LONG,
                    1_800_000L,
                    atLeast(1_000L),
                    MEDIUM,
                    "How long a socket or stream lives, less up to a tenth and at most 3 minutes by chance. Then its "
                            + "client is told to reconnect, so that gateways which were added get their part.")
            .define(
                    ACK_TIMEOUT_MS,
                    LONG,
                    5_000L,
                    atLeast(10L),
                    MEDIUM,
                    "How long a client may take to say that an item has arrived before the router is told that it was "
                            + "not shown, and pushes.")
            .define(
                    HANDSHAKES_PER_SECOND,
                    INT,
                    500,
                    atLeast(1),
                    MEDIUM,
                    "New sockets and streams a second, for long. Above it they are answered with 503, so that the open "
                            + "ones do not suffer when everybody comes back at once.")
            .define(HANDSHAKES_BURST, INT, 500, atLeast(1), MEDIUM, "New sockets and streams at once.")
            .define(
                    ACCEPT_BACKLOG,
                    INT,
                    1_024,
                    atLeast(1),
                    MEDIUM,
                    "Connections that the kernel keeps until they are accepted. It takes no more than net.core.somaxconn.")
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

    private GatewayKeys() {}
}
