package io.herald.sender.email;

import static io.herald.sender.email.Deliveries.delivery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.schema.ReportedOutcome;
import io.herald.sender.Outcome;
import io.herald.simulator.SesSimulator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sesv2.model.GetAccountResponse;

@Timeout(60)
class SesAccountTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private static GetAccountResponse account(double quota, double sent, boolean sending, String enforcement) {
        return GetAccountResponse.builder()
                .sendQuota(its -> its.maxSendRate(14.0).max24HourSend(quota).sentLast24Hours(sent))
                .sendingEnabled(sending)
                .enforcementStatus(enforcement)
                .build();
    }

    private static SesAccount asked(GetAccountResponse answer) {
        SesAccount account = new SesAccount(() -> answer, () -> NOON, Duration.ofMinutes(3));
        account.poll();
        return account;
    }

    @ParameterizedTest(name = "{6}")
    @CsvSource(textBlock = """
            50000,  1000, true,  HEALTHY,   ,              0.02, all is well
            50000, 49999, true,  PROBATION, ,              0.99998, AWS watches but lets send
            50000, 50000, true,  HEALTHY,   RETRY,         1,    some of it comes back every minute
            200,     201, true,  HEALTHY,   RETRY,         1.005, SES counts those under way too
            -1,  9999999, true,  HEALTHY,   ,              0,    no quota
            50000,     0, false, HEALTHY,   MISCONFIGURED, 0,    somebody paused it
            50000,     0, true,  SHUTDOWN,  MISCONFIGURED, 0,    AWS paused it
            """)
    void saysWhetherTheAccountMaySend(
            double quota,
            double sent,
            boolean sending,
            String enforcement,
            ReportedOutcome kind,
            double used,
            String why) {
        SesAccount account = asked(account(quota, sent, sending, enforcement));

        assertThat(account.obstacle().map(Outcome::kind).orElse(null)).as(why).isEqualTo(kind);
        assertThat(account.obstacle().map(Outcome::health))
                .as("the same for all")
                .isNotEqualTo(Outcome.Health.WELL);
        assertThat(account.quotaUsed()).isEqualTo(used);
        assertThat(account.allowedPerSecond()).hasValue(14);
    }

    @Test
    void knowsNothingUntilItIsTold() {
        SesAccount account = new SesAccount(
                () -> {
                    throw new IllegalStateException("no permission");
                },
                () -> NOON,
                Duration.ofMinutes(3));
        account.poll();

        assertThat(account.obstacle()).isEmpty();
        assertThat(account.allowedPerSecond()).isEmpty();
        assertThat(account.quotaUsed()).isNaN();
    }

    @Test
    void doesNotStandInTheWayWithOldNews() {
        AtomicReference<Instant> now = new AtomicReference<>(NOON);
        SesAccount account = new SesAccount(() -> account(200, 200, true, "HEALTHY"), now::get, Duration.ofMinutes(3));
        account.poll();
        assertThat(account.obstacle()).isPresent();

        now.set(NOON.plus(Duration.ofMinutes(9)).plusMillis(1));
        assertThat(account.obstacle()).isEmpty();
    }

    @Test
    void isAskedOfSes() {
        try (SesSimulator ses = SesSimulator.start(0)) {
            ses.limit(7, 100);
            ses.sent(25);
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            try (SesProvider provider = provider(ses, "50")) {
                provider.bindTo(registry);
                await().untilAsserted(
                                () -> assertThat(provider.allowedPerSecond()).hasValue(7));
                assertThat(registry.get("herald.sender.quota.used").gauge().value())
                        .isEqualTo(0.25);

                ses.sent(100);
                await().untilAsserted(() -> assertThat(provider.send(delivery().build())
                                .toCompletableFuture()
                                .get())
                        .isEqualTo(Outcome.Retry.ofAll(Duration.ofMinutes(10), "the daily quota is used up")));

                ses.sent(0);
                await().untilAsserted(() -> assertThat(provider.send(delivery().build())
                                .toCompletableFuture()
                                .get())
                        .isInstanceOf(Outcome.Accepted.class));

                ses.sending(false);
                await().untilAsserted(() -> assertThat(provider.send(delivery().build())
                                .toCompletableFuture()
                                .get())
                        .isEqualTo(Outcome.Misconfigured.ofAll("the account's sending is paused")));
            }
        }
    }

    /** What the account forbids shows in SES's refusals too, where it may not be asked. */
    @Test
    void isToldByRefusalsOtherwise() {
        try (SesSimulator ses = SesSimulator.start(0)) {
            ses.limit(2, 5);
            try (SesProvider provider = provider(ses, "0")) {
                assertThat(IntStream.range(0, 3).mapToObj(i -> outcome(provider)))
                        .last()
                        .isEqualTo(Outcome.Retry.ofAll(Duration.ZERO, "429 TooManyRequestsException"));

                ses.sent(5);
                assertThat(outcome(provider))
                        .isEqualTo(Outcome.Retry.ofAll(
                                Duration.ofMinutes(10), "429 TooManyRequestsException: daily quota"));

                ses.sending(false);
                assertThat(outcome(provider)).isEqualTo(Outcome.Misconfigured.ofAll("400 SendingPausedException"));
            }
        }
    }

    private static Outcome outcome(SesProvider provider) {
        return provider.send(delivery().build()).toCompletableFuture().join();
    }

    private static SesProvider provider(SesSimulator ses, String poll) {
        return new SesProvider(
                SesConfig.from(Map.of(
                        "ses.from.address", "news@herald.example",
                        "ses.region", "eu-central-1",
                        "ses.access.key.id", "id",
                        "ses.secret.access.key", "secret",
                        "ses.url", ses.url().toString(),
                        "ses.account.poll.ms", poll)),
                1,
                Duration.ofSeconds(15));
    }
}
