package io.herald.topology.router;

import io.herald.schema.Activity;
import io.herald.schema.FirstCopy;
import io.herald.schema.Pending;
import io.herald.schema.Profile;
import io.herald.topology.content.Templates;
import io.herald.wire.UserKey;
import java.time.Instant;
import java.util.Optional;

/** What planning may read. Nothing that it returns may be changed: others read the same objects. */
public interface RouterState {
    /** Returns what a user told us; an empty profile for one who never did. */
    Profile profile(UserKey user);

    /** Returns what Herald did for a user; empty for one it never met. */
    Activity activity(UserKey user);

    /** Returns the first copy of a notification within the reach of the dedup window. */
    Optional<FirstCopy> firstCopy(UserKey user, String notificationId, Instant now);

    /** Returns the payload that an agenda entry refers to. */
    Optional<Pending> pending(UserKey user, String id);

    /** Returns the templates in force. */
    Templates templates();
}
