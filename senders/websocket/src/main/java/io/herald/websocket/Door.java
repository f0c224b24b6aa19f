package io.herald.websocket;

import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/**
 * What the ways in of one event loop have in common.
 *
 * @param context of the event loop
 * @param mine the connections that live on it
 */
record Door(Services services, Origins origins, Context context, Set<Connection> mine, RequestDeadlines deadlines) {
    /** Answers a request that may not come in; returns whether it did. */
    boolean isRefused(HttpServerRequest request) {
        if (request.query() != null) {
            // Addresses end up in logs: whoever puts a token there should notice before anybody else does.
            return refuse(request, 400, "query");
        }
        if (!origins.isAllowed(request)) {
            return refuse(request, 403, "origin");
        }
        String full = services.admission().refusal();
        if (full != null) {
            request.response().putHeader(HttpHeaders.RETRY_AFTER, Admission.retryAfter());
            return refuse(request, 503, full);
        }
        return false;
    }

    /** Answers a request with {@code status}, and counts it; returns true. */
    boolean refuse(HttpServerRequest request, int status, String reason) {
        services.meters().count(GatewayMetric.HANDSHAKES, reason);
        request.response().setStatusCode(status).end();
        return true;
    }

    /** Takes a connection in; its owner calls {@link #left}. */
    Connection enter(HttpServerRequest request, Transport transport) {
        services.meters().count(GatewayMetric.HANDSHAKES, "accepted");
        deadlines.release(request.connection());
        Connection connection = new Connection(services, transport, context);
        mine.add(connection);
        services.connections().opened(connection);
        return connection;
    }

    void left(Connection connection) {
        mine.remove(connection);
        connection.closed();
    }
}
