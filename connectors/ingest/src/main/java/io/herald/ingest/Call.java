package io.herald.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Context;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;

/**
 * A request, read and allowed.
 *
 * @param path the values of the parameters in the path
 * @param body an object; null where the operation has none
 * @param requestHash SHA-256 of the request
 * @param idempotencyKey null: none was given
 * @param context that its answer is to be made on
 */
record Call(
        Operation operation,
        Caller caller,
        Map<String, String> path,
        JsonNode body,
        Bytes requestHash,
        String idempotencyKey,
        Instant at,
        Context context) {
    Call {
        path = Map.copyOf(path);
    }
}
