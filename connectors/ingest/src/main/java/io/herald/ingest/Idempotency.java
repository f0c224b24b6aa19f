package io.herald.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.http.Problem;
import io.herald.http.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the repeat of a request as the request itself, where the caller gives both the same key. Thread-safe, in one
 * process and between several.
 *
 * <p>Only what was accepted is kept: a request that was refused, or did not reach Kafka, leaves no trace, and its key
 * is free again. If the process dies between Kafka's acknowledgement and the row, a repeat within the lease is answered
 * with 409 and a later one writes the records again, with the same identities: the router takes them once.
 *
 * @see <a href="https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header">The Idempotency-Key
 *     HTTP Header Field</a>
 */
final class Idempotency {
    static final String HEADER = "Idempotency-Key";
    static final int MOST_CHARACTERS = 255;
    /** Longer than all that a request waits for, one after the other. */
    static final Duration LEASE = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(Idempotency.class);

    private static final String CLAIM = """
            INSERT INTO ingest.idempotency AS kept (tenant, caller, key, request_hash, attempt, leased_until)
            VALUES ($1, $2, $3, $4, $5, now() + $6 * interval '1 second')
            ON CONFLICT (tenant, caller, key) DO UPDATE
            SET attempt = EXCLUDED.attempt, leased_until = EXCLUDED.leased_until
            WHERE kept.status IS NULL AND kept.leased_until < now() AND kept.request_hash = EXCLUDED.request_hash
            RETURNING 1
            """;
    private static final String READ = "SELECT request_hash, status, answer FROM ingest.idempotency"
            + " WHERE tenant = $1 AND caller = $2 AND key = $3";
    // Only the attempt that holds the row: one that lost its lease has nothing to say any more.
    private static final String KEEP = "UPDATE ingest.idempotency SET status = $5, answer = $6"
            + " WHERE tenant = $1 AND caller = $2 AND key = $3 AND attempt = $4 AND status IS NULL";
    private static final String RELEASE = "DELETE FROM ingest.idempotency"
            + " WHERE tenant = $1 AND caller = $2 AND key = $3 AND attempt = $4 AND status IS NULL";
    // Few at a time: what is behind is caught up with, and nobody waits for a long delete.
    private static final String FORGET = """
            DELETE FROM ingest.idempotency WHERE (tenant, caller, key) IN (
                SELECT tenant, caller, key FROM ingest.idempotency
                WHERE created_at < now() - $1 * interval '1 second'
                ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)
            """;

    private final Database database;
    private final IngestMeters meters;
    private final ObjectMapper json = new ObjectMapper();

    Idempotency(Database database, IngestMeters meters) {
        this.database = database;
        this.meters = meters;
    }

    /** Does {@code work}, or answers as the request that did it. */
    Future<Answer> once(Call call, Supplier<Future<Answer>> work) {
        UUID attempt = UUID.randomUUID();
        Tuple claim = Tuple.of(call.caller().tenant(), call.caller().id(), call.idempotencyKey())
                .addBuffer(Buffer.buffer(call.requestHash().get()))
                .addUUID(attempt)
                .addInteger(Math.toIntExact(LEASE.toSeconds()));
        return database.query(CLAIM, claim)
                .compose(claimed -> claimed.rowCount() == 1 ? first(call, attempt, work) : repeat(call));
    }

    private Future<Answer> first(Call call, UUID attempt, Supplier<Future<Answer>> work) {
        meters.count(IngestMetric.IDEMPOTENCY, "first");
        Tuple row = Tuple.of(call.caller().tenant(), call.caller().id(), call.idempotencyKey(), attempt);
        Future<Answer> done;
        try {
            done = work.get();
        } catch (RuntimeException failure) {
            done = Future.failedFuture(failure);
        }
        return done.transform(result -> {
            boolean keep = result.succeeded() && result.result().complete();
            Future<RowSet<Row>> noted = keep
                    ? database.query(
                            KEEP,
                            row.addInteger(result.result().status())
                                    .addString(result.result().body().toString()))
                    : database.query(RELEASE, row);
            return noted.otherwise(failure -> {
                        // The answer is true without it.
                        LOG.warn("cannot keep the answer to a request; its key is free again after the lease");
                        return null;
                    })
                    .compose(any -> result.succeeded()
                            ? Future.succeededFuture(result.result())
                            : Future.failedFuture(result.cause()));
        });
    }

    private Future<Answer> repeat(Call call) {
        return database.query(
                        READ, Tuple.of(call.caller().tenant(), call.caller().id(), call.idempotencyKey()))
                .map(rows -> {
                    for (Row row : rows) {
                        return repeat(call, row);
                    }
                    throw inFlight();
                });
    }

    private Answer repeat(Call call, Row row) {
        if (!MessageDigest.isEqual(
                row.getBuffer("request_hash").getBytes(), call.requestHash().get())) {
            meters.count(IngestMetric.IDEMPOTENCY, "mismatch");
            throw new ProblemException(
                    new Problem(422, "idempotency-mismatch", "This key was used with another request.", HEADER, null));
        }
        if (row.getInteger("status") == null) {
            throw inFlight();
        }
        meters.count(IngestMetric.IDEMPOTENCY, "repeat");
        try {
            return new Answer(row.getInteger("status"), (ObjectNode) json.readTree(row.getString("answer")), true);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("a kept answer is broken", broken);
        }
    }

    private ProblemException inFlight() {
        meters.count(IngestMetric.IDEMPOTENCY, "in_flight");
        return new ProblemException(new Problem(
                409, "in-flight", "A request with this key is being worked on.", HEADER, Duration.ofSeconds(1)));
    }

    /** Forgets all keys that are older than {@code age}, {@code atOnce} by {@code atOnce}; returns how many. */
    Future<Integer> forget(Duration age, int atOnce) {
        Promise<Integer> all = Promise.promise();
        forget(Tuple.of(Math.toIntExact(age.toSeconds()), atOnce), atOnce, 0, all);
        return all.future();
    }

    private void forget(Tuple which, int atOnce, int before, Promise<Integer> all) {
        database.query(FORGET, which).map(RowSet::rowCount).onComplete(forgotten -> {
            if (forgotten.failed()) {
                all.fail(forgotten.cause());
            } else if (forgotten.result() < atOnce) {
                all.complete(before + forgotten.result());
            } else {
                forget(which, atOnce, before + atOnce, all);
            }
        });
    }
}
