package io.herald.websocket;

import io.herald.schema.InboxAct;
import java.util.List;

/** What a client asks for. {@link CommandReader} reads it. */
sealed interface Command {
    /**
     * Says who the client is; also renews a token that is about to run out.
     *
     * @param token a JWT
     */
    record Authenticate(String token) implements Command {
        @Override
        public String toString() {
            // Records print all they hold, and a token belongs into no log.
            return "Authenticate";
        }
    }

    /**
     * Does something to inbox items.
     *
     * @param id chosen by the client, comes back with the answer
     * @param seqs the items; may be empty when there is a bound
     * @param upTo all items up to this one, or null
     */
    record Act(String id, InboxAct act, List<Long> seqs, Long upTo) implements Command {}

    /** Says that every item up to here has arrived. */
    record Acknowledge(long upTo) implements Command {}

    /** Asks for what is missing. */
    record Resume(Position since) implements Command {}

    /** Asks for a sign of life: pages cannot see the pings of the protocol. */
    record Ping() implements Command {}
}
