package io.herald.sender;

import java.net.URI;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;

/** Where a provider is, as operators set it: credentials and messages travel there. */
public final class ProviderUrl {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    private ProviderUrl() {}

    /**
     * Reads a URL.
     *
     * @param key names the setting
     * @throws ConfigException if it is none, or is neither https nor a simulator's on loopback
     */
    public static URI parse(String key, String text) {
        URI url;
        try {
            url = URI.create(text);
        } catch (IllegalArgumentException malformed) {
            throw new ConfigException(key, text, "Not a URL.");
        }
        if (url.getHost() == null || !("https".equals(url.getScheme()) || isPlainLoopback(url))) {
            throw new ConfigException(
                    key, text, "Needs https, as credentials and messages travel there; http on loopback only.");
        }
        return url;
    }

    /** Returns whether it is a simulator's: plain http that does not leave the machine. */
    public static boolean isPlainLoopback(URI url) {
        return "http".equals(url.getScheme()) && url.getHost() != null && LOOPBACK.contains(url.getHost());
    }
}
