package io.herald.websocket;

import io.herald.wire.UserKey;
import io.vertx.core.Future;

/**
 * Reads what clients have missed while they were away. The connection does the rest: it keeps back what changes
 * meanwhile, asks for the missed once the router said up to where ({@code atLeast}), and sends both in order.
 */
interface Resume {
    /**
     * Reads what {@code user} has not got. Called on the connection's event loop, which it must not block.
     *
     * @param since what the client has
     * @param atLeast the highest seq that the router had given when it first sent changes to this gateway for this
     *     connection: what is read must reach it. Where the database is behind, this waits, for two seconds at most
     * @return what was missed; completes on any thread. A failure counts as {@link Missed.Why#UNAVAILABLE}; the
     *     implementation has logged it
     */
    Future<Missed> missed(UserKey user, Position since, long atLeast);

    /** Without a database everybody reads the inbox anew. */
    static Future<Missed> unavailable(UserKey user, Position since, long atLeast) {
        return Future.succeededFuture(new Missed.Unknown(Missed.Why.UNAVAILABLE));
    }
}
