package io.herald.websocket;

import io.herald.websocket.WebFiles.WebFile;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Serves {@link WebFiles}, and hands every other request on. Nothing in them is secret, so they need no token; a query
 * is of no meaning and ignored.
 */
final class WebPages implements Handler<HttpServerRequest> {
    /** Browsers ask each time whether there is a newer one: a module never meets one of another version. */
    private static final String CACHED = "no-cache";

    private final String policy;
    private final Handler<HttpServerRequest> others;

    /**
     * Creates them.
     *
     * @param origins of pages that may show the preference centre in a frame
     * @param others answers what is no file
     */
    WebPages(Set<String> origins, Handler<HttpServerRequest> others) {
        String embedders = origins.stream().sorted().collect(Collectors.joining(" "));
        this.policy = String.join(
                "; ",
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "connect-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors " + (embedders.isEmpty() ? "'none'" : embedders));
        this.others = others;
    }

    @Override
    public void handle(HttpServerRequest request) {
        WebFile file = WebFiles.all().get(request.path());
        if (file == null) {
            others.handle(request);
        } else if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            request.response()
                    .setStatusCode(405)
                    .putHeader(HttpHeaders.ALLOW, "GET, HEAD")
                    .end();
        } else {
            send(file, request);
        }
    }

    private void send(WebFile file, HttpServerRequest request) {
        HttpServerResponse response = request.response();
        response.putHeader(HttpHeaders.ETAG, file.tag())
                .putHeader(HttpHeaders.CACHE_CONTROL, CACHED)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer");
        if (file.path().startsWith(WebFiles.CLIENT)) {
            // Modules of another origin are only loaded where that is allowed; there is nothing of any user in them.
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                    .putHeader("Cross-Origin-Resource-Policy", "cross-origin");
        } else {
            response.putHeader("Content-Security-Policy", policy);
        }
        if (file.tag().equals(request.getHeader(HttpHeaders.IF_NONE_MATCH))) {
            response.setStatusCode(304).end();
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, file.type());
            if (request.method().equals(HttpMethod.HEAD)) {
                response.end();
            } else {
                response.end(file.content());
            }
        }
    }
}
