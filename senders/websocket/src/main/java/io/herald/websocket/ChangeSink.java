package io.herald.websocket;

import io.herald.schema.Realtime;
import io.herald.wire.UserKey;

/** Where changes of inboxes go. Thread-safe. */
interface ChangeSink {
    /**
     * Returns whether changes of this user go anywhere; others need not be decoded, but where this gateway is asked.
     */
    boolean wants(UserKey user);

    /** Hands a change over, whether or not anybody wants it, and returns to how many sockets it goes. */
    int push(Realtime change);

    /** Changes may have been missed. */
    void gap();
}
