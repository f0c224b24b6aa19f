package io.herald.websocket;

import io.herald.http.Identity;
import io.herald.http.JsonBodies;
import io.herald.http.JsonFields;
import io.herald.http.Problem;
import io.herald.http.ProblemException;
import io.herald.http.TokenException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Opens streams of server-sent events, for clients whose network lets no WebSocket through, and takes what those
 * acknowledge. What they do to their inbox comes in over the inbox API.
 */
record StreamDoor(Door door) {
    static final String PATH = "/v1/events";
    static final String ACKS = "/v1/acks";

    private static final String BEARER = "Bearer ";
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final int ACK_BYTES = 1024;
    private static final JsonBodies ACKS_READ = new JsonBodies(2);
    private static final int LONGEST_ID = 64;
    private static final int RETRY_MS = 1_000;
    private static final int RETRY_SPREAD_MS = 4_000;

    /** Opens a stream. */
    void open(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.GET)) {
            refuseMethod(request, "GET");
            return;
        }
        String last = request.getHeader(LAST_EVENT_ID);
        Position since = last == null ? null : Position.parse(last);
        if (last != null && since == null) {
            door.refuse(request, Problem.invalid(LAST_EVENT_ID, Position.RULE), "malformed");
        } else if (!door.isRefused(request)) {
            check(request, holder -> open(request, holder, since), () -> door.services()
                    .connections()
                    .release());
        }
    }

    private void open(HttpServerRequest request, Identity holder, Position since) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            door.services().connections().release();
            return;
        }
        response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store, no-transform")
                // nginx keeps answers back until there is enough of them, unless it is told otherwise.
                .putHeader("X-Accel-Buffering", "no")
                // Nothing else may come over this connection once the stream is over.
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        response.write(
                "retry: %d\n\n".formatted(RETRY_MS + ThreadLocalRandom.current().nextInt(RETRY_SPREAD_MS)));
        Connection connection = door.enter(request, new StreamTransport(request));
        // Not at the end of the answer: it is here until its peer has taken that, or is cut.
        request.connection().closeHandler(nothing -> door.left(connection));
        response.endHandler(nothing -> request.connection().close());
        connection.authenticated(holder, since);
    }

    /** Takes an acknowledgement of a stream of the same holder. */
    void acknowledge(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.POST)) {
            refuseMethod(request, "POST");
            return;
        }
        body(request, body -> check(request, holder -> acknowledge(request, holder, body), () -> {}));
    }

    private void acknowledge(HttpServerRequest request, Identity holder, Buffer body) {
        try {
            JsonFields ack = JsonFields.of(ACKS_READ.read(body));
            String connection = ack.text("connection", LONGEST_ID);
            long upTo = ack.number("upTo", 1, Long.MAX_VALUE);
            ack.end();
            Connection stream = door.services().connections().find(holder.user(), connection);
            if (stream == null) {
                // It is gone, or at another gateway; nothing is lost but a wait.
                Problem.notFound().answer(request.response());
            } else {
                door.services().connections().acknowledged(holder.user(), upTo);
                request.response().setStatusCode(204).end();
            }
        } catch (ProblemException invalid) {
            invalid.problem().answer(request.response());
        }
    }

    private static void refuseMethod(HttpServerRequest request, String allowed) {
        request.response().putHeader(HttpHeaders.ALLOW, allowed);
        Problem.of(405).answer(request.response());
    }

    private static void body(HttpServerRequest request, Consumer<Buffer> whole) {
        Buffer collected = Buffer.buffer();
        request.handler(part -> {
            if (collected.length() + part.length() > ACK_BYTES) {
                request.handler(nothing -> {}).endHandler(nothing -> {});
                request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
                Problem.of(413).answer(request.response());
            } else {
                collected.appendBuffer(part);
            }
        });
        request.endHandler(nothing -> whole.accept(collected));
    }

    /** Has the token checked; answers the request itself where it is not taken, after {@code refused}. */
    private void check(HttpServerRequest request, Consumer<Identity> taken, Runnable refused) {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            refused.run();
            Problem.unauthenticated("An Authorization header with a Bearer token.")
                    .answer(request.response());
            return;
        }
        door.services()
                .tokens()
                .check(authorization.substring(BEARER.length()).strip())
                .onComplete(checked -> door.context().runOnContext(nothing -> {
                    if (checked.succeeded()) {
                        taken.accept(checked.result());
                    } else {
                        refused.run();
                        problem(TokenException.from(checked.cause())).answer(request.response());
                    }
                }));
    }

    private static Problem problem(TokenException why) {
        return why.isUndecided()
                ? Problem.unavailable("Tokens cannot be checked at the moment.", Admission.retryAfter())
                : Problem.unauthenticated(why.getMessage());
    }
}
