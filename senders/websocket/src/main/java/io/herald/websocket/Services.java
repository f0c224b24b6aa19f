package io.herald.websocket;

import io.herald.websocket.GatewayConfig.SocketLimits;

/** What every connection of a gateway shares. */
record Services(
        String gatewayId,
        String instance,
        SocketLimits limits,
        TokenChecks tokens,
        Admission admission,
        CommandReader commands,
        Frames frames,
        Connections connections,
        InboxLog log,
        Resume resume,
        GatewayMeters meters) {}
