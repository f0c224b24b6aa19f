package io.herald.api;

import io.herald.wire.UserKey;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Reads inboxes and profiles. Thread-safe, never blocks. A future fails within some seconds where the database does not
 * answer; what it answers may lag behind the router.
 */
public interface InboxReader {
    /**
     * Returns all of an inbox, with the content of those items alone whose seq is above {@code above}.
     *
     * @param above what the caller has
     */
    Future<InboxSnapshot> snapshot(UserKey user, long above);

    /** Returns a page. */
    Future<InboxPage> page(UserKey user, InboxQuery query);

    /** Returns one item; nothing where it is not the user's, or gone. */
    Future<Optional<InboxRow>> item(UserKey user, long seq);

    /** Returns the summary; nothing for a user of whom there is none. */
    Future<Optional<InboxSummary>> summary(UserKey user);

    /** Returns the profile; nothing for a user of whom there is none. */
    Future<Optional<UserProfile>> profile(UserKey user);
}
