package io.herald.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.http.Problem;
import io.herald.http.ProblemException;
import io.herald.topic.Topic;
import io.herald.topology.intake.Checks;
import io.herald.topology.intake.RefusedException;
import io.herald.wire.PlainJson;
import java.time.Instant;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/**
 * Makes records of what callers send, by the schema of the topic and by intake's own rules: what is answered with 202
 * does not end as a dead letter. A wrong field is named as the caller knows it.
 */
final class Records {
    private static final String CHANNELS = "channels";
    /** What callers call the channels of one notification, apart from those of rules and templates. */
    private static final String DELIVERY_CHANNELS = "deliveryChannels";

    private Records() {}

    /**
     * Returns a record.
     *
     * @param where the JSON pointer of {@code json} in the body
     * @param given fields that are not the caller's to say, or that they said elsewhere
     * @throws ProblemException naming the first field that is wrong
     */
    static <T extends SpecificRecord> T read(
            Topic topic, Class<T> type, JsonNode json, String where, Map<String, ?> given, Instant at) {
        T record;
        try {
            record = PlainJson.read(type, json, given);
        } catch (PlainJson.WrongFieldException wrong) {
            throw invalid(where + wrong.pointer(), sentence(wrong.detail()));
        }
        try {
            Checks.check(topic, record, at);
        } catch (RefusedException refused) {
            throw invalid(field(refused.field(), where, given), sentence(refused.getMessage()));
        }
        return record;
    }

    /** The same for what may say its own channels. */
    static <T extends SpecificRecord> T readEvent(
            Topic topic, Class<T> type, JsonNode json, String where, Map<String, ?> given, Instant at) {
        if (!(json instanceof ObjectNode event)) {
            throw invalid(where, "Must be an object.");
        }
        if (event.has(CHANNELS)) {
            throw invalid(where + "/" + CHANNELS, "Is not known here: " + DELIVERY_CHANNELS + " says them.");
        }
        JsonNode channels = event.remove(DELIVERY_CHANNELS);
        if (channels != null) {
            event.set(CHANNELS, channels);
        }
        try {
            return read(topic, type, event, where, given, at);
        } catch (ProblemException refused) {
            String field = refused.problem().field();
            String own = where + "/" + CHANNELS;
            if (field == null || !field.startsWith(own)) {
                throw refused;
            }
            throw new ProblemException(
                    refused.problem().at(where + "/" + DELIVERY_CHANNELS + field.substring(own.length())));
        }
    }

    static ProblemException invalid(String field, String detail) {
        return new ProblemException(Problem.invalid(field, detail));
    }

    // Intake names fields with dots, and no elements of lists.
    private static String field(String named, String where, Map<String, ?> given) {
        if (named == null) {
            return where;
        }
        if (given.containsKey(named)) {
            return named;
        }
        if (named.startsWith("data.")) {
            return PlainJson.step(where + "/data", named.substring("data.".length()));
        }
        return where + "/" + named.replace('.', '/');
    }

    private static String sentence(String detail) {
        return Character.toUpperCase(detail.charAt(0)) + detail.substring(1) + ".";
    }
}
