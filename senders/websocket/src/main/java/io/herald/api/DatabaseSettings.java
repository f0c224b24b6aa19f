package io.herald.api;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.PASSWORD;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/**
 * Where the inbox is read.
 *
 * @param url {@code postgresql://host:port/database}, of the primary
 * @param connections how many may be open
 * @param resumes how many of a reconnecting crowd may be reading at once
 * @param statementTimeout after which the server ends a statement
 */
public record DatabaseSettings(
        String url, String user, Password password, int connections, int resumes, Duration statementTimeout) {
    public static final String URL = "database.url";
    public static final String USER = "database.user";
    public static final String PASSWORD_KEY = "database.password";
    public static final String CONNECTIONS = "database.connections";
    public static final String RESUMES = "database.resumes";
    public static final String STATEMENT_TIMEOUT_MS = "database.statement.timeout.ms";

    /** Adds the settings to those of the process. */
    public static ConfigDef define(ConfigDef settings) {
        return settings.define(
                        URL,
                        STRING,
                        "",
                        HIGH,
                        "Where the inbox is, postgresql://host:port/database, the primary and not a replica; "
                                + "sslmode may be given. Empty: no inbox API, and whoever resumes is told resync.")
                .define(USER, STRING, "herald", MEDIUM, "Who may read the inbox and the profiles; no more is needed.")
                .define(PASSWORD_KEY, PASSWORD, "", MEDIUM, "The password of that user.")
                .define(CONNECTIONS, INT, 8, between(1, 100), MEDIUM, "Connections to the database that may be open.")
                .define(
                        RESUMES,
                        INT,
                        4,
                        between(1, 100),
                        MEDIUM,
                        "Reads for sockets that come back that may be under way at once; the others wait. Below "
                                + "database.connections, or a crowd that comes back delays the inbox API.")
                .define(
                        STATEMENT_TIMEOUT_MS,
                        LONG,
                        2_000L,
                        between(10L, 60_000L),
                        MEDIUM,
                        "After this the server ends a statement.");
    }

    /**
     * Returns what {@code values} say; nothing where no database is given.
     *
     * @throws ConfigException if the URL is none; it does not quote it
     */
    public static Optional<DatabaseSettings> from(AbstractConfig values) {
        String url = values.getString(URL);
        if (url.isEmpty()) {
            return Optional.empty();
        }
        try {
            PgConnectOptions.fromUri(url);
        } catch (IllegalArgumentException malformed) {
            throw new ConfigException(URL + " is not of the form postgresql://host:port/database");
        }
        return Optional.of(new DatabaseSettings(
                url,
                values.getString(USER),
                values.getPassword(PASSWORD_KEY),
                values.getInt(CONNECTIONS),
                values.getInt(RESUMES),
                Duration.ofMillis(values.getLong(STATEMENT_TIMEOUT_MS))));
    }

    /** Keeps out what may be secret. */
    @Override
    public String toString() {
        return "DatabaseSettings[connections=" + connections + "]";
    }
}
