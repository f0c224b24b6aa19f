package io.herald.websocket;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;

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

    /** Says why and closes without waiting for the peer: it sent what cannot be decoded, so no answer can come. */
    void closeAtOnce(CloseCode code) {
        ChannelFuture unused = channel().writeAndFlush(new CloseWebSocketFrame(code.code(), code.reason()));
    }

    @Override
    public void abort() {
        ChannelFuture unused = channel().close();
    }

    private ChannelHandlerContext channel() {
        return ((WebSocketInternal) socket).channelHandlerContext();
    }
}
