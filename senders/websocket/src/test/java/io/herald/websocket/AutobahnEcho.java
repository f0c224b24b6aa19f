package io.herald.websocket;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the Autobahn test suite talks to: an echo that takes in frames as the gateway does, with its server options, its
 * {@link MessageReader} and its way to close. Only the limits are higher, as some cases send 16 MB, and messages of
 * bytes are taken, as a third of the cases send them. Run by {@code scripts/autobahn}.
 */
public final class AutobahnEcho {
    private static final int LIMIT = 17 * 1024 * 1024;

    private AutobahnEcho() {}

    /** Takes the port. */
    public static void main(String[] arguments) throws Exception {
        HttpServerOptions options =
                SocketServer.options(LIMIT).setHost("127.0.0.1").setPort(Integer.parseInt(arguments[0]));
        Vertx.vertx()
                .createHttpServer(options)
                .webSocketHandler(AutobahnEcho::echo)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private static void echo(ServerWebSocket socket) {
        SocketTransport transport = new SocketTransport(socket);
        AtomicBoolean closing = new AtomicBoolean();
        MessageReader messages = MessageReader.ofBoth(
                LIMIT, text -> transport.write(Frame.of("echo", text, 0, null)), socket::writeBinaryMessage, code -> {
                    if (closing.compareAndSet(false, true)) {
                        transport.close(code, code.reason());
                    }
                });
        socket.frameHandler(frame -> {
            if (!closing.get()) {
                messages.read(frame);
            }
        });
        socket.exceptionHandler(fault -> transport.broken(fault, code -> closing.compareAndSet(false, true)));
    }
}
