package io.herald.websocket;

import io.netty.channel.ChannelFuture;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/**
 * Ends HTTP connections at once. Vert.x's own close waits until the peer has taken what was written: a peer that takes
 * nothing would keep its connection, and the bytes that wait for it, for as long as it likes.
 */
final class Cut {
    private Cut() {}

    static void now(HttpConnection connection) {
        ChannelFuture unused =
                ((HttpServerConnection) connection).channelHandlerContext().close();
    }
}
