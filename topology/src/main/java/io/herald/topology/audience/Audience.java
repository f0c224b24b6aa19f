package io.herald.topology.audience;

import io.herald.schema.Profile;
import io.herald.schema.Reason;
import java.util.Collections;
import java.util.Optional;

/** Decides whether an event is for this user at all. */
public final class Audience {
    private Audience() {}

    /** Says why a user is not to hear of what {@code actor} did, or nothing if they are. */
    public static Optional<Reason> excluded(String user, String actor, Profile profile) {
        if (actor == null) {
            return Optional.empty();
        }
        if (actor.equals(user)) {
            return Optional.of(Reason.OWN_ACT);
        }
        return Collections.binarySearch(profile.getBlockedActors(), actor) >= 0
                ? Optional.of(Reason.BLOCKED_ACTOR)
                : Optional.empty();
    }
}
