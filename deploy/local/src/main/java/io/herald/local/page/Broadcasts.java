package io.herald.local.page;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Reads how far broadcasts are. */
interface Broadcasts {
    /**
     * Returns how far the newest broadcast is, over all partitions of the mailbox; without an id if there is none.
     *
     * @throws UnavailableException if the database does not answer
     */
    ObjectNode newest();
}
