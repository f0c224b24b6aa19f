package io.herald.local.page;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.local.page.PageConfig.Database;
import io.herald.local.story.Cast;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Reads inboxes from the tables that Kafka Connect fills. Thread-safe: a connection for each call. */
final class PostgresInboxes implements Inboxes {
    private static final int NEWEST = 50;
    private static final String SUMMARY =
            "SELECT unread, last_seq, changed_at FROM inbox_user WHERE tenant = ? AND user_id = ?";
    private static final String ITEMS = """
            SELECT i.seq, i.notification_id, i.title, i.body, i.link, i.category, i.actor, i.created_at,
                   coalesce(m.version, 0) AS version, coalesce(m.read, false) AS read,
                   coalesce(m.seen, false) AS seen, coalesce(m.archived, false) AS archived
            FROM inbox_item i
            LEFT JOIN inbox_mark m ON m.tenant = i.tenant AND m.user_id = i.user_id AND m.seq = i.seq
            WHERE i.tenant = ? AND i.user_id = ?
            ORDER BY i.seq DESC
            LIMIT ?
            """;

    private final ObjectMapper json = new ObjectMapper();
    private final Database database;

    PostgresInboxes(Database database) {
        this.database = database;
    }

    @Override
    public ObjectNode of(String user) {
        try (Connection connection = database.connect()) {
            // One snapshot for both, or the count may not fit the items.
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            ObjectNode inbox = summary(connection, user);
            inbox.set("items", items(connection, user));
            connection.rollback();
            return inbox;
        } catch (SQLException failure) {
            throw new UnavailableException("the database", failure);
        }
    }

    private ObjectNode summary(Connection connection, String user) throws SQLException {
        ObjectNode summary = json.createObjectNode();
        try (PreparedStatement query = connection.prepareStatement(SUMMARY)) {
            query.setString(1, Cast.TENANT);
            query.setString(2, user);
            try (ResultSet row = query.executeQuery()) {
                boolean found = row.next();
                return summary.put("unread", found ? row.getInt("unread") : 0)
                        .put("lastSeq", found ? row.getLong("last_seq") : 0)
                        .put("changedAt", found ? millis(row, "changed_at") : 0);
            }
        }
    }

    private ArrayNode items(Connection connection, String user) throws SQLException {
        ArrayNode items = json.createArrayNode();
        try (PreparedStatement query = connection.prepareStatement(ITEMS)) {
            query.setString(1, Cast.TENANT);
            query.setString(2, user);
            query.setInt(3, NEWEST);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    items.addObject()
                            .put("seq", row.getLong("seq"))
                            .put("notificationId", row.getString("notification_id"))
                            .put("title", row.getString("title"))
                            .put("body", row.getString("body"))
                            .put("link", row.getString("link"))
                            .put("category", row.getString("category"))
                            .put("actor", row.getString("actor"))
                            .put("createdAt", millis(row, "created_at"))
                            .put("version", row.getLong("version"))
                            .put("read", row.getBoolean("read"))
                            .put("seen", row.getBoolean("seen"))
                            .put("archived", row.getBoolean("archived"));
                }
            }
        }
        return items;
    }

    private static long millis(ResultSet row, String column) throws SQLException {
        return row.getTimestamp(column).getTime();
    }
}
