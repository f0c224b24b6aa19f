package io.herald.local.page;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Reads inboxes. */
interface Inboxes {
    /**
     * Returns the newest items of a user, newest first, and the counts. An inbox that nothing ever came to is empty.
     *
     * @throws UnavailableException if the database does not answer
     */
    ObjectNode of(String user);
}
