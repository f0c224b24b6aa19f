package io.herald.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.herald.http.JsonBodies;
import io.herald.http.KafkaWriter;
import io.herald.http.Problem;
import io.herald.http.ProblemException;
import io.herald.http.Problems;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.PlatformHandler;
import java.time.Duration;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.utils.Bytes;

/** Reads requests, and answers them. Runs once for each event loop. */
final class Server extends VerticleBase {
    private static final int HEADER_BYTES = 8 * 1024;
    private static final int URL_BYTES = 4 * 1024;
    private static final int IDLE_SECONDS = 60;
    private static final int GRACE_SECONDS = 15;
    private static final long LINGER_MS = 1_000;
    // Vert.x gives all instances of a verticle the same free port for the same negative number.
    private static final int ANY_PORT_SHARED = -1;
    private static final String CALLER = "caller";
    private static final String HELD = "held";
    private static final String OVER = "over";
    private static final String JSON = "application/json";

    private final Parts parts;
    private final AtomicInteger port;
    private final IdentityHashMap<HttpConnection, Patience> connections = new IdentityHashMap<>();
    private HttpServer server;

    /** What all event loops share. */
    record Parts(
            IngestConfig config,
            List<Operation> operations,
            Callers callers,
            Rates rates,
            Idempotency idempotency,
            Admission admission,
            KafkaWriter writer,
            AtomicInteger open,
            JsonBodies bodies,
            Buffer document,
            IngestMeters meters) {}

    /**
     * Creates a server.
     *
     * @param port told which port was taken
     */
    Server(Parts parts, AtomicInteger port) {
        this.parts = parts;
        this.port = port;
    }

    @Override
    public Future<?> start() {
        IngestConfig config = parts.config();
        Router router = Router.router(vertx);
        Problems.on(router);
        router.route().handler(this::watch);
        router.get("/openapi.json").handler(context -> context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .end(parts.document()));
        BodyHandler body = BodyHandler.create(false).setBodyLimit(config.bodyBytes());
        for (Operation operation : parts.operations()) {
            router.route(operation.method(), operation.route())
                    .handler((PlatformHandler) context -> admit(context, operation))
                    .handler(body)
                    .handler(context -> work(context, operation));
        }
        server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(config.host())
                        .setPort(config.port() == 0 ? ANY_PORT_SHARED : config.port())
                        .setHttp2ClearTextEnabled(false)
                        .setMaxHeaderSize(HEADER_BYTES)
                        .setMaxInitialLineLength(URL_BYTES)
                        .setHandle100ContinueAutomatically(true)
                        .setIdleTimeoutUnit(TimeUnit.SECONDS)
                        .setIdleTimeout(IDLE_SECONDS))
                .connectionHandler(this::connected)
                .requestHandler(router);
        return server.listen().onSuccess(listening -> port.set(listening.actualPort()));
    }

    private void connected(HttpConnection connection) {
        if (parts.open().incrementAndGet() > parts.config().connectionsMax()) {
            parts.open().decrementAndGet();
            connection.close();
            return;
        }
        Patience patience = Patience.with(vertx, connection, parts.meters());
        connections.put(connection, patience);
        connection.closeHandler(closed -> {
            parts.open().decrementAndGet();
            connections.remove(connection);
            patience.end();
        });
    }

    private void watch(RoutingContext context) {
        Patience patience = connections.get(context.request().connection());
        if (patience != null) {
            long began = System.nanoTime();
            patience.head();
            // The response has one end handler, and the context takes it for all of its own.
            context.addEndHandler(ended -> {
                if (ended.succeeded()) {
                    patience.answered();
                    parts.meters().answered(Duration.ofNanos(System.nanoTime() - began));
                }
            });
        }
        context.next();
    }

    /** Before the body is read: who asks, whether they may, and whether there is room. */
    private void admit(RoutingContext context, Operation operation) {
        HttpServerRequest request = context.request();
        request.pause();
        context.addEndHandler(ended -> {
            context.put(OVER, true);
            Long held = context.remove(HELD);
            if (held != null) {
                parts.admission().leave(held);
            }
            parts.meters()
                    .count(
                            IngestMetric.REQUESTS,
                            operation.name(),
                            Integer.toString(context.response().getStatusCode()));
        });
        parts.callers().of(request).onComplete(found -> {
            if (context.data().containsKey(OVER)) {
                // The client has left: what is held for it from now on nobody would give back.
                return;
            }
            request.resume();
            try {
                if (found.failed()) {
                    throw asProblem(found.cause());
                }
                Caller caller = found.result();
                if (!caller.may(operation.scope())) {
                    throw new ProblemException(Problem.forbidden(
                            "This needs the scope " + operation.scope().text() + "."));
                }
                checkHead(request, operation);
                context.put(CALLER, caller);
                context.put(HELD, parts.admission().enter(announced(request)));
                context.next();
            } catch (ProblemException refused) {
                refuse(context, refused);
            }
        });
    }

    private static ProblemException asProblem(Throwable failure) {
        return failure instanceof ProblemException problem ? problem : new ProblemException(Problem.of(500));
    }

    // Before its body is here: so the connection goes with it, rather than read what nobody wants.
    private void refuse(RoutingContext context, ProblemException refused) {
        if (!context.request().isEnded()) {
            context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            // Not at once: what was not read would make a reset of it, which overtakes the answer.
            context.addEndHandler(told -> vertx.setTimer(
                    LINGER_MS, late -> context.request().connection().close()));
        }
        context.fail(refused);
    }

    private static void checkHead(HttpServerRequest request, Operation operation) {
        if (request.headers().contains(HttpHeaders.CONTENT_ENCODING)) {
            throw new ProblemException(Problem.of(415).at("Content-Encoding"));
        }
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (operation.body() && (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase(JSON))) {
            throw new ProblemException(Problem.of(415).at("Content-Type"));
        }
        if (request.query() != null) {
            throw Records.invalid("query", "There are no parameters here.");
        }
    }

    private long announced(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        long most = parts.config().bodyBytes();
        if (length == null) {
            return request.headers().contains(HttpHeaders.TRANSFER_ENCODING) ? most : 0;
        }
        // Netty has refused what is no number.
        return Math.min(most, Long.parseLong(length));
    }

    private void work(RoutingContext context, Operation operation) {
        Patience patience = connections.get(context.request().connection());
        if (patience != null) {
            patience.request();
        }
        Call call;
        Future<Answer> done;
        try {
            call = call(context, operation);
            parts.rates().take(call.caller(), operation.body() ? Notifications.count(call.body()) : 1);
            if (operation.writes() && !parts.writer().isKeepingUp()) {
                throw new ProblemException(
                        Problem.unavailable("Kafka does not keep up now. Send it again.", Duration.ofSeconds(5)));
            }
            done = call.idempotencyKey() == null
                    ? operation.work().apply(call)
                    : parts.idempotency().once(call, () -> operation.work().apply(call));
        } catch (RuntimeException refused) {
            context.fail(refused);
            return;
        }
        done.onComplete(result -> {
            if (result.failed()) {
                context.fail(result.cause());
            } else if (!context.response().closed()) {
                context.response()
                        .setStatusCode(result.result().status())
                        .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                        .end(result.result().body().toString());
            }
        });
    }

    private Call call(RoutingContext context, Operation operation) {
        Buffer bytes = context.body().buffer();
        byte[] body = bytes == null ? new byte[0] : bytes.getBytes();
        JsonNode json = null;
        if (operation.body()) {
            json = parts.bodies().read(bytes);
            if (!json.isObject()) {
                throw Records.invalid("", "Must be an object.");
            }
        } else if (body.length > 0) {
            throw Records.invalid("", "There is no body here.");
        }
        context.pathParams().forEach((name, value) -> {
            // NUL above all, which no query may hold.
            if (value.chars().anyMatch(Character::isISOControl)) {
                throw Records.invalid(name, "Has control characters.");
            }
        });
        String request = operation.method() + " " + context.request().path() + "\n";
        return new Call(
                operation,
                context.get(CALLER),
                context.pathParams(),
                json,
                Bytes.wrap(Sha256.of(request.getBytes(UTF_8), body)),
                idempotencyKey(context.request(), operation),
                Instant.ofEpochMilli(System.currentTimeMillis()),
                vertx.getOrCreateContext());
    }

    private static String idempotencyKey(HttpServerRequest request, Operation operation) {
        List<String> keys = request.headers().getAll(Idempotency.HEADER);
        if (keys.isEmpty() || operation.method().equals(HttpMethod.GET)) {
            return null;
        }
        String key = keys.get(0);
        boolean usable = keys.size() == 1
                && !key.isBlank()
                && key.length() <= Idempotency.MOST_CHARACTERS
                && key.chars().allMatch(character -> character >= ' ' && character < 0x7F);
        if (!usable) {
            throw Records.invalid(
                    Idempotency.HEADER,
                    "Must be one text of 1 to " + Idempotency.MOST_CHARACTERS + " printable ASCII characters.");
        }
        return key;
    }

    /** Takes no more connections, and answers what is here. */
    @Override
    public Future<?> stop() {
        return server.shutdown(GRACE_SECONDS, TimeUnit.SECONDS);
    }
}
