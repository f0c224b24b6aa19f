package io.herald.sender.email;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.NO_DEFAULT_VALUE;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.PASSWORD;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * What an operator can set on the e-mail sender, beside the keys of every sender.
 *
 * @param fromAddress see {@value #FROM_ADDRESS}
 * @param fromName see {@value #FROM_NAME}; may be empty
 * @param region see {@value #REGION}
 * @param configurationSet see {@value #CONFIGURATION_SET}; null for none
 * @param keys null for what AWS's SDK finds by itself
 * @param url see {@value #URL}; null for the region's own
 * @param connectTimeout see {@value #CONNECT_TIMEOUT_MS}
 */
public record SesConfig(
        String fromAddress,
        String fromName,
        String region,
        String configurationSet,
        Keys keys,
        URI url,
        Duration connectTimeout) {
    static final String FROM_ADDRESS = "ses.from.address";
    static final String FROM_NAME = "ses.from.name";
    static final String REGION = "ses.region";
    static final String CONFIGURATION_SET = "ses.configuration.set";
    static final String ACCESS_KEY_ID = "ses.access.key.id";
    static final String SECRET_ACCESS_KEY = "ses.secret.access.key";
    static final String URL = "ses.url";
    static final String CONNECT_TIMEOUT_MS = "ses.connect.timeout.ms";

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    /** The keys. */
    public static final ConfigDef DEF = new ConfigDef()
            .define(
                    FROM_ADDRESS,
                    STRING,
                    NO_DEFAULT_VALUE,
                    HIGH,
                    "Sender of every mail. SES refuses all of them until it or its domain is verified.")
            .define(FROM_NAME, STRING, "", MEDIUM, "Sender's display name.")
            .define(
                    REGION,
                    STRING,
                    NO_DEFAULT_VALUE,
                    HIGH,
                    "AWS region: quotas and verified senders are a region's own.")
            .define(
                    CONFIGURATION_SET,
                    STRING,
                    "",
                    MEDIUM,
                    "Configuration set, through which bounces and complaints are published. Without one they are not.")
            .define(
                    ACCESS_KEY_ID,
                    STRING,
                    "",
                    LOW,
                    "Access key, for a simulator. If empty, the SDK looks in environment, profile and instance role.")
            .define(SECRET_ACCESS_KEY, PASSWORD, "", LOW, "Secret of " + ACCESS_KEY_ID + ".")
            .define(URL, STRING, "", LOW, "Where SES is, in place of the region's own. Plain http on loopback only.")
            .define(
                    CONNECT_TIMEOUT_MS,
                    LONG,
                    5_000L,
                    between(10, 60_000),
                    LOW,
                    "How long connecting may take. Past it the delivery is handed back, to be tried again.");

    /** An access key and its secret. */
    public record Keys(String accessKeyId, String secretAccessKey) {
        /** Keeps out the secret. */
        @Override
        public String toString() {
            return "Keys[" + accessKeyId + "]";
        }
    }

    /**
     * Reads and checks {@code properties}, ignoring the keys of others.
     *
     * @throws ConfigException naming the first key that is missing or has a wrong value
     */
    public static SesConfig from(Map<String, String> properties) {
        AbstractConfig values = new AbstractConfig(DEF, properties, false);
        String from = values.getString(FROM_ADDRESS);
        String id = values.getString(ACCESS_KEY_ID);
        String secret = values.getPassword(SECRET_ACCESS_KEY).value();
        if (id.isEmpty() != secret.isEmpty()) {
            throw new ConfigException("Give both of " + ACCESS_KEY_ID + " and " + SECRET_ACCESS_KEY + ", or none.");
        }
        String set = values.getString(CONFIGURATION_SET);
        return new SesConfig(
                HeaderText.address(from)
                        .orElseThrow(() -> new ConfigException(FROM_ADDRESS, from, "Not an e-mail address.")),
                values.getString(FROM_NAME),
                values.getString(REGION),
                set.isEmpty() ? null : set,
                id.isEmpty() ? null : new Keys(id, secret),
                url(values.getString(URL)),
                Duration.ofMillis(values.getLong(CONNECT_TIMEOUT_MS)));
    }

    private static URI url(String text) {
        if (text.isEmpty()) {
            return null;
        }
        URI url;
        try {
            url = URI.create(text);
        } catch (IllegalArgumentException malformed) {
            throw new ConfigException(URL, text, "Not a URL.");
        }
        boolean plain = "http".equals(url.getScheme()) && LOOPBACK.contains(url.getHost());
        if (url.getHost() == null || !(plain || "https".equals(url.getScheme()))) {
            throw new ConfigException(URL, text, "Needs https, as mails travel there; http on loopback only.");
        }
        return url;
    }
}
