package io.herald.topology.audience;

import io.herald.schema.Gate;
import io.herald.schema.Profile;
import io.herald.schema.Reason;
import io.herald.topology.rules.Rule;
import java.util.Collections;
import java.util.Optional;

/** Decides whether an event is for this user at all. */
public final class Audience {
    private Audience() {}

    /**
     * Says why a user is not to hear of what {@code actor} did, or nothing if they are; a rule may let its category
     * pass.
     */
    public static Optional<Reason> excluded(String user, String actor, Profile profile, Rule rule) {
        if (actor == null) {
            return Optional.empty();
        }
        if (actor.equals(user)) {
            return rule.passes(Gate.OWN_ACT) ? Optional.empty() : Optional.of(Reason.OWN_ACT);
        }
        return Collections.binarySearch(profile.getBlockedActors(), actor) >= 0 && !rule.passes(Gate.BLOCK)
                ? Optional.of(Reason.BLOCKED_ACTOR)
                : Optional.empty();
    }
}
