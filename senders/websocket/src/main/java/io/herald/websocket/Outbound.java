package io.herald.websocket;

import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The way out to one client. Frames that the peer has not taken yet are counted, and no more is queued past the limit.
 * Belongs on the client's event loop.
 */
final class Outbound {
    private final Transport transport;
    private final int limit;
    private final AtomicLong total;
    private long waiting;
    private boolean closing;

    /**
     * Creates the way out.
     *
     * @param limit bytes that may wait
     * @param total bytes that wait for all clients together; kept up to date
     */
    Outbound(Transport transport, int limit, AtomicLong total) {
        this.transport = transport;
        this.limit = limit;
        this.total = total;
    }

    /**
     * Queues a frame, or returns false where too much waits already. A frame for a closed client is dropped.
     *
     * @param written told whether a queued frame was written or dropped, once that is known
     */
    boolean send(Frame frame, Consumer<Boolean> written) {
        int bytes = frame.bytes();
        if (waiting + bytes > limit) {
            return false;
        }
        waiting += bytes;
        total.addAndGet(bytes);
        write(frame).onComplete(done -> {
            waiting -= bytes;
            total.addAndGet(-bytes);
            written.accept(done.succeeded());
        });
        return true;
    }

    private Future<Void> write(Frame frame) {
        // Nothing may follow a close frame.
        return closing ? Future.failedFuture("closing") : transport.write(frame);
    }

    /** Returns whether the peer has taken everything. */
    boolean isEmpty() {
        return waiting == 0;
    }

    void ping() {
        if (!closing) {
            transport.ping();
        }
    }

    /** Closes; nothing is sent from here on. */
    void close(CloseCode code, String reason) {
        if (!closing) {
            closing = true;
            transport.close(code, reason);
        }
    }

    /** Sends nothing from here on; somebody else has closed. */
    void shut() {
        closing = true;
    }
}
