package io.herald.websocket;

import io.herald.wire.UserKey;
import io.vertx.core.Future;

/**
 * Reads what clients have missed while they were away. The connection does the rest: it keeps back what changes
 * meanwhile, asks for the missed once the router said up to where, and sends both in order.
 */
interface Resume {
    /**
     * Reads what {@code user} has not got. Called on the connection's event loop, which it must not block.
     *
     * @param since what the client has
     * @param atLeast how far the inbox was when the router first sent this connection's changes to this gateway: what
     *     is read must reach both its seq and its version. Where the database is behind, this waits, for two seconds at
     *     most. The epoch is not said
     * @return what was missed; completes on any thread. A failure counts as {@link Missed.Why#UNAVAILABLE}; the
     *     implementation has logged it
     */
    Future<Missed> missed(UserKey user, Position since, Position atLeast);

    /** Without a database everybody reads the inbox anew. */
    static Future<Missed> unavailable(UserKey user, Position since, Position atLeast) {
        return Future.succeededFuture(new Missed.Unknown(Missed.Why.UNAVAILABLE));
    }
}
