package io.herald.websocket;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers handshakes at {@value #PATH}, and hands everything else on. Runs once for each event loop. */
final class SocketServer extends VerticleBase {
    static final String PATH = "/v1/socket";
    /** The subprotocol that the server speaks, and selects where a client offers any. */
    static final String PROTOCOL = "herald.v1";
    /** Prefix of the subprotocol by which a page hands over its token; it is never selected. */
    static final String TOKEN_PREFIX = "bearer.";

    // Far above the message limit: what is only a bit too big is then closed by the protocol, not by a cut.
    private static final int FRAME_BYTES = 128 * 1024;
    private static final int HEADER_BYTES = 16 * 1024;
    private static final int URL_BYTES = 1024;
    private static final int CLOSING_SECONDS = 3;
    // Vert.x gives all instances of a verticle the same free port for the same negative number.
    private static final int ANY_PORT_SHARED = -1;
    // Only until the upgrade: an open socket says something in each heartbeat, or is closed.
    private static final int IDLE_HEARTBEATS = 4;

    private final GatewayConfig config;
    private final Services services;
    private final Handler<HttpServerRequest> others;
    private final AtomicInteger port;
    private HttpServer server;

    /**
     * Creates a server.
     *
     * @param others answers every request that is not for this server
     * @param port told which port was taken
     */
    SocketServer(GatewayConfig config, Services services, Handler<HttpServerRequest> others, AtomicInteger port) {
        this.config = config;
        this.services = services;
        this.others = others;
        this.port = port;
    }

    @Override
    public Future<?> start() {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(config.host())
                .setPort(config.port() == 0 ? ANY_PORT_SHARED : config.port())
                .setHttp2ClearTextEnabled(false)
                .setMaxHeaderSize(HEADER_BYTES)
                .setMaxInitialLineLength(URL_BYTES)
                .setMaxWebSocketFrameSize(FRAME_BYTES)
                .setMaxWebSocketMessageSize(FRAME_BYTES)
                // 101 KB a socket instead of 8, measured.
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setWebSocketSubProtocols(List.of(PROTOCOL))
                .setWebSocketClosingTimeout(CLOSING_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(Math.toIntExact(config.limits().heartbeat().toMillis() * IDLE_HEARTBEATS));
        server = vertx.createHttpServer(options).requestHandler(this::handle);
        return server.listen().onSuccess(listening -> port.set(listening.actualPort()));
    }

    private void handle(HttpServerRequest request) {
        if (!request.path().equals(PATH)) {
            others.handle(request);
            return;
        }
        String refusal = refusal(request);
        if (refusal != null) {
            services.meters().count(GatewayMetric.HANDSHAKES, refusal);
            return;
        }
        request.toWebSocket().onComplete(upgraded -> {
            services.meters().count(GatewayMetric.HANDSHAKES, upgraded.succeeded() ? "accepted" : "malformed");
            if (upgraded.succeeded()) {
                new Connection(services, upgraded.result()).open(token(request));
            } else {
                services.connections().release();
            }
        });
    }

    /** Answers a request that gets no socket and returns why; returns null where it gets one. */
    private String refusal(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.GET) || request.getHeader(HttpHeaders.UPGRADE) == null) {
            return refuse(request, 426, "no_upgrade");
        }
        if (request.query() != null) {
            // Addresses end up in logs: whoever puts a token there should notice before anybody else does.
            return refuse(request, 400, "query");
        }
        if (!originAllowed(request.headers().getAll(HttpHeaders.ORIGIN), config.origins())) {
            return refuse(request, 403, "origin");
        }
        if (!services.connections().tryAdmit()) {
            request.response().putHeader(HttpHeaders.RETRY_AFTER, "5");
            return refuse(request, 503, "full");
        }
        return null;
    }

    private static String refuse(HttpServerRequest request, int status, String reason) {
        request.response().setStatusCode(status).end();
        return reason;
    }

    /** Exact comparison: an allow-list by prefix or suffix lets {@code https://evil-example.com} in. */
    static boolean originAllowed(List<String> sent, Set<String> allowed) {
        return sent.isEmpty() || (sent.size() == 1 && allowed.contains(sent.get(0)));
    }

    private static String token(HttpServerRequest request) {
        return request.headers().getAll("Sec-WebSocket-Protocol").stream()
                .flatMap(offered -> Arrays.stream(offered.split(",", -1)))
                .map(String::strip)
                .filter(offered -> offered.startsWith(TOKEN_PREFIX))
                .map(offered -> offered.substring(TOKEN_PREFIX.length()))
                .findFirst()
                .orElse(null);
    }

    @Override
    public Future<?> stop() {
        return server.close();
    }
}
