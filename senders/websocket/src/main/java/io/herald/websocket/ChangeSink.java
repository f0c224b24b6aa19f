package io.herald.websocket;

import io.herald.schema.Realtime;

/** Where changes of inboxes go. Thread-safe. */
interface ChangeSink {
    /** Hands a change over, and returns to how many sockets it goes. */
    int push(Realtime change);

    /** Changes may have been missed. */
    void gap();
}
