package io.herald.sender.webpush;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.NO_DEFAULT_VALUE;
import static org.apache.kafka.common.config.ConfigDef.Type.LIST;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import io.herald.egress.EgressConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * What an operator can set on the Web Push sender, beside the keys of every sender.
 *
 * @param keysFile see {@value #KEYS_FILE}
 * @param defaultKey see {@value #DEFAULT_KEY}; empty for none
 * @param subject see {@value #SUBJECT}
 * @param hosts see {@value #HOSTS}
 */
public record WebPushConfig(Path keysFile, String defaultKey, String subject, List<String> hosts, EgressConfig egress) {
    static final String KEYS_FILE = "webpush.vapid.keys.file";
    static final String DEFAULT_KEY = "webpush.vapid.key.default";
    static final String SUBJECT = "webpush.vapid.subject";
    static final String HOSTS = "webpush.hosts";

    private static final String ANY_BELOW = "*.";
    private static final int CONNECTIONS_PER_HOST = 256;

    /** The keys. */
    public static final ConfigDef DEF = EgressConfig.define(
            new ConfigDef()
                    .define(
                            KEYS_FILE,
                            STRING,
                            NO_DEFAULT_VALUE,
                            HIGH,
                            "VAPID keys, JSON: from each key's id to its publicKey and privateKey, as `web-push"
                                    + " generate-vapid-keys --json` prints them. Read again when it changes.")
                    .define(
                            DEFAULT_KEY,
                            STRING,
                            "",
                            MEDIUM,
                            "Id of the key of subscriptions that name none. Without it they are misconfigured.")
                    .define(
                            SUBJECT,
                            STRING,
                            NO_DEFAULT_VALUE,
                            HIGH,
                            "Where push services reach the operator: a mailto or https URL (RFC 8292 §2.1).")
                    .define(
                            HOSTS,
                            LIST,
                            "fcm.googleapis.com,updates.push.services.mozilla.com,*.push.apple.com,*.notify.windows.com",
                            MEDIUM,
                            "Push services that may be called; *. stands for any name below. Others are rejected."),
            CONNECTIONS_PER_HOST);

    /**
     * Reads and checks {@code properties}, ignoring the keys of others.
     *
     * @throws ConfigException naming the first key that is missing or has a wrong value
     */
    public static WebPushConfig from(Map<String, String> properties) {
        AbstractConfig values = new AbstractConfig(DEF, properties, false);
        String subject = values.getString(SUBJECT);
        if (!subject.startsWith("mailto:") && !subject.startsWith("https:")) {
            throw new ConfigException(SUBJECT, subject, "Neither a mailto nor an https URL.");
        }
        return new WebPushConfig(
                Path.of(values.getString(KEYS_FILE)),
                values.getString(DEFAULT_KEY),
                subject,
                values.getList(HOSTS).stream()
                        .map(host -> host.strip().toLowerCase(Locale.ROOT))
                        .toList(),
                EgressConfig.from(DEF, properties));
    }

    /** Returns whether {@code host} is one of the push services. */
    boolean allows(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return hosts.stream()
                .anyMatch(each -> each.startsWith(ANY_BELOW) ? name.endsWith(each.substring(1)) : name.equals(each));
    }
}
