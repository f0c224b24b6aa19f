package io.herald.websocket;

import io.herald.http.Tokens;
import io.herald.websocket.GatewayConfig.SocketLimits;
import io.vertx.core.Vertx;

/** What every connection of a gateway shares. */
record Services(
        String gatewayId,
        Vertx vertx,
        SocketLimits limits,
        Tokens tokens,
        CommandReader commands,
        Frames frames,
        Connections connections,
        InboxLog log,
        Resume resume,
        GatewayMeters meters) {}
