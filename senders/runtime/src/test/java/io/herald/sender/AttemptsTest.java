package io.herald.sender;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Delivery;
import io.herald.schema.Lane;
import io.herald.schema.Route;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(10)
class AttemptsTest {
    private static final Instant DECIDED = Instant.parse("2026-03-01T10:00:00Z");
    private static final Outcome ACCEPTED = new Outcome.Accepted("id-1");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicInteger calls = new AtomicInteger();

    @ParameterizedTest(name = "{3}")
    @CsvSource(textBlock = """
            2026-03-01T10:01:00Z, 2026-03-01T11:00:00Z, true,  one millisecond is left
            2026-03-01T10:00:59.999Z, 2026-03-01T11:00:00Z, false, the shelf life ends now
            2026-03-01T10:00:30Z, 2026-03-01T11:00:00Z, false, the shelf life is over
            2026-03-01T11:00:00Z, 2026-03-01T10:00:30Z, false, it expired before its shelf life ended
            """)
    void callsOnlyWithinTheShelfLife(Instant validUntil, Instant expiresAt, boolean called, String why)
            throws Exception {
        Delivery delivery = Delivery.newBuilder(Deliveries.decidedAt(DECIDED))
                .setValidUntil(validUntil)
                .setExpiresAt(expiresAt)
                .build();

        Outcome outcome =
                outcome(delivery, "2026-03-01T10:00:59.999Z", any -> CompletableFuture.completedFuture(ACCEPTED));

        assertThat(outcome).isEqualTo(called ? ACCEPTED : new Outcome.Stale());
        assertThat(calls).hasValue(called ? 1 : 0);
    }

    @Test
    void takesACallThatThrowsForUnknown() throws Exception {
        Outcome outcome = outcome(any -> {
            throw new IllegalStateException("a bug");
        });

        assertThat(outcome).isEqualTo(new Outcome.Unknown("java.lang.IllegalStateException"));
        assertThat(counted(SenderMetric.PROVIDER_FAILURES)).isEqualTo(1);
    }

    @Test
    void takesAFailedStageForUnknown() throws Exception {
        Outcome outcome = outcome(any -> CompletableFuture.failedFuture(new StackOverflowError()));

        assertThat(outcome).isEqualTo(new Outcome.Unknown("java.lang.StackOverflowError"));
    }

    @Test
    void takesNoStageAndNoOutcomeForUnknown() throws Exception {
        assertThat(outcome(any -> null)).isInstanceOf(Outcome.Unknown.class);
        assertThat(outcome(any -> CompletableFuture.completedFuture(null))).isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void takesSilenceForUnknownAndOnlyCountsALateAnswer() throws Exception {
        CompletableFuture<Outcome> late = new CompletableFuture<>();

        Outcome outcome = outcome(any -> late);
        late.complete(ACCEPTED);

        assertThat(outcome).isEqualTo(new Outcome.Unknown("no answer within 50 ms"));
        assertThat(counted(SenderMetric.LATE_ANSWERS)).isEqualTo(1);
    }

    private double counted(SenderMetric metric) {
        return meters.get(metric.meter()).counter().count();
    }

    private Outcome outcome(Function<Delivery, CompletionStage<Outcome>> provider) throws Exception {
        return outcome(Deliveries.decidedAt(DECIDED), "2026-03-01T10:00:01Z", provider);
    }

    private Outcome outcome(Delivery delivery, String now, Function<Delivery, CompletionStage<Outcome>> answer)
            throws Exception {
        Provider provider = new Provider() {
            @Override
            public CompletionStage<Outcome> send(Delivery each) {
                calls.incrementAndGet();
                return answer.apply(each);
            }

            @Override
            public void close() {
                // Holds nothing.
            }
        };
        Clock clock = Clock.fixed(Instant.parse(now), ZoneOffset.UTC);
        return new Attempts(
                        provider, Duration.ofMillis(50), clock, SenderMeters.ofLane(meters, Route.APNS, Lane.URGENT))
                .start(delivery)
                .get(5, TimeUnit.SECONDS);
    }
}
