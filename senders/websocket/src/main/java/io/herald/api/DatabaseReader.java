package io.herald.api;

import io.herald.schema.InboxItem;
import io.herald.schema.InboxMark;
import io.herald.wire.UserKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Reads the tables of {@code connectors/inbox-jdbc}, each answer in one statement: all of it is of one moment.
 *
 * <p>Give it the primary. A replica may show what was committed in another order, and then the promise of
 * {@link InboxSnapshot#upTo} does not hold (Jepsen on RDS for PostgreSQL, 2025-04).
 */
public final class DatabaseReader implements InboxReader, AutoCloseable {
    private static final int WAITING = 10_000;
    private static final int CONNECT_SECONDS = 3;
    // The server ends a statement before: this is for a server that does not answer at all.
    private static final long GRACE_MS = 1_000;

    // The router removes what is older; where it is behind, this does not show it any more.
    private static final String KEPT = "i.created_at > now() - interval '31 days'";

    private static final String SUMMARY =
            "u.version, u.last_seq, u.unread, u.seen_up_to, u.read_up_to, u.epoch, u.heard, u.changed_at";
    private static final String MARK =
            "m.version AS mark_version, m.seen, m.read, m.archived, m.dismissed," + " m.changed_at AS marked_at";
    private static final String ITEM =
            "i.notification_id, i.category, i.actor, i.title, i.body, i.link, i.created_at, i.expires_at";
    // Each condition with the parameters themselves, and not with another table's columns: so that of sixteen
    // partitions one is looked at.
    private static final String MARKED =
            " LEFT JOIN inbox_mark m ON m.tenant = $1 AND m.user_id = $2 AND m.seq = i.seq";
    private static final String UNREAD = "NOT coalesce(m.read OR m.archived OR m.dismissed, false)";
    private static final String WITH_SUMMARY =
            " FROM (VALUES (1)) AS one LEFT JOIN inbox_user u ON u.tenant = $1 AND u.user_id = $2";

    static final String SNAPSHOT_SQL = "SELECT " + SUMMARY + ", i.seq, i.content, " + ITEM + ", " + MARK
            + WITH_SUMMARY
            + " LEFT JOIN (SELECT seq, seq > $3 AS content, notification_id, created_at, expires_at, category,"
            + " CASE WHEN seq > $3 THEN actor END AS actor, CASE WHEN seq > $3 THEN title END AS title,"
            + " CASE WHEN seq > $3 THEN body END AS body, CASE WHEN seq > $3 THEN link END AS link"
            + " FROM inbox_item WHERE tenant = $1 AND user_id = $2) i ON true"
            + MARKED + " ORDER BY i.seq";

    private static final String PAGE_SQL = "SELECT " + SUMMARY + ", newest.seq AS newest, marked.version AS marked,"
            + " counted.unread AS counted, p.*"
            + WITH_SUMMARY
            + " LEFT JOIN LATERAL (SELECT max(seq) AS seq FROM inbox_item WHERE tenant = $1 AND user_id = $2) newest"
            + " ON true LEFT JOIN LATERAL (SELECT max(version) AS version FROM inbox_mark"
            + " WHERE tenant = $1 AND user_id = $2) marked ON true"
            + " LEFT JOIN LATERAL (SELECT count(*) AS unread FROM inbox_item i" + MARKED
            + " WHERE i.tenant = $1 AND i.user_id = $2 AND " + UNREAD + ") counted ON true"
            + " LEFT JOIN LATERAL (SELECT i.seq, " + ITEM + ", " + MARK + " FROM inbox_item i" + MARKED
            + " WHERE i.tenant = $1 AND i.user_id = $2 AND " + KEPT
            + " AND ($3::bigint IS NULL OR i.seq < $3)"
            + " AND (NOT $4::boolean OR " + UNREAD + ")"
            + " AND ($5::varchar IS NULL OR i.category = $5)"
            + " AND coalesce(m.archived, false) = $6::boolean"
            + " ORDER BY i.seq DESC LIMIT $7) p ON true ORDER BY p.seq DESC";

    private static final String ITEM_SQL = "SELECT i.seq, " + ITEM + ", " + MARK + " FROM inbox_item i" + MARKED
            + " WHERE i.tenant = $1 AND i.user_id = $2 AND i.seq = $3 AND " + KEPT;

    private static final String SUMMARY_SQL =
            "SELECT " + SUMMARY + " FROM inbox_user u WHERE u.tenant = $1 AND u.user_id = $2";

    private static final String PROFILE_SQL = "SELECT version, preferences, devices, contacts, subscriptions, heard"
            + " FROM user_profile WHERE tenant = $1 AND user_id = $2";

    private final Pool pool;
    private final long timeoutMs;

    /** Makes a reader; connections are opened when they are needed, and again after they broke. */
    public DatabaseReader(Vertx vertx, DatabaseSettings settings) {
        long statementMs = settings.statementTimeout().toMillis();
        PgConnectOptions options = PgConnectOptions.fromUri(settings.url())
                .setUser(settings.user())
                .setPassword(settings.password().value())
                .setCachePreparedStatements(true)
                .addProperty("application_name", "herald-gateway")
                .addProperty("default_transaction_read_only", "on")
                .addProperty("statement_timeout", Long.toString(statementMs));
        PoolOptions size = new PoolOptions()
                .setMaxSize(settings.connections())
                .setMaxWaitQueueSize(WAITING)
                .setConnectionTimeoutUnit(TimeUnit.SECONDS)
                .setConnectionTimeout(CONNECT_SECONDS);
        this.timeoutMs = statementMs + GRACE_MS;
        this.pool =
                PgBuilder.pool().with(size).connectingTo(options).using(vertx).build();
    }

    @Override
    public Future<InboxSnapshot> snapshot(UserKey user, long above) {
        return query(SNAPSHOT_SQL, Tuple.of(user.tenant(), user.user(), above), found -> {
            List<InboxRow> rows = new ArrayList<>();
            InboxSummary summary = null;
            for (Row row : found) {
                summary = summaryOf(row);
                if (row.getLong("seq") != null) {
                    rows.add(rowOf(row, row.getBoolean("content")));
                }
            }
            return new InboxSnapshot(summary, rows, Instant.now());
        });
    }

    @Override
    public Future<InboxPage> page(UserKey user, InboxQuery query) {
        Tuple parameters = Tuple.of(
                user.tenant(),
                user.user(),
                query.before(),
                query.unread(),
                query.category(),
                query.archived(),
                query.limit() + 1);
        return query(PAGE_SQL, parameters, found -> page(found, query.limit()));
    }

    @Override
    public Future<Optional<InboxRow>> item(UserKey user, long seq) {
        return query(ITEM_SQL, Tuple.of(user.tenant(), user.user(), seq), found -> first(found)
                .map(row -> rowOf(row, true)));
    }

    @Override
    public Future<Optional<InboxSummary>> summary(UserKey user) {
        return query(SUMMARY_SQL, Tuple.of(user.tenant(), user.user()), found -> first(found)
                .map(DatabaseReader::summaryOf));
    }

    @Override
    public Future<Optional<UserProfile>> profile(UserKey user) {
        return query(PROFILE_SQL, Tuple.of(user.tenant(), user.user()), found -> first(found)
                .map(row -> new UserProfile(
                        row.getLong("version"),
                        row.getString("preferences"),
                        row.getString("devices"),
                        row.getString("contacts"),
                        row.getString("subscriptions"),
                        row.getString("heard"))));
    }

    @Override
    public void close() {
        pool.close();
    }

    private <T> Future<T> query(String sql, Tuple parameters, Function<RowSet<Row>, T> answer) {
        return pool.preparedQuery(sql)
                .execute(parameters)
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .map(answer);
    }

    private static InboxPage page(RowSet<Row> found, int limit) {
        List<InboxRow> rows = new ArrayList<>();
        InboxSummary summary = null;
        Long newest = null;
        Long marked = null;
        boolean isWhole = true;
        for (Row row : found) {
            summary = summaryOf(row);
            newest = row.getLong("newest");
            marked = row.getLong("marked");
            isWhole = summary == null
                    || (row.getLong("counted") == summary.unread() && (newest == null || newest == summary.lastSeq()));
            if (row.getLong("seq") != null) {
                rows.add(rowOf(row, true));
            }
        }
        boolean more = rows.size() > limit;
        List<InboxRow> page = more ? rows.subList(0, limit) : rows;
        long seq = newest == null ? new InboxSnapshot(summary, List.of(), Instant.now()).upTo() : newest;
        return new InboxPage(
                summary, page, more ? page.get(limit - 1).seq() : null, seq, marked == null ? 0 : marked, isWhole);
    }

    private static Optional<Row> first(RowSet<Row> rows) {
        return rows.size() == 0 ? Optional.empty() : Optional.of(rows.iterator().next());
    }

    private static InboxSummary summaryOf(Row row) {
        if (row.getLong("version") == null) {
            return null;
        }
        return new InboxSummary(
                row.getLong("version"),
                row.getLong("last_seq"),
                row.getInteger("unread"),
                row.getLong("seen_up_to"),
                row.getLong("read_up_to"),
                row.getInteger("epoch"),
                row.getString("heard"),
                row.getOffsetDateTime("changed_at").toInstant());
    }

    private static InboxRow rowOf(Row row, boolean content) {
        InboxItem item = content
                ? InboxItem.newBuilder()
                        .setNotificationId(row.getUUID("notification_id").toString())
                        .setCategory(row.getString("category"))
                        .setActor(row.getString("actor"))
                        .setTitle(row.getString("title"))
                        .setBody(row.getString("body"))
                        .setLink(row.getString("link"))
                        .setCreatedAt(row.getOffsetDateTime("created_at").toInstant())
                        .setExpiresAt(row.getOffsetDateTime("expires_at").toInstant())
                        .build()
                : null;
        return new InboxRow(row.getLong("seq"), item, markOf(row));
    }

    private static InboxMark markOf(Row row) {
        OffsetDateTime at = row.getOffsetDateTime("marked_at");
        return at == null
                ? null
                : new InboxMark(
                        row.getLong("mark_version"),
                        row.getBoolean("seen"),
                        row.getBoolean("read"),
                        row.getBoolean("archived"),
                        at.toInstant(),
                        row.getBoolean("dismissed"));
    }
}
