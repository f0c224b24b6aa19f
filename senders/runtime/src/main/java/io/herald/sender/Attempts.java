package io.herald.sender;

import io.herald.schema.Delivery;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes single attempts, each of which ends in an outcome in bounded time, whatever the provider does. */
final class Attempts {
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    private final Provider provider;
    private final Duration timeout;
    private final Clock clock;
    private final SenderMeters meters;
    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    Attempts(Provider provider, Duration timeout, Clock clock, SenderMeters meters) {
        this.provider = provider;
        this.timeout = timeout;
        this.clock = clock;
        this.meters = meters;
    }

    /**
     * Calls the provider, unless the decision is past its shelf life.
     *
     * @return completes with an outcome, never with a failure
     */
    CompletableFuture<Outcome> start(Delivery delivery) {
        // The wall clock, just before the call: nothing may come between this and the request.
        if (isStale(delivery)) {
            return CompletableFuture.completedFuture(new Outcome.Stale());
        }
        long begun = System.nanoTime();
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        call(delivery).whenComplete((outcome, failure) -> {
            Outcome known = failure == null && outcome != null ? outcome : failed(failure);
            if (!answer.complete(known)) {
                meters.count(SenderMetric.LATE_ANSWERS);
            }
        });
        return answer.completeOnTimeout(
                        new Outcome.Unknown("no answer within " + timeout.toMillis() + " ms"),
                        timeout.toMillis(),
                        TimeUnit.MILLISECONDS)
                .whenComplete((outcome, never) ->
                        meters.requested(outcome.kind(), Duration.ofNanos(System.nanoTime() - begun)));
    }

    /** Returns whether the decision is past its shelf life. */
    boolean isStale(Delivery delivery) {
        Instant now = clock.instant();
        return !now.isBefore(delivery.getValidUntil()) || !now.isBefore(delivery.getExpiresAt());
    }

    private CompletionStage<Outcome> call(Delivery delivery) {
        try {
            return Objects.requireNonNull(provider.send(delivery), "no stage");
        } catch (RuntimeException bug) {
            return CompletableFuture.failedFuture(bug);
        }
    }

    /** A provider's own failure says nothing about whether the request left. */
    private Outcome failed(Throwable failure) {
        meters.count(SenderMetric.PROVIDER_FAILURES);
        String name = failure == null ? "no outcome" : failure.getClass().getName();
        if (logged.add(name)) {
            LOG.warn(
                    "The provider failed without an outcome; taken for UNKNOWN, logged once for each type",
                    failure == null ? null : new WithoutWords(failure));
        }
        return new Outcome.Unknown(name);
    }
}
