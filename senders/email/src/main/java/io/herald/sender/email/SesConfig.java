package io.herald.sender.email;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.NO_DEFAULT_VALUE;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.Type.BOOLEAN;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.PASSWORD;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import io.herald.sender.ProviderUrl;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
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
 * @param unsubscribing null for mails without an unsubscribe link in their head
 * @param accountPoll see {@value #ACCOUNT_POLL_MS}; zero for never
 */
public record SesConfig(
        String fromAddress,
        String fromName,
        String region,
        String configurationSet,
        Keys keys,
        URI url,
        Duration connectTimeout,
        Unsubscribing unsubscribing,
        Duration accountPoll) {
    static final String FROM_ADDRESS = "ses.from.address";
    static final String FROM_NAME = "ses.from.name";
    static final String REGION = "ses.region";
    static final String CONFIGURATION_SET = "ses.configuration.set";
    static final String ACCESS_KEY_ID = "ses.access.key.id";
    static final String SECRET_ACCESS_KEY = "ses.secret.access.key";
    static final String URL = "ses.url";
    static final String CONNECT_TIMEOUT_MS = "ses.connect.timeout.ms";
    static final String UNSUBSCRIBE_URL = "ses.unsubscribe.url";
    static final String UNSUBSCRIBE_KEY_FILE = "ses.unsubscribe.key.file";
    static final String UNSUBSCRIBE_ALWAYS = "ses.unsubscribe.always";
    static final String ACCOUNT_POLL_MS = "ses.account.poll.ms";

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
                    "How long connecting may take. Past it the delivery is handed back, to be tried again.")
            .define(
                    UNSUBSCRIBE_URL,
                    STRING,
                    "",
                    HIGH,
                    "Link in the head of marketing mails to unsubscribe with one click (RFC 8058): https, with "
                            + Unsubscribing.PLACE + " where the token goes. Without it they have none, and large"
                            + " mailbox providers refuse them.")
            .define(
                    UNSUBSCRIBE_KEY_FILE,
                    STRING,
                    "",
                    HIGH,
                    "Keys of those links, each a line of 32 random bytes or more in base64: the first makes links, all"
                            + " are good. Read again as it changes.")
            .define(UNSUBSCRIBE_ALWAYS, BOOLEAN, false, LOW, "Whether mails that are no marketing have the link too.")
            .define(
                    ACCOUNT_POLL_MS,
                    LONG,
                    180_000L,
                    between(0, 3_600_000),
                    LOW,
                    "How often SES is asked for the account's rate and quota; 0 for never.");

    /**
     * How mails say where to unsubscribe.
     *
     * @param url see {@value #UNSUBSCRIBE_URL}
     * @param keyFile see {@value #UNSUBSCRIBE_KEY_FILE}
     * @param always see {@value #UNSUBSCRIBE_ALWAYS}
     */
    public record Unsubscribing(String url, Path keyFile, boolean always) {
        static final String PLACE = "{token}";
        private static final int LONGEST = 150;

        private static Unsubscribing from(AbstractConfig values) {
            String url = values.getString(UNSUBSCRIBE_URL);
            String file = values.getString(UNSUBSCRIBE_KEY_FILE);
            if (url.isEmpty() && file.isEmpty()) {
                return null;
            }
            if (url.isEmpty() || file.isEmpty()) {
                throw new ConfigException(
                        "Give both of " + UNSUBSCRIBE_URL + " and " + UNSUBSCRIBE_KEY_FILE + ", or none.");
            }
            if (!url.contains(PLACE)) {
                throw new ConfigException(UNSUBSCRIBE_URL, url, "Has no " + PLACE + ".");
            }
            URI example;
            try {
                example = new URI(url.replace(PLACE, "x"));
            } catch (URISyntaxException malformed) {
                throw new ConfigException(UNSUBSCRIBE_URL, url, "Not a URL.");
            }
            boolean ascii = url.chars().allMatch(c -> c > ' ' && c < 0x7f);
            if (!"https".equals(example.getScheme()) || example.getHost() == null || !ascii || url.length() > LONGEST) {
                throw new ConfigException(
                        UNSUBSCRIBE_URL, url, "Needs https and a host, and " + LONGEST + " characters at most.");
            }
            return new Unsubscribing(url, Path.of(file), values.getBoolean(UNSUBSCRIBE_ALWAYS));
        }
    }

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
                Duration.ofMillis(values.getLong(CONNECT_TIMEOUT_MS)),
                Unsubscribing.from(values),
                Duration.ofMillis(values.getLong(ACCOUNT_POLL_MS)));
    }

    private static URI url(String text) {
        if (text.isEmpty()) {
            return null;
        }
        return ProviderUrl.parse(URL, text);
    }
}
