package io.herald.ingest;

import io.herald.http.Problem;
import io.herald.http.ProblemException;
import io.herald.http.RateLimit;

/** Keeps each caller to the agreed rate, in this process. Thread-safe. */
final class Rates {
    private static final int MOST_CALLERS = 10_000;

    private final Recent<Agreed, RateLimit> limits = new Recent<>(MOST_CALLERS);

    // With the rate: a key that is given another one begins anew.
    private record Agreed(String caller, String tenant, int perSecond, int burst) {}

    /**
     * Takes {@code count}.
     *
     * @throws ProblemException saying when to come again
     */
    void take(Caller caller, int count) {
        long now = System.nanoTime();
        Agreed agreed = new Agreed(caller.id(), caller.tenant(), caller.perSecond(), caller.burst());
        RateLimit limit = limits.computeIfAbsent(agreed, any -> new RateLimit(caller.perSecond(), caller.burst(), now));
        synchronized (limit) {
            if (!limit.tryTake(count, now)) {
                throw new ProblemException(Problem.tooMany(limit.untilFree(count, now)));
            }
        }
    }
}
