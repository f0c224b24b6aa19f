package io.herald.http;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * Who issues tokens, and for whom.
 *
 * @param name its {@code iss}, compared exactly
 * @param keys where its JWK set is: a file:, http: or https: URL
 * @param audience what its {@code aud} must contain
 * @param tenants whose users it may speak for; empty: of every tenant
 */
public record TokenIssuer(String name, URI keys, String audience, Set<String> tenants) {
    static final String ISSUER = "jwt.issuer";
    static final String KEYS = "jwt.keys";
    static final String AUDIENCE = "jwt.audience";
    static final String TENANTS = "jwt.tenants";

    private static final Set<String> SCHEMES = Set.of("file", "http", "https");
    private static final String EVERY = "*";

    public TokenIssuer {
        tenants = Set.copyOf(tenants);
    }

    /**
     * Adds the settings of which issuers are trusted to a process's own; {@link #from} reads them.
     *
     * @param required whether the process cannot do without tokens
     */
    public static ConfigDef define(ConfigDef settings, boolean required) {
        Object none = required ? ConfigDef.NO_DEFAULT_VALUE : List.of();
        return settings.define(
                        KEYS,
                        ConfigDef.Type.LIST,
                        none,
                        ConfigDef.ValidList.anyNonDuplicateValues(!required, false),
                        ConfigDef.Importance.HIGH,
                        "Where the public keys of each token issuer are, as a JWK set: a file:, http: or https: URL. "
                                + "Several by comma. Cached for 5 minutes, and read again for a key id that is not in "
                                + "it, at most every 30 seconds.")
                .define(
                        ISSUER,
                        ConfigDef.Type.LIST,
                        none,
                        ConfigDef.ValidList.anyNonDuplicateValues(!required, false),
                        ConfigDef.Importance.HIGH,
                        "Required 'iss' of tokens: one for each of " + KEYS + ", in their order. A wrong value refuses "
                                + "every caller.")
                .define(
                        AUDIENCE,
                        ConfigDef.Type.STRING,
                        required ? ConfigDef.NO_DEFAULT_VALUE : "",
                        required ? new ConfigDef.NonEmptyString() : null,
                        ConfigDef.Importance.HIGH,
                        "Value that the 'aud' of tokens must contain. A wrong value refuses every caller.")
                .define(
                        TENANTS,
                        ConfigDef.Type.LIST,
                        List.of(),
                        ConfigDef.ValidList.anyNonDuplicateValues(true, false),
                        ConfigDef.Importance.MEDIUM,
                        "Which tenants each issuer may speak for, as issuer-number:tenant, such as 1:demo,2:shop,2:*. "
                                + "An issuer that is not named here may speak for every tenant.");
    }

    /**
     * Reads the issuers; none where none is set.
     *
     * @throws ConfigException naming the setting that is wrong
     */
    public static List<TokenIssuer> from(AbstractConfig values) {
        List<String> names = values.getList(ISSUER);
        List<String> keys = values.getList(KEYS);
        if (names.size() != keys.size()) {
            throw new ConfigException(ISSUER, names, "must be as many as " + KEYS);
        }
        if (!names.isEmpty() && values.getString(AUDIENCE).isEmpty()) {
            throw new ConfigException(AUDIENCE, "", "must be set where " + ISSUER + " is");
        }
        List<Set<String>> tenants = tenants(values.getList(TENANTS), names.size());
        List<TokenIssuer> issuers = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            issuers.add(new TokenIssuer(names.get(i), keys(keys.get(i)), values.getString(AUDIENCE), tenants.get(i)));
        }
        return List.copyOf(issuers);
    }

    private static List<Set<String>> tenants(List<String> rules, int issuers) {
        List<Set<String>> tenants = new ArrayList<>();
        for (int i = 0; i < issuers; i++) {
            tenants.add(new HashSet<>());
        }
        for (String rule : rules) {
            int colon = rule.indexOf(':');
            int issuer = colon < 1 ? 0 : number(rule.substring(0, colon));
            if (issuer < 1 || issuer > issuers) {
                throw new ConfigException(TENANTS, rule, "must be issuer-number:tenant");
            }
            tenants.get(issuer - 1).add(rule.substring(colon + 1));
        }
        return tenants.stream()
                .map(named -> named.contains(EVERY) ? Set.<String>of() : named)
                .toList();
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException malformed) {
            return 0;
        }
    }

    private static URI keys(String text) {
        URI keys;
        try {
            keys = URI.create(text);
        } catch (IllegalArgumentException malformed) {
            throw new ConfigException(KEYS, text, "not a URL");
        }
        if (keys.getScheme() == null || !SCHEMES.contains(keys.getScheme())) {
            throw new ConfigException(KEYS, text, "must be a file:, http: or https: URL");
        }
        return keys;
    }
}
