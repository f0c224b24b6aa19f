package io.herald.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.http.Problem;
import io.herald.http.ProblemException;
import io.herald.schema.Lane;
import io.herald.schema.NotificationRequested;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Takes notifications, one or many in a request. */
final class Notifications {
    static final int MOST = 1_000;

    private static final String LIST = "notifications";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final EventLog log;

    Notifications(EventLog log) {
        this.log = log;
    }

    // What one of the request's notifications is: a record, or why it is none.
    private record Item(String id, EventLog.Entry entry, Problem problem) {}

    /** Returns how many notifications a body holds, whatever they are. */
    static int count(JsonNode body) {
        return Math.max(1, Math.min(MOST, body.path(LIST).size()));
    }

    Future<Answer> request(Call call) {
        return call.body().has(LIST) ? many(call) : one(call);
    }

    private Future<Answer> one(Call call) {
        EventLog.Entry entry = entry(call, call.body(), "");
        return log.write(call, List.of(entry)).map(written -> {
            if (written.get(0).problem() != null) {
                throw new ProblemException(written.get(0).problem());
            }
            return Answer.accepted(JSON.objectNode().put("id", id(entry)).put("status", "accepted"));
        });
    }

    private Future<Answer> many(Call call) {
        JsonNode list = call.body().get(LIST);
        if (call.body().size() > 1) {
            throw Records.invalid("", "Nothing goes beside " + LIST + ".");
        }
        if (!list.isArray() || list.isEmpty() || list.size() > MOST) {
            throw Records.invalid("/" + LIST, "Must be a list of 1 to " + MOST + ".");
        }
        List<Item> items = new ArrayList<>(list.size());
        for (int index = 0; index < list.size(); index++) {
            items.add(item(call, list.get(index), "/" + LIST + "/" + index));
        }
        List<EventLog.Entry> entries = items.stream()
                .filter(item -> item.problem() == null)
                .map(Item::entry)
                .toList();
        return entries.isEmpty()
                ? Future.succeededFuture(answer(items, List.of()))
                : log.write(call, entries).map(written -> answer(items, written));
    }

    private static Item item(Call call, JsonNode json, String where) {
        String id = json.path("id").isTextual() ? json.get("id").textValue() : null;
        try {
            return new Item(id, entry(call, json, where), null);
        } catch (ProblemException refused) {
            return new Item(id, null, refused.problem());
        }
    }

    /**
     * 202 where all were accepted. Else 207, and each says what it came to. 503 only where nothing was accepted and
     * Kafka is why: then there is nothing to tell apart.
     */
    private static Answer answer(List<Item> items, List<EventLog.Written> written) {
        ArrayNode results = JSON.arrayNode();
        int accepted = 0;
        int unavailable = 0;
        int next = 0;
        for (int index = 0; index < items.size(); index++) {
            Item item = items.get(index);
            Problem problem = item.problem() == null ? written.get(next++).problem() : item.problem();
            ObjectNode result = results.addObject().put("index", index);
            if (item.id() != null) {
                result.put("id", item.id());
            }
            if (problem == null) {
                accepted++;
                result.put("status", "accepted");
            } else {
                boolean later = problem.status() == 503;
                unavailable += later ? 1 : 0;
                result.put("status", later ? "unavailable" : "refused").set("problem", problem.json());
            }
        }
        if (unavailable == items.size()) {
            throw new ProblemException(Problem.unavailable(
                    "Kafka does not acknowledge writes now. Send it again.", Duration.ofSeconds(5)));
        }
        ObjectNode body = JSON.objectNode().put("accepted", accepted).put("refused", items.size() - accepted);
        body.set("results", results);
        // Where nothing was accepted nothing was done: the request may be mended and sent with the same key.
        return new Answer(accepted == items.size() ? 202 : 207, body, unavailable == 0 && accepted > 0);
    }

    private static EventLog.Entry entry(Call call, JsonNode json, String where) {
        Topic topic = topic(json, where);
        NotificationRequested event = Records.readEvent(
                topic,
                NotificationRequested.class,
                json,
                where,
                Map.of("tenant", call.caller().tenant()),
                call.at());
        // No key: any partition will do, and a batch then fills one after the other.
        return new EventLog.Entry(topic, null, event);
    }

    private static Topic topic(JsonNode json, String where) {
        JsonNode lane = json instanceof ObjectNode object ? object.remove("lane") : null;
        if (lane == null || lane.asText().equals(Lane.URGENT.name())) {
            return Topics.NOTIFICATION_REQUESTED;
        }
        if (lane.asText().equals(Lane.BULK.name())) {
            return Topics.NOTIFICATION_REQUESTED_BULK;
        }
        throw Records.invalid(where + "/lane", "Is not one of [URGENT, BULK].");
    }

    private static String id(EventLog.Entry entry) {
        return ((NotificationRequested) entry.value()).getId();
    }
}
