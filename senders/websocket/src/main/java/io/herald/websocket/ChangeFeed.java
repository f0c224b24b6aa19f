package io.herald.websocket;

/** Where changes of inboxes come from. */
interface ChangeFeed extends AutoCloseable {
    /** Hands every change from now on to {@code sink}; returns once it is certain where "now" is. */
    void start(ChangeSink sink);

    /** Returns whether changes are being read. */
    boolean isHealthy();

    @Override
    void close();
}
