package io.herald.simulator;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The device tokens that APNs knows, and since when it does not know the others any more. Thread-safe. */
final class DeviceTokens {
    private static final String ANY = "";

    private final Clock clock;
    private final Map<String, String> topics = new ConcurrentHashMap<>();
    private final Map<String, Instant> forgotten = new ConcurrentHashMap<>();

    DeviceTokens(Clock clock) {
        this.clock = clock;
    }

    /** Makes a token valid for a topic; null for any. */
    void register(String token, String topic) {
        forgotten.remove(token);
        topics.put(token, topic == null ? ANY : topic);
    }

    void forget(String token) {
        topics.remove(token);
        forgotten.put(token, clock.instant());
    }

    boolean knows(String token) {
        return topics.containsKey(token);
    }

    boolean isFor(String token, String topic) {
        String its = topics.getOrDefault(token, ANY);
        return its.equals(ANY) || its.equals(topic);
    }

    /** Returns since when a token is gone: now, if it never was there. */
    Instant goneSince(String token) {
        return forgotten.getOrDefault(token, clock.instant());
    }
}
