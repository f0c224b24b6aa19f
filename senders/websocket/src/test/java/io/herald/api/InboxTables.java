package io.herald.api;

import io.herald.inbox.InboxDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/** A real PostgreSQL with the inbox's tables, which a test fills as the sinks would. */
public final class InboxTables implements AutoCloseable {
    private static final String USER = "postgres";

    private final EmbeddedPostgres server;

    /** Starts it. */
    public InboxTables(Path folder) throws IOException {
        server = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(folder.resolve("binaries").toFile())
                .setDataDirectory(folder.resolve("data").toFile())
                .setPGStartupWait(Duration.ofSeconds(60))
                .setLocaleConfig("locale-provider", "builtin")
                .setLocaleConfig("builtin-locale", "C.UTF-8")
                .setLocaleConfig("locale", "C")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                .start();
        InboxDatabase.migrate(jdbcUrl(), USER, USER);
    }

    /** Returns the settings of one who reads it. */
    public DatabaseSettings settings() {
        AbstractConfig values = new AbstractConfig(
                DatabaseSettings.define(new ConfigDef()),
                Map.of(
                        DatabaseSettings.URL,
                        url(),
                        DatabaseSettings.USER,
                        USER,
                        DatabaseSettings.PASSWORD_KEY,
                        USER,
                        DatabaseSettings.STATEMENT_TIMEOUT_MS,
                        "500"),
                false);
        return DatabaseSettings.from(values).orElseThrow();
    }

    /** Returns where it is, as the gateway's setting has it. */
    public String url() {
        return "postgresql://127.0.0.1:" + server.getPort() + "/postgres";
    }

    /** Adds an item that came so many days ago. */
    public void item(String user, long seq, String category, int daysAgo) {
        execute(
                "INSERT INTO inbox_item VALUES ('demo', ?, ?, gen_random_uuid(), ?, 'bo', ?, 'body', NULL,"
                        + " now() - make_interval(days => ?), now())",
                user,
                seq,
                category,
                "title " + seq,
                daysAgo);
    }

    /** Sets the mark of an item. */
    public void mark(String user, long seq, long version, boolean read, boolean archived) {
        execute(
                "INSERT INTO inbox_mark (tenant, user_id, seq, version, seen, read, archived, changed_at)"
                        + " VALUES ('demo', ?, ?, ?, true, ?, ?, now()) ON CONFLICT (tenant, user_id, seq) DO UPDATE SET"
                        + " version = excluded.version, read = excluded.read, archived = excluded.archived",
                user,
                seq,
                version,
                read,
                archived);
    }

    /** Sets the summary. */
    public void summary(String user, long version, long lastSeq, int unread, String heard) {
        execute(
                "INSERT INTO inbox_user (tenant, user_id, version, last_seq, unread, seen_up_to, read_up_to, epoch,"
                        + " changed_at, heard) VALUES ('demo', ?, ?, ?, ?, 0, 0, 1, now(), ?)"
                        + " ON CONFLICT (tenant, user_id) DO UPDATE SET version = excluded.version,"
                        + " last_seq = excluded.last_seq, unread = excluded.unread, heard = excluded.heard",
                user,
                version,
                lastSeq,
                unread,
                heard);
    }

    /** Sets the profile. */
    public void profile(String user, String preferences) {
        execute(
                "INSERT INTO user_profile VALUES ('demo', ?, 1, ?, '[]', '[\"EMAIL\"]', '[\"sports\"]', 'p0.1', now())",
                user,
                preferences);
    }

    /** Runs a statement. */
    public void execute(String sql, Object... parameters) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl(), USER, USER);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int index = 0; index < parameters.length; index++) {
                statement.setObject(index + 1, parameters[index]);
            }
            statement.execute();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Opens a connection to it. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), USER, USER);
    }

    private String jdbcUrl() {
        return "jdbc:" + url();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
