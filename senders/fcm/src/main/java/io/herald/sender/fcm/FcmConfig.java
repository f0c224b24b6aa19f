package io.herald.sender.fcm;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.NO_DEFAULT_VALUE;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.PASSWORD;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import io.herald.sender.ProviderUrl;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * What an operator can set on the FCM sender, beside the keys of every sender.
 *
 * @param project see {@value #PROJECT_ID}
 * @param credentials see {@value #CREDENTIALS_FILE}; null if there is an access token
 * @param accessToken see {@value #ACCESS_TOKEN}; null if there are credentials
 * @param url see {@value #URL}
 * @param connections see {@value #CONNECTIONS}
 * @param connectTimeout see {@value #CONNECT_TIMEOUT_MS}
 */
public record FcmConfig(
        String project, Path credentials, String accessToken, URI url, int connections, Duration connectTimeout) {
    static final String PROJECT_ID = "fcm.project.id";
    static final String CREDENTIALS_FILE = "fcm.credentials.file";
    static final String ACCESS_TOKEN = "fcm.access.token";
    static final String URL = "fcm.url";
    static final String CONNECTIONS = "fcm.connections";
    static final String CONNECT_TIMEOUT_MS = "fcm.connect.timeout.ms";

    /** The keys. */
    public static final ConfigDef DEF = new ConfigDef()
            .define(
                    PROJECT_ID,
                    STRING,
                    NO_DEFAULT_VALUE,
                    HIGH,
                    "Firebase project. Tokens of another one are rejected, one by one.")
            .define(
                    CREDENTIALS_FILE,
                    STRING,
                    "",
                    HIGH,
                    "Service account key, JSON, of an account that may call cloudmessaging.messages.create. Read at the"
                            + " start.")
            .define(
                    ACCESS_TOKEN,
                    PASSWORD,
                    "",
                    LOW,
                    "OAuth access token in place of a service account: for a simulator. Never refreshed, so a real one"
                            + " fails within the hour.")
            .define(URL, STRING, "https://fcm.googleapis.com", LOW, "Where FCM is. Plain http on loopback only.")
            .define(
                    CONNECTIONS,
                    INT,
                    4,
                    between(1, 64),
                    LOW,
                    "Connections at most. Each carries as many calls at a time as Google lets it, a hundred or so.")
            .define(
                    CONNECT_TIMEOUT_MS,
                    LONG,
                    5_000L,
                    between(10, 60_000),
                    LOW,
                    "How long connecting may take. Past it the delivery is handed back, to be tried again.");

    /**
     * Reads and checks {@code properties}, ignoring the keys of others.
     *
     * @throws ConfigException naming the first key that is missing or has a wrong value
     */
    public static FcmConfig from(Map<String, String> properties) {
        AbstractConfig values = new AbstractConfig(DEF, properties, false);
        String file = values.getString(CREDENTIALS_FILE);
        String token = values.getPassword(ACCESS_TOKEN).value();
        if (file.isEmpty() == token.isEmpty()) {
            throw new ConfigException("Give one of " + CREDENTIALS_FILE + " and " + ACCESS_TOKEN + ".");
        }
        return new FcmConfig(
                values.getString(PROJECT_ID),
                file.isEmpty() ? null : Path.of(file),
                token.isEmpty() ? null : token,
                ProviderUrl.parse(URL, values.getString(URL)),
                values.getInt(CONNECTIONS),
                Duration.ofMillis(values.getLong(CONNECT_TIMEOUT_MS)));
    }

    /** Keeps out the secret. */
    @Override
    public String toString() {
        return "FcmConfig[project=" + project + ", url=" + url + "]";
    }
}
