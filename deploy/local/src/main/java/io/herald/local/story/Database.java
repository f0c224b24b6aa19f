package io.herald.local.story;

import io.herald.topic.Topics;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What PostgreSQL must hold when the ledger has ended: inbox rows, ledger rows, how far a broadcast is. */
final class Database {
    private final Demo.Target target;

    Database(Demo.Target target) {
        this.target = target;
    }

    /** Adds what PostgreSQL lacks; it follows the topics by a moment, and has {@code patience} to come. */
    void compare(List<Scene> scenes, LedgerWatch watch, Duration patience, List<String> differences)
            throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        List<String> found;
        try (Connection database = DriverManager.getConnection(target.jdbcUrl(), target.user(), target.password())) {
            do {
                Thread.sleep(100);
                found = differences(scenes, watch, database);
            } while (!found.isEmpty() && System.nanoTime() < deadline);
        }
        differences.addAll(found);
    }

    private static List<String> differences(List<Scene> scenes, LedgerWatch watch, Connection database)
            throws SQLException {
        List<String> differences = new ArrayList<>();
        for (Scene scene : scenes) {
            for (LedgerWatch.Line line : watch.lines(scene.event())) {
                boolean inInbox = line.channel().equals("INBOX") && line.isAccepted();
                if (inInbox && rows(database, "inbox_item", "seq = " + line.seq(), line) != 1) {
                    differences.add(scene.title() + ": no inbox row with seq " + line.seq());
                }
                if (rows(database, "ledger_state", "state = 'ENDED' AND open = 0", line) != 1) {
                    differences.add(scene.title() + ": its ledger row has not ended");
                }
            }
            if (scene.said() != null && scene.said().topic().equals(Topics.BROADCAST_REQUESTED)) {
                long users = watch.lines(scene.event()).stream()
                        .map(LedgerWatch.Line::user)
                        .distinct()
                        .count();
                differences.addAll(broadcast(database, scene, users));
            }
        }
        return differences;
    }

    private static int rows(Connection database, String table, String condition, LedgerWatch.Line line)
            throws SQLException {
        String query = "SELECT count(*) FROM " + table
                + " WHERE tenant = ? AND user_id = ? AND notification_id = ?::uuid AND " + condition;
        try (PreparedStatement statement = database.prepareStatement(query)) {
            statement.setString(1, Cast.TENANT);
            statement.setString(2, line.user());
            statement.setString(3, line.notificationId());
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    // A row for each partition of the mailbox, whether it has users or not.
    private static List<String> broadcast(Connection database, Scene scene, long users) throws SQLException {
        String query = "SELECT count(*) FILTER (WHERE phase = 'DONE'), count(*), coalesce(sum(notified), 0)"
                + " FROM broadcast_state WHERE tenant = ? AND broadcast_id = ?";
        try (PreparedStatement statement = database.prepareStatement(query)) {
            statement.setString(1, Cast.TENANT);
            statement.setString(2, scene.event());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                List<String> differences = new ArrayList<>();
                if (row.getInt(1) == 0 || row.getInt(1) != row.getInt(2)) {
                    differences.add(scene.title() + ": done in " + row.getInt(1) + " of " + row.getInt(2)
                            + " partitions of the mailbox");
                }
                if (row.getLong(3) != users) {
                    differences.add(scene.title() + ": " + row.getLong(3) + " users were notified, and " + users
                            + " are in the ledger");
                }
                return differences;
            }
        }
    }
}
