package io.herald.websocket;

import io.herald.http.Identity;
import io.herald.http.TokenException;
import io.herald.websocket.CommandReader.StreamAck;
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
            door.refuse(request, 400, "malformed");
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
        Connection connection = door.enter(request, new StreamTransport(response));
        // Vert.x tells of one of the two: of the cut, or of our end.
        response.closeHandler(nothing -> door.left(connection));
        response.endHandler(nothing -> {
            door.left(connection);
            request.connection().close();
        });
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

    private void acknowledge(HttpServerRequest request, Identity holder, String body) {
        try {
            StreamAck ack = door.services().commands().readAck(body);
            Connection stream = door.services().connections().find(holder.user(), ack.connection());
            if (stream == null) {
                // It is gone, or at another gateway; nothing is lost but a wait.
                request.response().setStatusCode(404).end();
            } else {
                door.services().connections().acknowledged(holder.user(), ack.upTo());
                request.response().setStatusCode(204).end();
            }
        } catch (InvalidCommandException invalid) {
            request.response().setStatusCode(400).end();
        }
    }

    private static void refuseMethod(HttpServerRequest request, String allowed) {
        request.response()
                .setStatusCode(405)
                .putHeader(HttpHeaders.ALLOW, allowed)
                .end();
    }

    private static void body(HttpServerRequest request, Consumer<String> whole) {
        Buffer collected = Buffer.buffer();
        request.handler(part -> {
            if (collected.length() + part.length() > ACK_BYTES) {
                request.handler(nothing -> {}).endHandler(nothing -> {});
                request.response()
                        .setStatusCode(413)
                        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                        .end();
            } else {
                collected.appendBuffer(part);
            }
        });
        request.endHandler(nothing -> whole.accept(collected.toString()));
    }

    /** Has the token checked; answers the request itself where it is not taken, after {@code refused}. */
    private void check(HttpServerRequest request, Consumer<Identity> taken, Runnable refused) {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            refused.run();
            unauthenticated(request, "Bearer");
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
                        refuse(request, TokenException.from(checked.cause()));
                    }
                }));
    }

    private static void refuse(HttpServerRequest request, TokenException why) {
        if (why.isUndecided()) {
            request.response()
                    .setStatusCode(503)
                    .putHeader(HttpHeaders.RETRY_AFTER, Admission.retryAfter())
                    .end();
        } else {
            unauthenticated(request, "Bearer error=\"invalid_token\", error_description=\"" + why.getMessage() + "\"");
        }
    }

    private static void unauthenticated(HttpServerRequest request, String challenge) {
        request.response()
                .setStatusCode(401)
                .putHeader("WWW-Authenticate", challenge)
                .end();
    }
}
