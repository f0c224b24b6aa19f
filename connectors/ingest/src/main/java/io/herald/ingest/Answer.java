package io.herald.ingest;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a request is answered with.
 *
 * @param complete whether it is the same for ever; false where a repeat of the request could do better
 */
record Answer(int status, ObjectNode body, boolean complete) {
    static Answer accepted(ObjectNode body) {
        return new Answer(202, body, true);
    }

    static Answer ok(ObjectNode body) {
        return new Answer(200, body, true);
    }
}
