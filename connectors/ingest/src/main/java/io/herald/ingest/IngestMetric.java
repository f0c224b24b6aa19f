package io.herald.ingest;

import java.util.List;

/**
 * Every meter of ingest. Tags take values from this code only, never from a caller.
 *
 * <p>Equations: requests{202} ≤ records{written} of single requests; every records{written} has an audit record.
 */
enum IngestMetric {
    REQUESTS("herald.ingest.requests", "requests answered, by operation and status", "operation status"),
    RECORDS("herald.ingest.records", "records handed to Kafka, by what came of them", "topic result"),
    CALLERS("herald.ingest.callers", "keys and tokens looked up, by what came of them", "result"),
    IDEMPOTENCY("herald.ingest.idempotency", "requests with an idempotency key, by what they were", "result"),
    BODY_BYTES("herald.ingest.body.bytes", "bytes of bodies that are held now", ""),
    CONNECTIONS("herald.ingest.connections", "connections open now", ""),
    FORGOTTEN("herald.ingest.forgotten", "idempotency keys that were old enough to go", ""),
    CUT("herald.ingest.cut", "connections cut because their request did not come", "while"),
    LATENCY("herald.ingest.latency", "from a request's head to its answer", "");

    private final String meter;
    private final String description;
    private final String tags;

    IngestMetric(String meter, String description, String tags) {
        this.meter = meter;
        this.description = description;
        this.tags = tags;
    }

    String meter() {
        return meter;
    }

    String description() {
        return description;
    }

    List<String> tags() {
        return tags.isEmpty() ? List.of() : List.of(tags.split(" ", -1));
    }
}
