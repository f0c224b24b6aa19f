package io.herald.sender.apns;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.NO_DEFAULT_VALUE;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * What an operator can set on the APNs sender, beside the keys of every sender.
 *
 * @param teamId see {@value #TEAM_ID}
 * @param keyId see {@value #KEY_ID}
 * @param keyIdFile see {@value #KEY_ID_FILE}; null if the id does not change
 * @param keyFile see {@value #KEY_FILE}
 * @param topic see {@value #TOPIC}
 * @param connections see {@value #CONNECTIONS}
 * @param connectTimeout see {@value #CONNECT_TIMEOUT_MS}
 * @param trusted see {@value #TRUSTED_FILE}; null for the platform's certificates
 */
public record ApnsConfig(
        String teamId,
        String keyId,
        Path keyIdFile,
        Path keyFile,
        String topic,
        int connections,
        Duration connectTimeout,
        Server production,
        Server sandbox,
        Path trusted) {

    static final String TEAM_ID = "apns.team.id";
    static final String KEY_ID = "apns.key.id";
    static final String KEY_ID_FILE = "apns.key.id.file";
    static final String KEY_FILE = "apns.key.file";
    static final String TOPIC = "apns.topic";
    static final String CONNECTIONS = "apns.connections";
    static final String CONNECT_TIMEOUT_MS = "apns.connect.timeout.ms";
    static final String PRODUCTION = "apns.production.server";
    static final String SANDBOX = "apns.sandbox.server";
    static final String TRUSTED_FILE = "apns.trusted.certificates.file";

    /** The keys. */
    public static final ConfigDef DEF = new ConfigDef()
            .define(TEAM_ID, STRING, NO_DEFAULT_VALUE, HIGH, "Apple's id of the team: ten characters.")
            .define(
                    KEY_ID,
                    STRING,
                    "",
                    HIGH,
                    "Apple's id of the signing key: ten characters. This or " + KEY_ID_FILE + " is needed.")
            .define(
                    KEY_ID_FILE,
                    STRING,
                    "",
                    MEDIUM,
                    "A file with that id, so that it can change together with the key, without a restart.")
            .define(
                    KEY_FILE,
                    STRING,
                    NO_DEFAULT_VALUE,
                    HIGH,
                    "The signing key: the .p8 file that Apple gave, PKCS #8. Read again as it changes.")
            .define(
                    TOPIC,
                    STRING,
                    "",
                    MEDIUM,
                    "Bundle id for deliveries that name no app. Without it they are misconfigured.")
            .define(
                    CONNECTIONS,
                    INT,
                    2,
                    between(1, 32),
                    MEDIUM,
                    "Connections to each server. Each signs with a token of its own, and Apple dislikes many of those.")
            .define(
                    CONNECT_TIMEOUT_MS,
                    LONG,
                    5_000L,
                    between(10, 60_000),
                    LOW,
                    "How long connecting may take. Past it the delivery is handed back, to be tried again.")
            .define(PRODUCTION, STRING, "api.push.apple.com:443", LOW, "Server for tokens of App Store builds.")
            .define(
                    SANDBOX,
                    STRING,
                    "api.sandbox.push.apple.com:443",
                    LOW,
                    "Server for tokens of development builds. One knows nothing of the other's tokens.")
            .define(
                    TRUSTED_FILE,
                    STRING,
                    "",
                    LOW,
                    "Certificates to trust in place of the platform's, PEM: for a simulator or an intercepting proxy.");

    /** Where APNs listens. */
    public record Server(String host, int port) {
        private static Server parse(String key, String text) {
            int colon = text.lastIndexOf(':');
            try {
                if (colon > 0) {
                    return new Server(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
                }
            } catch (NumberFormatException notAPort) {
                throw new ConfigException(key, text, "Not of the form host:port.");
            }
            throw new ConfigException(key, text, "Not of the form host:port.");
        }
    }

    /**
     * Reads and checks {@code properties}, ignoring the keys of others.
     *
     * @throws ConfigException naming the first key that is missing or has a wrong value
     */
    public static ApnsConfig from(Map<String, String> properties) {
        AbstractConfig values = new AbstractConfig(DEF, properties, false);
        String trusted = values.getString(TRUSTED_FILE);
        String keyIdFile = values.getString(KEY_ID_FILE);
        if (values.getString(KEY_ID).isEmpty() == keyIdFile.isEmpty()) {
            throw new ConfigException("Give one of " + KEY_ID + " and " + KEY_ID_FILE + ".");
        }
        return new ApnsConfig(
                values.getString(TEAM_ID),
                values.getString(KEY_ID),
                keyIdFile.isEmpty() ? null : Path.of(keyIdFile),
                Path.of(values.getString(KEY_FILE)),
                values.getString(TOPIC),
                values.getInt(CONNECTIONS),
                Duration.ofMillis(values.getLong(CONNECT_TIMEOUT_MS)),
                Server.parse(PRODUCTION, values.getString(PRODUCTION)),
                Server.parse(SANDBOX, values.getString(SANDBOX)),
                trusted.isEmpty() ? null : Path.of(trusted));
    }
}
