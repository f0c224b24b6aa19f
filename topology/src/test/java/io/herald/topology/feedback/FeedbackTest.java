package io.herald.topology.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.DeliveryState;
import io.herald.schema.Environment;
import io.herald.schema.Lane;
import io.herald.schema.Reason;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Route;
import io.herald.topology.feedback.Feedback.Verdict;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeedbackTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant FAR = NOW.plus(Duration.ofDays(3));

    @Test
    void acceptedEndsWithoutItsDelivery() {
        DeliveryReported report = report(ReportedOutcome.ACCEPTED, 0, null, FAR);
        report.setDelivery(null);
        assertThat(Feedback.of(report, NOW)).isEqualTo(new Verdict.End(DeliveryState.ACCEPTED, null, false));
    }

    @Test
    void rejectedEndsAndCanBeRedriven() {
        assertThat(Feedback.of(report(ReportedOutcome.REJECTED, 0, null, FAR), NOW))
                .isEqualTo(new Verdict.End(DeliveryState.DEAD, Reason.REJECTED, true));
    }

    @Test
    void addressGoneForgetsTheAddressAsOfWhenTheProviderSays() {
        DeliveryReported report = report(ReportedOutcome.ADDRESS_GONE, 0, null, FAR);
        assertThat(Feedback.of(report, NOW)).isEqualTo(new Verdict.Prune(report.getDelivery(), null));
        report.setAsOf(NOW.minusSeconds(60));
        assertThat(Feedback.of(report, NOW)).isEqualTo(new Verdict.Prune(report.getDelivery(), NOW.minusSeconds(60)));
    }

    @Test
    void staleIsDecidedAnewAndCountsAsNoFailure() {
        DeliveryReported report = report(ReportedOutcome.STALE, 4, null, FAR);
        assertThat(Feedback.of(report, NOW)).isEqualTo(new Verdict.DecideAnew(report.getDelivery()));
    }

    @ParameterizedTest(name = "{0} after {1} failures")
    @CsvSource(textBlock = """
            RETRY,         0,  5, PROVIDER_BUSY
            RETRY,         1, 10, PROVIDER_BUSY
            RETRY,         2, 20, PROVIDER_BUSY
            RETRY,         3, 40, PROVIDER_BUSY
            UNKNOWN,       0,  5, NO_ANSWER
            UNKNOWN,       3, 40, NO_ANSWER
            MISCONFIGURED, 0,  5, MISCONFIGURED
            MISCONFIGURED, 3, 40, MISCONFIGURED
            """)
    void whatMayGetBetterIsTriedAgain(ReportedOutcome outcome, int failures, int seconds, Reason reason) {
        assertThat(Feedback.of(report(outcome, failures, null, FAR), NOW))
                .isEqualTo(new Verdict.TryAgain(NOW.plusSeconds(seconds), reason, failures + 1));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"RETRY, ATTEMPTS_EXHAUSTED", "UNKNOWN, ATTEMPTS_EXHAUSTED", "MISCONFIGURED, MISCONFIGURED"})
    void theFifthFailureIsTheLast(ReportedOutcome outcome, Reason reason) {
        assertThat(Feedback.of(report(outcome, 4, null, FAR), NOW))
                .isEqualTo(new Verdict.End(DeliveryState.DEAD, reason, true));
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(nullValues = "-", textBlock = """
            -,                    6, 5,  there is time for one more
            -,                    5, -,  it would be over just then
            -,                    1, -,  it would be over before
            -,                    0, -,  it is over now
            -,                  -60, -,  it has long been over
            60000,               61, 60, the provider asks for a minute and there is one
            60000,               60, -,  there is none
            9223372036854775807, 60, -,  the provider asks for more than time has
            """)
    void nothingIsTriedPastItsExpiry(Long askedMs, int leftSeconds, Integer waitSeconds, String why) {
        Verdict verdict = Feedback.of(report(ReportedOutcome.RETRY, 0, askedMs, NOW.plusSeconds(leftSeconds)), NOW);
        assertThat(verdict)
                .isEqualTo(
                        waitSeconds == null
                                ? new Verdict.End(DeliveryState.EXPIRED, Reason.PAST_EXPIRY, false)
                                : new Verdict.TryAgain(NOW.plusSeconds(waitSeconds), Reason.PROVIDER_BUSY, 1));
    }

    private static DeliveryReported report(
            ReportedOutcome outcome, int failures, Long retryAfterMs, Instant expiresAt) {
        return DeliveryReported.newBuilder()
                .setTenant("acme")
                .setUser("ann")
                .setNotificationId("n-1")
                .setDeliveryId("d-1")
                .setAttempt(1)
                .setRoute(Route.APNS)
                .setOutcome(outcome)
                .setRetryAfterMs(retryAfterMs)
                .setReportedAt(NOW)
                .setDelivery(Delivery.newBuilder()
                        .setTenant("acme")
                        .setUser("ann")
                        .setNotificationId("n-1")
                        .setDeliveryId("d-1")
                        .setAttempt(1)
                        .setFailures(failures)
                        .setLane(Lane.URGENT)
                        .setRoute(Route.APNS)
                        .setCategory("comment")
                        .setAddress("token")
                        .setAddressId("phone")
                        .setAddressSince(NOW)
                        .setEnvironment(Environment.PRODUCTION)
                        .setTitle("t")
                        .setBody("b")
                        .setDecidedAt(NOW)
                        .setExpiresAt(expiresAt)
                        .setValidUntil(NOW)
                        .build())
                .build();
    }
}
