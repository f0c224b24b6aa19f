package io.herald.websocket;

import io.herald.schema.InboxActed;
import io.herald.schema.PresenceChanged;
import io.herald.schema.SocketReported;
import java.util.concurrent.CompletionStage;

/** Where the gateway writes what its clients did and were shown. Thread-safe; never blocks. */
interface InboxLog extends AutoCloseable {
    /**
     * Writes an act. The stage completes once the log has it for good; it fails where that is not known within some
     * seconds, and then the act may have been written or not.
     */
    CompletionStage<Void> acted(InboxActed acted);

    /** Writes that a socket opened or closed; completes as {@link #acted}. */
    CompletionStage<Void> presence(PresenceChanged changed);

    /** Writes whether an item was shown, where the router asked; completes as {@link #acted}. */
    CompletionStage<Void> reported(SocketReported report);

    /** Writes what is left, for some seconds at most. */
    @Override
    void close();
}
