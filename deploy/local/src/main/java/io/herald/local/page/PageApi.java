package io.herald.local.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.local.page.EventForm.FaultRequest;
import io.herald.local.page.EventForm.ReplyRequest;
import io.herald.local.page.EventForm.TokenRequest;
import io.herald.local.page.Events.Receipt;
import io.herald.schema.BroadcastRequested;
import io.herald.schema.NotificationRequested;
import io.herald.schema.PreferenceChanged;
import io.herald.simulator.Push;
import io.herald.topic.Topics;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the page, and {@code scripts/demo}, can ask. A refusal is {@code {field, message}}. Times are milliseconds since
 * 1970.
 */
final class PageApi {
    private static final Logger LOG = LoggerFactory.getLogger(PageApi.class);
    private static final int LONGEST_BODY = 16 * 1024;
    private static final int NEWEST_EVENTS = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Backend backend;

    PageApi(Backend backend) {
        this.backend = backend;
    }

    void mount(Router router) {
        router.get("/api/cast")
                .handler(context -> send(context, 200, People.describe(backend.gateway(), backend.ledger())));
        router.get("/api/pushes").handler(context -> send(context, 200, pushes()));
        router.get("/api/mails")
                .handler(context -> send(context, 200, all(backend.arrivals().mails(), ArrivalJson::mail)));
        router.get("/api/messages")
                .handler(context -> send(context, 200, all(backend.arrivals().messages(), ArrivalJson::message)));
        router.get("/api/posts")
                .handler(context -> send(context, 200, all(backend.arrivals().posts(), ArrivalJson::post)));
        router.get("/api/providers")
                .handler(context -> send(context, 200, backend.providers().describe()));
        router.get("/api/ledger").handler(this::ledger);
        router.get("/api/broadcast").handler(context -> answer(context, backend.broadcasts()::newest));
        router.get("/api/stream").handler(this::stream);
        router.post("/api/*")
                .handler(BodyHandler.create(false).setBodyLimit(LONGEST_BODY).setMergeFormAttributes(false));
        router.post("/api/events").handler(this::event);
        router.post("/api/broadcasts").handler(this::broadcast);
        router.post("/api/quiet").handler(this::quiet);
        router.post("/api/replies").handler(this::reply);
        router.post("/api/faults").handler(this::fault);
        router.post("/api/token").handler(this::token);
        router.route().failureHandler(this::failed);
    }

    private ArrayNode pushes() {
        Arrivals arrivals = backend.arrivals();
        return array(Stream.of(
                        pushes("apns", arrivals.apns()),
                        pushes("fcm", arrivals.fcm()),
                        pushes("webpush", arrivals.webPush()))
                .flatMap(Function.identity())
                .sorted(Comparator.comparingLong(push -> push.get("at").longValue()))
                .toList());
    }

    private static Stream<ObjectNode> pushes(String provider, Feed<Push> feed) {
        return feed.received().get().stream().map(push -> ArrivalJson.push(provider, push));
    }

    private static <T> ArrayNode all(Feed<T> feed, Function<T, ObjectNode> written) {
        return array(feed.received().get().stream().map(written).toList());
    }

    private void ledger(RoutingContext context) {
        ObjectNode answer = JSON.createObjectNode();
        if (context.queryParam("event").isEmpty()) {
            backend.ledger().newest(NEWEST_EVENTS).forEach(answer.putArray("events")::add);
        } else {
            String event = parameter(context, "event");
            answer.put("event", event).set("entries", array(backend.ledger().of(event)));
        }
        send(context, 200, answer);
    }

    private void stream(RoutingContext context) {
        if (!backend.happenings().open(context.vertx().getOrCreateContext(), context.response())) {
            refuse(context, 503, "stream", "too many pages are open");
        }
    }

    private void event(RoutingContext context) {
        NotificationRequested event = EventForm.event(body(context));
        answer(
                context,
                () -> sent(
                        event.getId(),
                        backend.events().publish(Topics.NOTIFICATION_REQUESTED, null, event),
                        describe(event)));
    }

    private void broadcast(RoutingContext context) {
        BroadcastRequested broadcast = EventForm.broadcast(body(context));
        answer(
                context,
                () -> sent(
                        broadcast.getId(),
                        backend.events().publish(Topics.BROADCAST_REQUESTED, null, broadcast),
                        describe(broadcast)));
    }

    private ObjectNode sent(String eventId, Receipt receipt, ObjectNode event) {
        backend.ledger().sent(eventId, receipt);
        ObjectNode answer = JSON.createObjectNode()
                .put("eventId", eventId)
                .put("producedAt", receipt.producedAt().toEpochMilli())
                .put("acknowledgedAt", receipt.acknowledgedAt().toEpochMilli())
                .put("topic", receipt.topic())
                .put("partition", receipt.partition())
                .put("offset", receipt.offset());
        answer.set("event", event);
        return answer;
    }

    private void quiet(RoutingContext context) {
        PreferenceChanged change = EventForm.quiet(body(context));
        answer(context, () -> {
            // By user, or a later change could be overtaken by an earlier one.
            backend.events().publish(Topics.PREFERENCE_CHANGED, change.getUser(), change);
            return LedgerJson.quiet(change.getUser(), !change.getQuietHours().isEmpty());
        });
    }

    private void reply(RoutingContext context) {
        ReplyRequest request = EventForm.reply(body(context));
        answer(context, () -> {
            try {
                backend.replies().reply(request.number(), request.text());
            } catch (IOException failure) {
                throw new UnavailableException("the SMS sender", failure);
            }
            return JSON.createObjectNode().put("number", request.number()).put("text", request.text());
        });
    }

    private void fault(RoutingContext context) {
        FaultRequest request = EventForm.fault(body(context), backend.providers());
        backend.providers().simulators().get(request.provider()).weather(request.weather());
        send(context, 200, backend.providers().describe());
    }

    private void token(RoutingContext context) {
        TokenRequest request = EventForm.token(body(context));
        send(
                context,
                200,
                JSON.createObjectNode()
                        .put("token", backend.tokens().sign(request.user(), request.device()))
                        .put("url", backend.gateway().toString())
                        .put("lifeMs", DemoTokens.LIFE.toMillis()));
    }

    private static ObjectNode describe(NotificationRequested event) {
        ObjectNode node = JSON.createObjectNode()
                .put("tenant", event.getTenant())
                .put("source", event.getSource())
                .put("id", event.getId());
        event.getRecipients().forEach(node.putArray("recipients")::add);
        node.put("category", event.getCategory()).put("actor", event.getActor());
        event.getData().forEach(node.putObject("data")::put);
        return node;
    }

    private static ObjectNode describe(BroadcastRequested broadcast) {
        ObjectNode node = JSON.createObjectNode()
                .put("tenant", broadcast.getTenant())
                .put("source", broadcast.getSource())
                .put("id", broadcast.getId())
                .put("category", broadcast.getCategory())
                .put("actor", broadcast.getActor());
        broadcast.getData().forEach(node.putObject("data")::put);
        return node;
    }

    private static String parameter(RoutingContext context, String name) {
        List<String> values = context.queryParam(name);
        if (values.size() != 1 || values.get(0).isEmpty() || values.get(0).length() > 128) {
            throw new InvalidFieldException(name, "must be given once, with 1 to 128 characters");
        }
        return values.get(0);
    }

    private static JsonNode body(RoutingContext context) {
        Buffer body = context.body().buffer();
        try {
            return JSON.readTree(body == null ? new byte[0] : body.getBytes());
        } catch (JsonProcessingException malformed) {
            throw new InvalidFieldException("body", "is not JSON");
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Does what may block, away from the thread that serves. */
    private void answer(RoutingContext context, Callable<ObjectNode> work) {
        context.vertx()
                .executeBlocking(work, false)
                .onSuccess(answer -> send(context, 200, answer))
                .onFailure(context::fail);
    }

    private void failed(RoutingContext context) {
        Throwable failure = context.failure();
        if (context.response().headWritten()) {
            context.response().reset();
        } else if (failure instanceof InvalidFieldException invalid) {
            refuse(context, 400, invalid.field(), invalid.getMessage());
        } else if (failure instanceof UnavailableException unavailable) {
            LOG.warn("A request of the page failed", unavailable);
            refuse(context, 503, "", unavailable.getMessage());
        } else if (context.statusCode() < 500) {
            refuse(context, context.statusCode(), "request", "is refused");
        } else {
            LOG.error("A request of the page failed", failure);
            refuse(context, 500, "", "something is wrong here: see the log");
        }
    }

    static void refuse(RoutingContext context, int status, String field, String message) {
        send(context, status, JSON.createObjectNode().put("field", field).put("message", message));
    }

    private static void send(RoutingContext context, int status, JsonNode answer) {
        if (!context.response().ended() && !context.response().closed()) {
            context.response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", "application/json; charset=utf-8")
                    .end(answer.toString());
        }
    }

    private static ArrayNode array(List<ObjectNode> nodes) {
        return JSON.createArrayNode().addAll(nodes);
    }
}
