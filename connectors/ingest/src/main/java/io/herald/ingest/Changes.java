package io.herald.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.http.ProblemException;
import io.herald.topic.Topic;
import io.herald.wire.Heard;
import io.herald.wire.UserKey;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Writes a single record for a request: a change of a user's, a rule, a template, a broadcast, a cancel. */
final class Changes {
    private final EventLog log;

    Changes(EventLog log) {
        this.log = log;
    }

    /**
     * What a request becomes.
     *
     * @param given fields beside the tenant and those in the path
     */
    record Kind<T extends SpecificRecord>(Topic topic, Class<T> type, Map<String, ?> given) {
        Kind(Topic topic, Class<T> type) {
            this(topic, type, Map.of());
        }
    }

    /** Writes a change of a user's; the answer says where Kafka has it, for a read that is to see it. */
    <T extends SpecificRecord> Future<Answer> ofUser(Call call, Kind<T> kind) {
        return write(call, kind, Records.read(kind.topic(), kind.type(), body(call), "", given(call, kind), call.at()))
                .map(place -> accepted(Heard.at(place.topic(), place.partition(), place.offset())
                        .toString()));
    }

    /** Writes something that is of no user. */
    <T extends SpecificRecord> Future<Answer> ofTenant(Call call, Kind<T> kind) {
        return write(call, kind, Records.read(kind.topic(), kind.type(), body(call), "", given(call, kind), call.at()))
                .map(place -> accepted(null));
    }

    /** Writes something to tell users, which may say its own channels. */
    <T extends SpecificRecord> Future<Answer> event(Call call, Kind<T> kind) {
        return write(
                        call,
                        kind,
                        Records.readEvent(kind.topic(), kind.type(), body(call), "", given(call, kind), call.at()))
                .map(place -> accepted(null));
    }

    private Future<RecordMetadata> write(Call call, Kind<?> kind, SpecificRecord record) {
        return log.write(call, List.of(new EventLog.Entry(kind.topic(), key(call), record)))
                .map(written -> {
                    if (written.get(0).problem() != null) {
                        throw new ProblemException(written.get(0).problem());
                    }
                    return written.get(0).place();
                });
    }

    private static Answer accepted(String receipt) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("status", "accepted");
        return Answer.accepted(receipt == null ? body : body.put("receipt", receipt));
    }

    private static JsonNode body(Call call) {
        return call.body() == null ? JsonNodeFactory.instance.objectNode() : call.body();
    }

    private static Map<String, Object> given(Call call, Kind<?> kind) {
        Schema schema = SpecificData.get().getSchema(kind.type());
        Map<String, Object> given = new HashMap<>(kind.given());
        given.put("tenant", call.caller().tenant());
        call.path()
                .forEach((name, text) ->
                        given.put(name, value(schema.getField(name).schema(), name, text)));
        return given;
    }

    // Paths are in lower case, as people write them.
    private static Object value(Schema schema, String name, String text) {
        if (schema.getType() != Schema.Type.ENUM) {
            return text;
        }
        String symbol = text.toUpperCase(Locale.ROOT);
        if (!schema.hasEnumSymbol(symbol)) {
            throw Records.invalid(
                    name, "Is not one of " + schema.getEnumSymbols().toString().toLowerCase(Locale.ROOT) + ".");
        }
        return SpecificData.get().createEnum(symbol, schema);
    }

    // What is about the same thing stays in its order: a user's by user, as at every other door.
    private static String key(Call call) {
        if (call.path().containsKey("user")) {
            return new UserKey(call.caller().tenant(), call.path().get("user")).toString();
        }
        return call.path().isEmpty() ? null : call.caller().tenant() + new TreeMap<>(call.path()).values();
    }
}
