package io.herald.websocket;

import io.herald.http.Problem;
import io.vertx.core.Context;
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
            return refuse(request, Problem.invalid("query", "This address takes none, and no token."), "query");
        }
        if (!origins.isAllowed(request)) {
            return refuse(request, Problem.forbidden("Pages of this origin may not use it."), "origin");
        }
        String full = services.admission().refusal();
        if (full != null) {
            return refuse(request, Problem.unavailable("No room for now.", Admission.retryAfter()), full);
        }
        return false;
    }

    /** Answers a request with why it may not come in, and counts it; returns true. */
    boolean refuse(HttpServerRequest request, Problem why, String reason) {
        services.meters().count(GatewayMetric.HANDSHAKES, reason);
        why.answer(request.response());
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
