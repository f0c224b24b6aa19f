package io.herald.local.page;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Lets in what the page itself sends, and nothing that another page could make a browser send: names other than
 * loopback's (a rebound DNS name), other origins, and forms. Puts the protecting headers on every answer.
 */
final class Doorman implements Handler<RoutingContext> {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    private final String policy;

    Doorman(URI gateway) {
        String sockets = gateway.getScheme() + "://" + gateway.getRawAuthority();
        String requests = sockets.replaceFirst("^ws", "http");
        policy = String.join(
                "; ",
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "img-src 'self' data:",
                "connect-src 'self' " + sockets + " " + requests,
                "frame-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'");
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        protect(context.response());
        if (!isLoopback(request)) {
            PageApi.refuse(context, 421, "host", "must be a name of this machine's loopback interface");
        } else if (isForeign(request)) {
            PageApi.refuse(context, 403, "origin", "must be this page");
        } else if (request.method().equals(HttpMethod.POST) && !isJson(request)) {
            PageApi.refuse(context, 415, "content-type", "must be application/json");
        } else {
            context.next();
        }
    }

    private void protect(HttpServerResponse response) {
        response.putHeader("Content-Security-Policy", policy)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader("Cache-Control", "no-store");
    }

    private static boolean isLoopback(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
        return hosts.size() == 1 && LOOPBACK.contains(name(hosts.get(0)));
    }

    private static boolean isForeign(HttpServerRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        String site = request.getHeader("Sec-Fetch-Site");
        boolean other = origin != null && !origin.equalsIgnoreCase("http://" + request.getHeader(HttpHeaders.HOST));
        return other || ("cross-site".equals(site) && request.path().startsWith("/api/"));
    }

    private static boolean isJson(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        return type != null && type.toLowerCase(Locale.ROOT).matches("application/json\\s*(;.*)?");
    }

    /** Returns the name in a Host header, without the port. */
    private static String name(String host) {
        return host.toLowerCase(Locale.ROOT).replaceFirst(":\\d{1,5}$", "");
    }
}
