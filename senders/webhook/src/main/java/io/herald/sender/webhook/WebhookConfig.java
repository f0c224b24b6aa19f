package io.herald.sender.webhook;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import io.herald.egress.EgressConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * What an operator can set on the webhook sender, beside the keys of every sender.
 *
 * @param secretsFile see {@value #SECRETS_FILE}; null for none
 * @param disableAfter see {@value #DISABLE_AFTER_HOURS}; zero for never
 * @param disableFailures see {@value #DISABLE_FAILURES}
 */
public record WebhookConfig(Path secretsFile, Duration disableAfter, int disableFailures, EgressConfig egress) {
    static final String SECRETS_FILE = "webhook.secrets.file";
    static final String DISABLE_AFTER_HOURS = "webhook.disable.after.hours";
    static final String DISABLE_FAILURES = "webhook.disable.failures.min";

    private static final int CONNECTIONS_PER_HOST = 32;

    /** The keys. */
    public static final ConfigDef DEF = EgressConfig.define(
            new ConfigDef()
                    .define(
                            SECRETS_FILE,
                            STRING,
                            "",
                            HIGH,
                            "Signing secrets, properties: of each tenant, * for the others, one or more of the form"
                                    + " whsec_<base64>, parted by spaces; each signs. Read again when it changes."
                                    + " Without a secret, webhooks are misconfigured; Slack and Teams need none.")
                    .define(
                            DISABLE_AFTER_HOURS,
                            INT,
                            72,
                            between(0, 24 * 365),
                            MEDIUM,
                            "An endpoint that has failed for so long without a success is given up; 0 for never.")
                    .define(
                            DISABLE_FAILURES,
                            INT,
                            20,
                            between(1, 1_000_000),
                            LOW,
                            "How many attempts must have failed until then, at least."),
            CONNECTIONS_PER_HOST);

    /**
     * Reads and checks {@code properties}, ignoring the keys of others.
     *
     * @throws ConfigException naming the first key that has a wrong value
     */
    public static WebhookConfig from(Map<String, String> properties) {
        AbstractConfig values = new AbstractConfig(DEF, properties, false);
        String secrets = values.getString(SECRETS_FILE);
        return new WebhookConfig(
                secrets.isEmpty() ? null : Path.of(secrets),
                Duration.ofHours(values.getInt(DISABLE_AFTER_HOURS)),
                values.getInt(DISABLE_FAILURES),
                EgressConfig.from(DEF, properties));
    }
}
