package io.herald.websocket;

import io.herald.http.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.util.Arrays;

/** Answers handshakes of WebSockets. */
record SocketDoor(Door door) {
    static final String PATH = "/v1/socket";
    /** Prefix of the subprotocol by which a page hands over its token; it is never selected. */
    private static final String TOKEN_PREFIX = "bearer.";
    /** Prefix of the subprotocol by which a client says what it has. */
    private static final String SINCE_PREFIX = "since.";

    void handle(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.GET) || request.getHeader(HttpHeaders.UPGRADE) == null) {
            door.refuse(request, Problem.of(426), "no_upgrade");
            return;
        }
        String since = offered(request, SINCE_PREFIX);
        Position position = since == null ? null : Position.parse(since);
        if (since != null && position == null) {
            door.refuse(request, Problem.invalid("since", Position.RULE), "malformed");
        } else if (!door.isRefused(request)) {
            String token = offered(request, TOKEN_PREFIX);
            request.toWebSocket().onComplete(upgraded -> {
                if (upgraded.succeeded()) {
                    open(request, upgraded.result(), token, position);
                } else {
                    door.services().meters().count(GatewayMetric.HANDSHAKES, "malformed");
                    door.services().connections().release();
                }
            });
        }
    }

    private void open(HttpServerRequest request, ServerWebSocket socket, String token, Position since) {
        // Vert.x keeps them for as long as the socket lives: a kilobyte or two each, and the token.
        request.headers().clear();
        SocketTransport transport = new SocketTransport(socket);
        Connection connection = door.enter(request, transport);
        socket.closeHandler(nothing -> door.left(connection));
        new SocketInput(door.services(), transport, connection, door.context()).open(token, since);
    }

    private static String offered(HttpServerRequest request, String prefix) {
        return request.headers().getAll("Sec-WebSocket-Protocol").stream()
                .flatMap(offered -> Arrays.stream(offered.split(",", -1)))
                .map(String::strip)
                .filter(offered -> offered.startsWith(prefix))
                .map(offered -> offered.substring(prefix.length()))
                .findFirst()
                .orElse(null);
    }
}
