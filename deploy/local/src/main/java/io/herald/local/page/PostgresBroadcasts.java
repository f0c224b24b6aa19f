package io.herald.local.page;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.local.page.PageConfig.Database;
import io.herald.local.story.Cast;
import io.herald.topic.Topics;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Reads broadcasts from the table that Kafka Connect fills. Thread-safe: a connection for each call. */
final class PostgresBroadcasts implements Broadcasts {
    private static final String NEWEST = """
            SELECT broadcast_id, min(category) AS category, sum(looked) AS looked, sum(notified) AS notified,
                   sum(failed) AS failed, count(*) FILTER (WHERE phase IN ('DONE', 'CANCELLED')) AS ended,
                   min(started_at) AS started_at, max(changed_at) AS changed_at
            FROM broadcast_state
            WHERE tenant = ?
            GROUP BY source, broadcast_id
            ORDER BY min(started_at) DESC NULLS FIRST, broadcast_id
            LIMIT 1
            """;

    private final ObjectMapper json = new ObjectMapper();
    private final Database database;

    PostgresBroadcasts(Database database) {
        this.database = database;
    }

    @Override
    public ObjectNode newest() {
        try (Connection connection = database.connect();
                PreparedStatement query = connection.prepareStatement(NEWEST)) {
            query.setString(1, Cast.TENANT);
            try (ResultSet row = query.executeQuery()) {
                ObjectNode newest = json.createObjectNode();
                if (row.next()) {
                    newest.put("id", row.getString("broadcast_id"))
                            .put("category", row.getString("category"))
                            .put("looked", row.getLong("looked"))
                            .put("notified", row.getLong("notified"))
                            .put("failed", row.getLong("failed"))
                            .put("ended", row.getInt("ended"))
                            .put("partitions", Topics.MAILBOX.partitions())
                            .put("changedAt", row.getTimestamp("changed_at").getTime());
                }
                return newest;
            }
        } catch (SQLException failure) {
            throw new UnavailableException("the database", failure);
        }
    }
}
