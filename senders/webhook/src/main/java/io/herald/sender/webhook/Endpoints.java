package io.herald.sender.webhook;

import io.herald.sender.NewestUsed;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The endpoints that have failed since their last success, the {@value #MOST} that failed last. Lost with the process:
 * what fails then starts anew. Thread-safe.
 */
final class Endpoints {
    private static final int MOST = 10_000;
    /** If nothing at all was taken for so long, it may be us. */
    private static final Duration SOMEBODY_WELL = Duration.ofHours(1);

    private final Duration disableAfter;
    private final int disableFailures;
    private Instant lastWell = Instant.MIN;
    private final Map<String, Failing> failing = new NewestUsed<>(MOST);

    /**
     * Knows none.
     *
     * @param disableAfter zero for never
     */
    Endpoints(Duration disableAfter, int disableFailures) {
        this.disableAfter = disableAfter;
        this.disableFailures = disableFailures;
    }

    private record Failing(Instant since, int times) {}

    /** Remembers that an endpoint took something. */
    synchronized void well(String endpoint, Instant now) {
        lastWell = now;
        failing.remove(endpoint);
    }

    /**
     * Remembers that an attempt at an endpoint failed.
     *
     * @return since when it has failed, if it is to be given up for that
     */
    synchronized Optional<Instant> failed(String endpoint, Instant now) {
        Failing before = failing.get(endpoint);
        Failing after = before == null ? new Failing(now, 1) : new Failing(before.since(), before.times() + 1);
        boolean giveUp = !disableAfter.isZero()
                && after.times() >= disableFailures
                && !after.since().plus(disableAfter).isAfter(now)
                && lastWell.isAfter(now.minus(SOMEBODY_WELL));
        if (giveUp) {
            failing.remove(endpoint);
            return Optional.of(after.since());
        }
        failing.put(endpoint, after);
        return Optional.empty();
    }
}
