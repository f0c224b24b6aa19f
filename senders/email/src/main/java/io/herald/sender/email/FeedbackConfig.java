package io.herald.sender.email;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Type.LIST;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import io.herald.sender.ProviderUrl;
import io.herald.sender.callback.CallbackConfig;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * Which SNS topics may tell of bounces, complaints and deliveries.
 *
 * @param topics see {@value #TOPICS}
 * @param simulator see {@value #SNS_URL}; null for SNS itself
 */
record FeedbackConfig(Set<String> topics, URI simulator) {
    static final String TOPICS = "ses.feedback.topics";
    static final String SNS_URL = "ses.feedback.sns.url";

    /** Adds the keys to those of the sender. */
    static ConfigDef define(ConfigDef own) {
        return own.define(
                        TOPICS,
                        LIST,
                        List.of(),
                        HIGH,
                        "ARNs of the SNS topics that SES publishes to; messages of others are refused. Needed beside"
                                + " callback.port.")
                .define(
                        SNS_URL,
                        STRING,
                        "",
                        LOW,
                        "Where a simulator of SNS is: http on loopback, and only beside a " + SesConfig.URL
                                + " there. Whoever answers at it can make up bounces.");
    }

    /**
     * Reads and checks {@code properties}, ignoring the keys of others.
     *
     * @throws ConfigException naming the first key that has a wrong value, or is missing beside another
     */
    static FeedbackConfig from(Map<String, String> properties, CallbackConfig callbacks) {
        AbstractConfig values = new AbstractConfig(define(new ConfigDef()), properties, false);
        Set<String> topics = Set.copyOf(values.getList(TOPICS));
        if (callbacks.listens() && topics.isEmpty()) {
            throw new ConfigException(TOPICS, topics, "Needed beside callback.port.");
        }
        for (String topic : topics) {
            if (SnsHost.of(topic).isEmpty()) {
                throw new ConfigException(TOPICS, topic, "Not the ARN of a topic.");
            }
        }
        String url = values.getString(SNS_URL);
        if (url.isEmpty()) {
            return new FeedbackConfig(topics, null);
        }
        String ses = properties.getOrDefault(SesConfig.URL, "");
        if (!loopback(url) || !loopback(ses)) {
            throw new ConfigException(SNS_URL, url, "Only http on loopback, beside a " + SesConfig.URL + " there.");
        }
        return new FeedbackConfig(topics, URI.create(url));
    }

    private static boolean loopback(String text) {
        try {
            URI url = URI.create(text);
            return ProviderUrl.isPlainLoopback(url);
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
