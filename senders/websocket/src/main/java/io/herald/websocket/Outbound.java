package io.herald.websocket;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The way out to one socket. Frames that the peer has not taken yet are counted, and no more is queued past the limit.
 * {@link #send} is thread-safe; the rest belongs on the socket's event loop.
 */
final class Outbound {
    private static final Buffer NOTHING = Buffer.buffer();

    private final ServerWebSocket socket;
    private final Context context;
    private final int limit;
    private final AtomicLong total;
    private final AtomicLong waiting = new AtomicLong();
    private boolean closing;

    /**
     * Creates the way out.
     *
     * @param limit bytes that may wait
     * @param total bytes that wait at all sockets together; kept up to date
     */
    Outbound(ServerWebSocket socket, Context context, int limit, AtomicLong total) {
        this.socket = socket;
        this.context = context;
        this.limit = limit;
        this.total = total;
    }

    /**
     * Queues a frame, or returns false where too much waits already. A frame for a closed socket is dropped.
     *
     * @param written told whether a queued frame was written or dropped, once that is known
     */
    boolean send(String frame, Consumer<Boolean> written) {
        int bytes = ByteBufUtil.utf8Bytes(frame);
        if (waiting.addAndGet(bytes) > limit) {
            waiting.addAndGet(-bytes);
            return false;
        }
        total.addAndGet(bytes);
        // Through the event loop always: what one thread sends first goes out first.
        context.runOnContext(nothing -> write(frame).onComplete(done -> {
            waiting.addAndGet(-bytes);
            total.addAndGet(-bytes);
            written.accept(done.succeeded());
        }));
        return true;
    }

    private Future<Void> write(String frame) {
        // Nothing may follow a close frame.
        return closing ? Future.failedFuture("closing") : socket.writeTextMessage(frame);
    }

    void ping() {
        socket.writePing(NOTHING);
    }

    /** Closes by the protocol; the peer may take its time. */
    void close(CloseCode code, String reason) {
        closing = true;
        socket.close(code.code(), reason);
    }

    /** Says why and closes without waiting for the peer: it sent what cannot be decoded, so no answer can come. */
    void closeAtOnce(CloseCode code) {
        closing = true;
        ChannelFuture unused = channel().writeAndFlush(new CloseWebSocketFrame(code.code(), code.reason()));
    }

    /** Cuts the connection. Closing by the protocol would wait behind whatever the peer does not read. */
    void abort() {
        ChannelFuture unused = channel().close();
    }

    private ChannelHandlerContext channel() {
        return ((WebSocketInternal) socket).channelHandlerContext();
    }
}
