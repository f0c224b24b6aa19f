package io.herald.ingest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.http.Problem;
import io.herald.http.ProblemException;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.Map;

/** Tells how far a broadcast is, from the table that Kafka Connect fills. */
final class Broadcasts {
    // Each partition of the mailbox goes at its own pace; together they are as far as the one that is least far.
    private static final String PROGRESS = """
            SELECT count(*) AS partitions, sum(looked)::bigint AS looked, sum(notified)::bigint AS notified,
                   sum(failed)::bigint AS failed, min(started_at) AS started_at,
                   max(ended_at) AS ended_at, max(changed_at) AS changed_at,
                   CASE WHEN bool_or(phase = 'RUNNING') THEN 'RUNNING'
                        WHEN bool_or(phase = 'PAUSED') THEN 'PAUSED'
                        WHEN bool_or(phase = 'WAITING') THEN 'WAITING'
                        WHEN bool_or(phase = 'CANCELLED') THEN 'CANCELLED'
                        ELSE 'DONE' END AS phase
            FROM broadcast_state
            WHERE tenant = $1 AND source = $2 AND broadcast_id = $3
            """;

    private final Database database;

    Broadcasts(Database database) {
        this.database = database;
    }

    Future<Answer> progress(Call call) {
        Map<String, String> path = call.path();
        return database.query(PROGRESS, Tuple.of(call.caller().tenant(), path.get("source"), path.get("id")))
                .map(rows -> {
                    Row row = rows.iterator().next();
                    if (row.getLong("partitions") == 0) {
                        throw new ProblemException(Problem.notFound());
                    }
                    return Answer.ok(json(row, path));
                });
    }

    private static ObjectNode json(Row row, Map<String, String> path) {
        boolean ended =
                row.getString("phase").equals("DONE") || row.getString("phase").equals("CANCELLED");
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("source", path.get("source"))
                .put("id", path.get("id"))
                .put("phase", row.getString("phase"))
                .put("looked", row.getLong("looked"))
                .put("notified", row.getLong("notified"))
                .put("failed", row.getLong("failed"))
                .put("partitions", row.getLong("partitions"));
        put(json, "startedAt", row.getOffsetDateTime("started_at"));
        put(json, "endedAt", ended ? row.getOffsetDateTime("ended_at") : null);
        put(json, "changedAt", row.getOffsetDateTime("changed_at"));
        return json;
    }

    private static void put(ObjectNode json, String name, OffsetDateTime time) {
        if (time != null) {
            json.put(name, time.toInstant().toString());
        }
    }
}
