package io.herald.settings;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Settings in environment variables, which every process of Herald reads alike. */
public final class Environment {
    private Environment() {}

    /**
     * Returns the variables that begin with {@code prefix}, as properties: with {@code HERALD_INGEST_} the variable
     * {@code HERALD_INGEST_DATABASE_URL} is {@code database.url}. So no setting has an underscore or capitals in its
     * name.
     */
    public static Map<String, String> properties(String prefix, Map<String, String> environment) {
        Map<String, String> properties = new HashMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                String key = name.substring(prefix.length());
                properties.put(key.toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        return properties;
    }
}
