package io.herald.sender.callback;

import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import io.herald.sender.ProviderUrl;
import java.net.URI;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * Where a sender hears its provider's callbacks. Only senders that have some know these keys.
 *
 * @param host see {@value #HOST}
 * @param port see {@value #PORT}; negative for none
 * @param publicUrl see {@value #PUBLIC_URL}; empty if there are no callbacks
 */
public record CallbackConfig(String host, int port, String publicUrl) {
    static final String HOST = "callback.host";
    static final String PORT = "callback.port";
    static final String PUBLIC_URL = "callback.public.url";

    private static final int NONE = -1;

    /** Adds the keys to those of a sender's own. */
    public static ConfigDef define(ConfigDef own) {
        return own.define(
                        HOST,
                        STRING,
                        "127.0.0.1",
                        MEDIUM,
                        "Address on which the provider's callbacks are heard; 0.0.0.0 in a container.")
                .define(
                        PORT,
                        INT,
                        NONE,
                        between(NONE, 65_535),
                        MEDIUM,
                        "Port of the provider's callbacks, plain HTTP for a proxy that ends TLS; 0 for any that is"
                                + " free, -1 for none.")
                .define(
                        PUBLIC_URL,
                        STRING,
                        "",
                        MEDIUM,
                        "The URL by which the provider calls back, to the letter and without a query: it is part of"
                                + " what is signed.");
    }

    /**
     * Reads and checks {@code properties}, ignoring the keys of others.
     *
     * @throws ConfigException naming the first key that has a wrong value, or is missing beside another
     */
    public static CallbackConfig from(Map<String, String> properties) {
        AbstractConfig values = new AbstractConfig(define(new ConfigDef()), properties, false);
        int port = values.getInt(PORT);
        String url = values.getString(PUBLIC_URL);
        if (port != NONE || !url.isEmpty()) {
            check(url);
        }
        return new CallbackConfig(values.getString(HOST), port, url);
    }

    /** Returns whether callbacks are heard by this process. */
    public boolean listens() {
        return port != NONE;
    }

    // Another process may hear them: then there is a URL and no port.
    private static void check(String text) {
        URI url = ProviderUrl.parse(PUBLIC_URL, text);
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new ConfigException(PUBLIC_URL, text, "Needs to be an https URL without query, beside " + PORT + ".");
        }
    }
}
