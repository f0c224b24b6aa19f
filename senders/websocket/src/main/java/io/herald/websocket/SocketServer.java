package io.herald.websocket;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes sockets and streams, and hands every other request on. Runs once for each event loop, and looks after the
 * connections of that loop.
 */
final class SocketServer extends VerticleBase {
    /** The subprotocol that the server speaks, and selects where a client offers any. */
    static final String PROTOCOL = "herald.v1";

    // Far above the message limit: what is only a bit too big is then closed by the protocol, not by a cut.
    private static final int FRAME_BYTES = 128 * 1024;
    private static final int HEADER_BYTES = 16 * 1024;
    private static final int URL_BYTES = 2048;
    private static final int CLOSING_SECONDS = 3;
    // Vert.x gives all instances of a verticle the same free port for the same negative number.
    private static final int ANY_PORT_SHARED = -1;
    private static final long LONGEST_TICK_MS = 100;
    private static final int TICKS_A_HEARTBEAT = 10;

    private final GatewayConfig config;
    private final Services services;
    private final Handler<HttpServerRequest> others;
    private final AtomicInteger port;
    private final RequestDeadlines deadlines;
    private final Set<Connection> mine;
    private final Origins origins;
    private HttpServer server;
    private SocketDoor sockets;
    private StreamDoor streams;

    /**
     * Creates a server.
     *
     * @param others answers every request that is not for this server; it is called on the event loop
     * @param port told which port was taken
     */
    SocketServer(GatewayConfig config, Services services, Handler<HttpServerRequest> others, AtomicInteger port) {
        this.config = config;
        this.services = services;
        this.others = others;
        this.port = port;
        this.deadlines = new RequestDeadlines(config.limits().authTimeout());
        this.mine = services.connections().loop();
        this.origins = new Origins(config.origins());
    }

    @Override
    public Future<?> start() {
        Door door = new Door(services, origins, context, mine, deadlines);
        sockets = new SocketDoor(door);
        streams = new StreamDoor(door);
        HttpServerOptions options = options(FRAME_BYTES)
                .setHost(config.host())
                .setPort(config.port() == 0 ? ANY_PORT_SHARED : config.port())
                .setAcceptBacklog(config.admittance().backlog());
        server = vertx.createHttpServer(options)
                .connectionHandler(deadlines::connected)
                .requestHandler(this::handle);
        long heartbeat = config.limits().heartbeat().toMillis();
        vertx.setPeriodic(Math.max(1, Math.min(LONGEST_TICK_MS, heartbeat / TICKS_A_HEARTBEAT)), nothing -> tick());
        return server.listen().onSuccess(listening -> port.set(listening.actualPort()));
    }

    /** Returns how frames are read and written, apart from where. */
    static HttpServerOptions options(int frameBytes) {
        return new HttpServerOptions()
                .setHttp2ClearTextEnabled(false)
                .setMaxHeaderSize(HEADER_BYTES)
                .setMaxInitialLineLength(URL_BYTES)
                .setMaxWebSocketFrameSize(frameBytes)
                .setMaxWebSocketMessageSize(frameBytes)
                // 101 KB a socket instead of 8, measured.
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setWebSocketSubProtocols(List.of(PROTOCOL))
                .setWebSocketClosingTimeout(CLOSING_SECONDS);
    }

    private void handle(HttpServerRequest request) {
        deadlines.answering(request);
        if (origins.answer(request)) {
            return;
        }
        switch (request.path()) {
            case SocketDoor.PATH -> sockets.handle(request);
            case StreamDoor.PATH -> streams.open(request);
            case StreamDoor.ACKS -> streams.acknowledge(request);
            default -> others.handle(request);
        }
    }

    private void tick() {
        deadlines.tick();
        mine.forEach(Connection::tick);
    }

    @Override
    public Future<?> stop() {
        return server.close();
    }
}
