package io.herald.websocket;

import io.vertx.core.Future;

/** How frames get to one client: over a WebSocket, or a stream of server-sent events. Belongs on its event loop. */
interface Transport {
    /** Writes a frame; completes once the kernel took it. */
    Future<Void> write(Frame frame);

    /** Keeps whatever stands between from taking the connection for idle. */
    void ping();

    /** Returns whether the client answers {@link #ping}, so that silence means that it is gone. */
    boolean isAnswering();

    /** Says why and closes; the peer may take its time. */
    void close(CloseCode code, String reason);

    /** Cuts the connection. Closing by the protocol would wait behind whatever the peer does not read. */
    void abort();
}
