package io.herald.ingest;

import io.herald.http.Problem;
import io.herald.http.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** PostgreSQL, asked without blocking, for a few seconds at most. Thread-safe; closed with {@code vertx}. */
final class Database {
    /** Where the tables of ingest are: apart from the inbox's, whose migrations have a history of their own. */
    static final String SCHEMA = "ingest";

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int MOST_WAITING = 1_000;

    private final Pool pool;

    Database(Vertx vertx, IngestConfig.Store store) {
        PgConnectOptions server = PgConnectOptions.fromUri(store.uri())
                .setUser(store.user())
                .setPassword(store.password())
                .setCachePreparedStatements(true)
                .addProperty("application_name", "herald-ingest")
                .addProperty("statement_timeout", Long.toString(PATIENCE.toMillis()));
        pool = PgBuilder.pool()
                .with(new PoolOptions()
                        .setMaxSize(store.connections())
                        .setMaxWaitQueueSize(MOST_WAITING)
                        .setConnectionTimeout(Math.toIntExact(PATIENCE.toSeconds()))
                        .setConnectionTimeoutUnit(TimeUnit.SECONDS))
                .connectingTo(server)
                .with(new NetClientOptions().setConnectTimeout(Math.toIntExact(PATIENCE.toMillis())))
                .using(vertx)
                .build();
    }

    /** Brings the database up to this build's tables. Several that call it at once wait for each other. */
    static void migrate(IngestConfig.Store store) {
        Flyway.configure()
                .dataSource(store.jdbcUrl(), store.user(), store.password())
                .locations("classpath:db/ingest")
                .schemas(SCHEMA)
                .load()
                .migrate();
    }

    /** Returns the rows; fails with a {@link Problem} where the database does not answer. */
    Future<RowSet<Row>> query(String sql, Tuple values) {
        return pool.preparedQuery(sql)
                .execute(values)
                .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .recover(failure -> {
                    LOG.warn("PostgreSQL does not answer: {}", failure.toString());
                    return Future.failedFuture(new ProblemException(
                            Problem.unavailable("The database does not answer.", Duration.ofSeconds(5))));
                });
    }
}
