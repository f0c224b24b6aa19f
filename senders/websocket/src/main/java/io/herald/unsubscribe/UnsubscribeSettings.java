package io.herald.unsubscribe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import io.herald.consent.ConsentKeys;
import io.herald.consent.UnsubscribeTokens;
import io.herald.secret.SecretSetting;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/**
 * How unsubscribe links are taken.
 *
 * @param keyFile of the keys that they are sealed with
 * @param perSecond how many requests are taken a second
 */
public record UnsubscribeSettings(Path keyFile, int perSecond) {
    public static final String KEY_FILE = "unsubscribe.key.file";
    public static final String PER_SECOND = "unsubscribe.per.second";

    /** Adds the settings to those of the process. */
    public static ConfigDef define(ConfigDef settings) {
        return settings.define(
                        KEY_FILE,
                        STRING,
                        "",
                        MEDIUM,
                        "File with the keys that the e-mail sender seals unsubscribe links with "
                                + "(ses.unsubscribe.key.file); read again when it changes. Empty: no /unsubscribe.")
                .define(
                        PER_SECOND,
                        INT,
                        100,
                        atLeast(1),
                        MEDIUM,
                        "Requests a second to /unsubscribe, of everybody together. They need no token of a user.");
    }

    /** Returns what {@code values} say; nothing where there is no key file. */
    public static Optional<UnsubscribeSettings> from(AbstractConfig values) {
        String file = values.getString(KEY_FILE);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new UnsubscribeSettings(Path.of(file), values.getInt(PER_SECOND)));
    }

    /**
     * Reads the keys, and again when they change.
     *
     * @throws org.apache.kafka.common.config.ConfigException if the file is of no use
     */
    public UnsubscribeTokens tokens() {
        return new UnsubscribeTokens(SecretSetting.read(
                KEY_FILE,
                List.of(keyFile),
                "Not a file of keys",
                contents -> ConsentKeys.parse(new String(contents.get(0), US_ASCII))));
    }
}
