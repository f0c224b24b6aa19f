package io.herald.topology.audience;

import io.herald.schema.Profile;
import io.herald.schema.SubscriptionChanged;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Which topics a user hears of. A topic is a path; who subscribes to {@code sports} hears of all below it. */
public final class Subscriptions {
    /** How many topics a user may subscribe to; what comes later is not taken in. */
    public static final int MOST = 1_000;

    private Subscriptions() {}

    /**
     * Returns {@code profile} with a subscription begun or ended, or nothing if it stays as it is: the same change
     * again, or one subscription too many. The profile given is not touched.
     */
    public static Optional<Profile> apply(Profile profile, SubscriptionChanged change) {
        int found = Collections.binarySearch(profile.getSubscriptions(), change.getTopic());
        if ((found >= 0) == change.getSubscribed()) {
            return Optional.empty();
        }
        List<String> next = new ArrayList<>(profile.getSubscriptions());
        if (found >= 0) {
            next.remove(found);
        } else if (next.size() >= MOST) {
            return Optional.empty();
        } else {
            next.add(-found - 1, change.getTopic());
        }
        return Optional.of(Profile.newBuilder(profile)
                .setVersion(profile.getVersion() + 1)
                .setSubscriptions(next)
                .build());
    }

    /** Returns the topics whose subscribers hear of {@code topic}, itself first: a/b/c, a/b, a. */
    public static List<String> prefixes(String topic) {
        List<String> prefixes = new ArrayList<>();
        for (int end = topic.length(); end > 0; end = topic.lastIndexOf('/', end - 1)) {
            prefixes.add(topic.substring(0, end));
        }
        return prefixes;
    }

    /**
     * Returns the subscription by which a user hears of {@code topic}, the most specific of several. A walk over the
     * subscribers of all its prefixes meets such a user several times; this names the one time that counts.
     */
    public static Optional<String> reachedBy(Profile profile, String topic) {
        return prefixes(topic).stream()
                .filter(prefix -> Collections.binarySearch(profile.getSubscriptions(), prefix) >= 0)
                .findFirst();
    }
}
