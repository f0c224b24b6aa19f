package io.herald.api;

import io.herald.http.RateLimit;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often each user may ask. Who asks after so many others that they are forgotten begins anew, with a full bucket.
 * Thread-safe.
 */
final class UserRates {
    private static final int MOST = 50_000;
    private static final float LOAD = 0.75f;

    private final int perSecond;
    private final int burst;
    private final Map<UserKey, RateLimit> buckets;

    UserRates(int perSecond, int burst) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.buckets = new LinkedHashMap<>(16, LOAD, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<UserKey, RateLimit> eldest) {
                return size() > MOST;
            }
        };
    }

    /** Lets a user ask and returns nothing to wait for, or returns how long they have to wait. */
    synchronized Duration ask(UserKey user, long nanoTime) {
        RateLimit bucket = buckets.computeIfAbsent(user, key -> new RateLimit(perSecond, burst, nanoTime));
        return bucket.tryTake(nanoTime) ? Duration.ZERO : bucket.untilFree(1, nanoTime);
    }
}
