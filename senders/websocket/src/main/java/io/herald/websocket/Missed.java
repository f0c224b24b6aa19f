package io.herald.websocket;

import io.herald.schema.Realtime;
import java.util.List;

/** What {@link Resume} found out. */
sealed interface Missed {
    /**
     * Everything that the client has not got.
     *
     * @param changes new items in order of seq, each with its mark where it has one; then marks of items that the
     *     client has, where they are newer than what it knows. Few: an inbox keeps a hundred items
     * @param lastSeq complete up to here; at least what was asked for
     * @param unread as of then
     * @param version of the inbox as of then
     * @param epoch of the inbox
     */
    record Changes(List<Realtime> changes, long lastSeq, int unread, long version, int epoch) implements Missed {
        public Changes {
            changes = List.copyOf(changes);
        }
    }

    /** The client has to read its inbox anew. */
    record Unknown(Why why) implements Missed {}

    /** Why a client has to read its inbox anew. */
    enum Why {
        /** The inbox has another epoch now: its history was cut. */
        OTHER_EPOCH,
        /** The client was away for longer than the inbox keeps. */
        TOO_OLD,
        /** The database is behind the router for longer than anybody should wait. */
        BEHIND,
        /** The database does not answer, or there is none. */
        UNAVAILABLE,
        /** The router did not say in time up to where the client has to be brought. */
        NO_HELLO,
        /** So much changed meanwhile that it is not kept. */
        TOO_MUCH
    }
}
