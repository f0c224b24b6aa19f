package io.herald.sender.webpush;

import io.herald.sender.NewestUsed;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * What the push services were like of late: one of them may be down, or ask for patience, while the others are well.
 * Forgets what was not asked for long; thread-safe.
 */
final class PushServices {
    /** How long an answer proves that there is a way out, and a service at its end. */
    static final Duration RECENT = Duration.ofMinutes(1);
    /** How long one delivery's Retry-After keeps others back, at most: it may have been about its device alone. */
    static final Duration LONGEST_HOLD = Duration.ofMinutes(1);
    /** How many a key must have sent in a row until a refusal is the subscription's fault. */
    static final int PROVEN = 10;

    private static final int MOST = 1_000;

    private final Map<String, Service> services = new NewestUsed<>(MOST);

    private static final class Service {
        private Instant well = Instant.MIN;
        private Instant heldUntil = Instant.MIN;
        /** By key id. */
        private final Map<String, Integer> acceptedInARow = new HashMap<>();
    }

    /** Remembers that the service at {@code origin} took a message. */
    synchronized void accepted(String origin, String key, Instant now) {
        Service service = answered(origin, now);
        service.acceptedInARow.merge(key, 1, (before, one) -> Math.min(before + one, PROVEN));
    }

    /** Remembers that it refused one for what is in it. */
    synchronized void refused(String origin, Instant now) {
        answered(origin, now);
    }

    private Service answered(String origin, Instant now) {
        Service service = services.computeIfAbsent(origin, none -> new Service());
        service.well = now;
        return service;
    }

    /**
     * Remembers that it refused the key.
     *
     * @return whether it took the key's other messages until now
     */
    synchronized boolean refusedKey(String origin, String key) {
        Integer before = services.computeIfAbsent(origin, none -> new Service())
                .acceptedInARow
                .put(key, 0);
        return before != null && before >= PROVEN;
    }

    /** Keeps back what is for {@code origin}. */
    synchronized void hold(String origin, Duration asked, Instant now) {
        Duration hold = asked.compareTo(LONGEST_HOLD) > 0 ? LONGEST_HOLD : asked;
        services.computeIfAbsent(origin, none -> new Service()).heldUntil = now.plus(hold);
    }

    /** Returns how long to keep back what is for {@code origin}; zero if not at all. */
    synchronized Duration held(String origin, Instant now) {
        Service service = services.get(origin);
        return service == null || !service.heldUntil.isAfter(now)
                ? Duration.ZERO
                : Duration.between(now, service.heldUntil);
    }

    /** Returns whether a failure at {@code origin} is all that we know of push services now. */
    synchronized boolean noOtherIsWell(String origin, Instant now) {
        return services.entrySet().stream()
                .noneMatch(each ->
                        !each.getKey().equals(origin) && each.getValue().well.isAfter(now.minus(RECENT)));
    }
}
