package io.herald.websocket;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Until when each HTTP connection has to have sent its request, or got its answer. An idle timeout would not do: who
 * sends a byte a second is never idle. Belongs on one event loop.
 */
final class RequestDeadlines {
    /** For the request and its answer together. */
    private static final Duration REQUEST = Duration.ofSeconds(30);
    /** For the next request over the same connection. */
    private static final Duration KEPT = Duration.ofSeconds(60);

    private final Duration first;
    private final Map<HttpConnection, Long> due = new HashMap<>();

    /**
     * Creates an empty set.
     *
     * @param first how long the head of the first request may take
     */
    RequestDeadlines(Duration first) {
        this.first = first;
    }

    void connected(HttpConnection connection) {
        set(connection, first);
        connection.closeHandler(nothing -> due.remove(connection));
    }

    /** A request is being answered; its connection may be kept for others. */
    void answering(HttpServerRequest request) {
        HttpConnection connection = request.connection();
        set(connection, REQUEST);
        request.response().endHandler(nothing -> {
            if (due.containsKey(connection)) {
                set(connection, KEPT);
            }
        });
    }

    /** The connection has become a socket or a stream, which are looked after elsewhere. */
    void release(HttpConnection connection) {
        due.remove(connection);
    }

    void tick() {
        long now = System.nanoTime();
        List<HttpConnection> late = due.entrySet().stream()
                .filter(entry -> now - entry.getValue() >= 0)
                .map(Map.Entry::getKey)
                .toList();
        late.forEach(connection -> {
            due.remove(connection);
            Cut.now(connection);
        });
    }

    private void set(HttpConnection connection, Duration after) {
        due.put(connection, System.nanoTime() + after.toNanos());
    }
}
