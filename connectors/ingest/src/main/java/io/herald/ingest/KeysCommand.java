package io.herald.ingest;

import io.herald.ingest.IngestConfig.Rate;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.flywaydb.core.api.FlywayException;

/** {@code scripts/keys}: makes, lists and revokes API keys. */
public final class KeysCommand {
    private static final Pattern TENANT = Pattern.compile("[a-z0-9-]{1,32}");
    private static final Set<String> OPTIONS = Set.of("--tenant", "--name", "--scopes", "--per-second", "--burst");
    private static final int LONGEST_NAME = 100;
    private static final String CREATE =
            "INSERT INTO ingest.api_key (id, tenant, name, scopes, per_second, burst, hash) VALUES (?, ?, ?, ?, ?, ?, ?)";
    private static final String LIST =
            "SELECT id, tenant, name, scopes, per_second, burst, created_at, revoked_at FROM ingest.api_key"
                    + " ORDER BY tenant, created_at";
    private static final String REVOKE =
            "UPDATE ingest.api_key SET revoked_at = now() WHERE id = ? AND revoked_at IS NULL";

    /** All that a key can be allowed. */
    public static final Set<String> EVERY_SCOPE =
            Stream.of(Scope.values()).map(Scope::text).collect(Collectors.toUnmodifiableSet());

    private KeysCommand() {}

    /** Ends with 2 where it was asked for nothing that it knows, and with 1 where it could not do it. */
    public static void main(String[] words) {
        try {
            System.exit(run(List.of(words), IngestConfig.properties(System.getenv()), System.out));
        } catch (IllegalArgumentException | ConfigException wrong) {
            System.err.println("scripts/keys: " + wrong.getMessage());
            System.exit(2);
        } catch (SQLException | FlywayException failure) {
            System.err.println(
                    "scripts/keys: PostgreSQL says: " + failure.getMessage().strip());
            System.exit(1);
        }
    }

    static int run(List<String> words, Map<String, String> settings, PrintStream out) throws SQLException {
        Work work = work(words, out);
        IngestConfig.Store store = IngestConfig.store(settings);
        Database.migrate(store);
        try (Connection connection = DriverManager.getConnection(store.jdbcUrl(), store.user(), store.password())) {
            return work.on(connection);
        }
    }

    /** What was asked for, once all that was said of it is found right. */
    private interface Work {
        int on(Connection connection) throws SQLException;
    }

    private static Work work(List<String> words, PrintStream out) {
        if (words.isEmpty()) {
            throw new IllegalArgumentException("say create, list or revoke");
        }
        List<String> rest = words.subList(1, words.size());
        return switch (words.get(0)) {
            case "create" -> create(options(rest), out);
            case "list" -> {
                if (!rest.isEmpty()) {
                    throw new IllegalArgumentException("list takes nothing");
                }
                yield connection -> list(connection, out);
            }
            case "revoke" -> {
                if (rest.size() != 1) {
                    throw new IllegalArgumentException("revoke takes the id of one key");
                }
                yield connection -> revoke(connection, rest.get(0), out);
            }
            default -> throw new IllegalArgumentException("say create, list or revoke, not " + words.get(0));
        };
    }

    /**
     * Makes a key, and returns it: nobody can read its secret again.
     *
     * @param scopes as {@code openapi.json} lists them
     */
    public static String create(Connection connection, String tenant, String name, Set<String> scopes, Rate rate)
            throws SQLException {
        check(tenant, name, scopes);
        ApiKey key = ApiKey.random(new SecureRandom());
        try (PreparedStatement insert = connection.prepareStatement(CREATE)) {
            insert.setString(1, key.id());
            insert.setString(2, tenant);
            insert.setString(3, name);
            insert.setArray(4, connection.createArrayOf("text", scopes.toArray()));
            insert.setInt(5, rate.perSecond());
            insert.setInt(6, rate.burst());
            insert.setBytes(7, key.hash());
            insert.executeUpdate();
        }
        return key.text();
    }

    private static void check(String tenant, String name, Set<String> scopes) {
        if (!TENANT.matcher(tenant).matches()) {
            throw new IllegalArgumentException("--tenant must be 1 to 32 characters of a-z, 0-9 and '-'");
        }
        if (name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("--name must be at most " + LONGEST_NAME + " characters");
        }
        for (String scope : scopes) {
            if (Scope.of(scope).isEmpty()) {
                throw new IllegalArgumentException("there is no scope " + scope);
            }
        }
    }

    private static Work create(Map<String, String> options, PrintStream out) {
        String tenant = required(options, "--tenant");
        String name = required(options, "--name");
        Set<String> scopes = new TreeSet<>(List.of(required(options, "--scopes").split(",", -1)));
        Rate rate = new Rate(number(options, "--per-second", "1000"), number(options, "--burst", "2000"));
        check(tenant, name, scopes);
        return connection -> {
            out.println(create(connection, tenant, name, scopes, rate));
            return 0;
        };
    }

    private static int list(Connection connection, PrintStream out) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(LIST);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                out.printf(
                        "%s  %s  %s  %s  %d/s burst %d  created %s%s%n",
                        row.getString("id"),
                        row.getString("tenant"),
                        row.getString("name"),
                        String.join(",", (String[]) row.getArray("scopes").getArray()),
                        row.getInt("per_second"),
                        row.getInt("burst"),
                        row.getTimestamp("created_at").toInstant(),
                        row.getTimestamp("revoked_at") == null
                                ? ""
                                : "  revoked " + row.getTimestamp("revoked_at").toInstant());
            }
        }
        return 0;
    }

    private static int revoke(Connection connection, String id, PrintStream out) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(REVOKE)) {
            update.setString(1, id);
            if (update.executeUpdate() == 0) {
                out.println("no key in force has this id");
                return 1;
            }
        }
        out.println("revoked; it is refused within " + Callers.CACHED_SECONDS + " seconds");
        return 0;
    }

    private static Map<String, String> options(List<String> words) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < words.size(); i += 2) {
            if (!OPTIONS.contains(words.get(i)) || i + 1 == words.size()) {
                throw new IllegalArgumentException("create takes " + new TreeSet<>(OPTIONS) + ", each with a value");
            }
            options.put(words.get(i), words.get(i + 1));
        }
        return options;
    }

    private static String required(Map<String, String> options, String name) {
        String value = options.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }

    private static int number(Map<String, String> options, String name, String otherwise) {
        try {
            int number = Integer.parseInt(options.getOrDefault(name, otherwise));
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException malformed) {
            // Said below, as for a number that is not positive.
        }
        throw new IllegalArgumentException(name + " must be a positive number");
    }
}
