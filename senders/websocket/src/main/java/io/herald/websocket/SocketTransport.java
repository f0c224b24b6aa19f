package io.herald.websocket;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.util.function.Predicate;

/** Frames as messages of a WebSocket. */
record SocketTransport(ServerWebSocket socket) implements Transport {
    private static final Buffer NOTHING = Buffer.buffer();

    @Override
    public Future<Void> write(Frame frame) {
        return socket.writeTextMessage(frame.text());
    }

    @Override
    public void ping() {
        socket.writePing(NOTHING);
    }

    @Override
    public boolean isAnswering() {
        return true;
    }

    @Override
    public void close(CloseCode code, String reason) {
        socket.close(code.code(), reason);
    }

    /**
     * Says why where the bytes of the peer make no frame, and does not wait for an answer: none can come. Vert.x cuts
     * the connection when this returns. Any other fault means that it is cut already.
     *
     * @param isFirst told why it ends; says whether it was not ending already
     */
    void broken(Throwable fault, Predicate<CloseCode> isFirst) {
        if (fault instanceof CorruptedWebSocketFrameException corrupted) {
            CloseCode code = CloseCode.of(corrupted.closeStatus());
            if (isFirst.test(code)) {
                ChannelFuture unused = channel().writeAndFlush(new CloseWebSocketFrame(code.code(), code.reason()));
            }
        }
    }

    @Override
    public void abort() {
        ChannelFuture unused = channel().close();
    }

    private ChannelHandlerContext channel() {
        return ((WebSocketInternal) socket).channelHandlerContext();
    }
}
