package io.herald.websocket;

import io.herald.api.Writes;
import io.herald.schema.GatewayLeased;
import io.herald.schema.InboxActed;
import io.herald.schema.PresenceChanged;
import io.herald.schema.SocketReported;
import io.herald.wire.Heard;
import java.util.concurrent.CompletionStage;

/** Where the gateway writes what its clients did and were shown. Thread-safe; never blocks. */
interface InboxLog extends AutoCloseable, Writes.UserLog {
    /**
     * Writes an act. The stage completes with its receipt once the log has it for good; it fails where that is not
     * known within some seconds, and then the act may have been written or not.
     */
    CompletionStage<Heard> acted(InboxActed acted);

    /** Writes that a socket opened or closed; completes as {@link #acted}. */
    CompletionStage<Void> presence(PresenceChanged changed);

    /** Writes whether an item was shown, where the router asked; completes as {@link #acted}. */
    CompletionStage<Void> reported(SocketReported report);

    /** Writes that this gateway lives; completes as {@link #acted}. */
    CompletionStage<Void> leased(GatewayLeased lease);

    /** Writes what is left, for some seconds at most. */
    @Override
    void close();
}
