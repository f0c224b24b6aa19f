package io.herald.websocket;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Set;

/**
 * Which pages may use the gateway: those of the origins on the list, compared exactly (WHATWG Fetch, CORS protocol).
 */
record Origins(Set<String> allowed) {
    private static final String METHODS = "GET, POST, PUT, PATCH, DELETE";
    private static final String HEADERS = "authorization, content-type, idempotency-key, if-match, last-event-id";
    private static final String EXPOSED = "herald-receipt, herald-behind, retry-after";
    private static final String REMEMBERED_SECONDS = "600";

    /**
     * Returns whether the page that a request comes from, if it comes from one, is on the list. An allow-list by prefix
     * or suffix would let {@code https://evil-example.com} in.
     */
    boolean isAllowed(HttpServerRequest request) {
        List<String> sent = request.headers().getAll(HttpHeaders.ORIGIN);
        return sent.isEmpty() || (sent.size() == 1 && allowed.contains(sent.get(0)));
    }

    /** Lets pages on the list read the answer. Returns whether the request only asked for that, and is answered. */
    boolean answer(HttpServerRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null || !isAllowed(request)) {
            return false;
        }
        HttpServerResponse response = request.response()
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                .putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED)
                .putHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        boolean isPreflight = request.method().equals(HttpMethod.OPTIONS)
                && request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD) != null;
        if (isPreflight) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
                    .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, HEADERS)
                    .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, REMEMBERED_SECONDS)
                    .setStatusCode(204)
                    .end();
        }
        return isPreflight;
    }
}
