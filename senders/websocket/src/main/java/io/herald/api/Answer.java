package io.herald.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.wire.Heard;

/**
 * What a request is answered with.
 *
 * @param receipt of what was written, or null
 * @param behind whether what was read does not hold what the caller has written
 */
record Answer(int status, ObjectNode body, Heard receipt, boolean behind) {
    static Answer of(ObjectNode body) {
        return new Answer(200, body, null, false);
    }

    /** Kafka has it; what it changes can be read once the answer to a read covers the receipt. */
    static Answer accepted(Heard receipt) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("receipt", receipt.toString());
        return new Answer(202, body, receipt, false);
    }

    /** Kafka has it, and nothing that can be read is changed by it. */
    static Answer accepted() {
        return new Answer(202, JsonNodeFactory.instance.objectNode(), null, false);
    }
}
