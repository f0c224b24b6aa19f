package io.herald.topology.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.DeliveryState;
import io.herald.schema.Environment;
import io.herald.schema.Lane;
import io.herald.schema.OnUnknown;
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
        assertThat(Feedback.of(report, false, NOW)).isEqualTo(new Verdict.End(DeliveryState.ACCEPTED, null, false));
    }

    @Test
    void rejectedEndsAndCanBeRedriven() {
        assertThat(Feedback.of(report(ReportedOutcome.REJECTED, 0, null, FAR), false, NOW))
                .isEqualTo(new Verdict.End(DeliveryState.DEAD, Reason.REJECTED, true));
    }

    @Test
    void addressGoneForgetsTheAddressAsOfWhenTheProviderSays() {
        DeliveryReported report = report(ReportedOutcome.ADDRESS_GONE, 0, null, FAR);
        assertThat(Feedback.of(report, false, NOW)).isEqualTo(new Verdict.Prune(report.getDelivery(), null));
        report.setAsOf(NOW.minusSeconds(60));
        assertThat(Feedback.of(report, false, NOW))
                .isEqualTo(new Verdict.Prune(report.getDelivery(), NOW.minusSeconds(60)));
    }

    @Test
    void staleIsDecidedAnewAndCountsAsNoFailure() {
        DeliveryReported report = report(ReportedOutcome.STALE, 4, null, FAR);
        assertThat(Feedback.of(report, false, NOW)).isEqualTo(new Verdict.DecideAnew(report.getDelivery()));
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
        assertThat(Feedback.of(report(outcome, failures, null, FAR), false, NOW))
                .isInstanceOfSatisfying(Verdict.TryAgain.class, again -> {
                    assertThat(again.due()).isBetween(NOW.plusMillis(250), NOW.plusSeconds(seconds));
                    assertThat(again.reason()).isEqualTo(reason);
                    assertThat(again.failures()).isEqualTo(failures + 1);
                });
    }

    @Test
    void eachDeliveryAndEachAttemptWaitsAsLongAsItsOwnHashSays() {
        DeliveryReported report = report(ReportedOutcome.RETRY, 3, null, FAR);
        DeliveryReported other = report(ReportedOutcome.RETRY, 3, null, FAR);
        other.setDeliveryId("d-2");
        DeliveryReported later = report(ReportedOutcome.RETRY, 3, null, FAR);
        later.setAttempt(2);
        assertThat(Feedback.of(report, false, NOW))
                .isEqualTo(Feedback.of(report(ReportedOutcome.RETRY, 3, null, FAR), false, NOW))
                .isNotEqualTo(Feedback.of(other, false, NOW))
                .isNotEqualTo(Feedback.of(later, false, NOW));
    }

    @ParameterizedTest(name = "{0} after {1} of {2}: {5}")
    @CsvSource(nullValues = "-", textBlock = """
            RETRY,         4,          5,  DEAD, ATTEMPTS_EXHAUSTED, the fifth of five is the last
            UNKNOWN,       4,          5,  DEAD, ATTEMPTS_EXHAUSTED, whatever failed
            MISCONFIGURED, 4,          5,  DEAD, MISCONFIGURED,      our own fault keeps its name
            RETRY,         0,          1,  DEAD, ATTEMPTS_EXHAUSTED, one that may not fail at all
            RETRY,         4,          10, -,    -,                  more than usual
            RETRY,         8,          10, -,    -,                  the tenth is yet to come
            RETRY,         9,          10, DEAD, ATTEMPTS_EXHAUSTED, and was the last
            RETRY,         7,          5,  DEAD, ATTEMPTS_EXHAUSTED, more failed than may
            RETRY,         2147483647, 5,  DEAD, ATTEMPTS_EXHAUSTED, as many as can be counted
            RETRY,         0,          0,  DEAD, ATTEMPTS_EXHAUSTED, none was allowed
            """)
    void asManyFailAsTheDeliverySays(
            ReportedOutcome outcome, int failures, int attempts, DeliveryState state, Reason reason, String why) {
        DeliveryReported report = report(outcome, failures, null, FAR);
        report.getDelivery().setAttempts(attempts);
        Verdict verdict = Feedback.of(report, false, NOW);
        if (state == null) {
            assertThat(verdict).isInstanceOf(Verdict.TryAgain.class);
        } else {
            assertThat(verdict).isEqualTo(new Verdict.End(state, reason, true));
        }
    }

    @ParameterizedTest(name = "{0}, {1}: {3}")
    @CsvSource(nullValues = "-", textBlock = """
            UNKNOWN,       END,   true,  none rather than two
            UNKNOWN,       RETRY, false, two rather than none
            UNKNOWN,       -,     false, as long as nobody says otherwise
            RETRY,         END,   false, it certainly was not sent
            MISCONFIGURED, END,   false, nor was this
            """)
    void anAnswerThatNeverCameMayEndIt(ReportedOutcome outcome, OnUnknown onUnknown, boolean ends, String why) {
        DeliveryReported report = report(outcome, 0, null, FAR);
        report.getDelivery().setOnUnknown(onUnknown);
        Verdict verdict = Feedback.of(report, false, NOW);
        if (ends) {
            assertThat(verdict).isEqualTo(new Verdict.End(DeliveryState.DEAD, Reason.NO_ANSWER, false));
        } else {
            assertThat(verdict).isInstanceOf(Verdict.TryAgain.class);
        }
    }

    @ParameterizedTest(name = "stale for the {0}. time: {2}")
    @CsvSource(textBlock = """
            2,          5,   it waits now
            3,          10,  twice as long
            8,          320, about five minutes
            9,          320, no longer than that
            2147483647, 320, however often
            """)
    void whatIsStaleAgainAndAgainWaitsLonger(int attempt, int seconds, String why) {
        DeliveryReported report = report(ReportedOutcome.STALE, 3, null, FAR);
        report.setAttempt(attempt);
        assertThat(Feedback.of(report, false, NOW)).isInstanceOfSatisfying(Verdict.TryAgain.class, again -> {
            assertThat(again.due()).isBetween(NOW.plusMillis(250), NOW.plusSeconds(seconds));
            assertThat(again.reason()).isEqualTo(Reason.STALE);
            assertThat(again.failures()).as("no attempt is burnt").isEqualTo(3);
        });
    }

    @ParameterizedTest(name = "hand-out {0} after {1} failures: {3}")
    @CsvSource(textBlock = """
            1, 0, true,  a sender handed it back
            3, 2, true,  two failed before and none was handed back
            2, 0, false, both did: neither gets better by hurry
            4, 2, false, one hand-out of four was handed back before
            """)
    void whatOneProviderDidNotTakeTheOtherGetsAtOnce(int attempt, int failures, boolean atOnce, String why) {
        DeliveryReported report = report(ReportedOutcome.STALE, failures, null, FAR);
        report.setAttempt(attempt);
        assertThat(Feedback.of(report, true, NOW))
                .isInstanceOf(atOnce ? Verdict.DecideAnew.class : Verdict.TryAgain.class);
        assertThat(Feedback.of(report, false, NOW))
                .as("there is no other")
                .isInstanceOf(attempt == 1 ? Verdict.DecideAnew.class : Verdict.TryAgain.class);
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(nullValues = "-", textBlock = """
            -,                    0, -,  it is over now
            -,                  -60, -,  it has long been over
            5000,                 6, 5,  the provider asks for five seconds and there are six
            5000,                 5, -,  it would be over just then
            5000,                 1, -,  it would be over before
            60000,               61, 60, the provider asks for a minute and there is one
            60000,               60, -,  there is none
            9223372036854775807, 60, -,  the provider asks for more than time has
            """)
    void nothingIsTriedPastItsExpiry(Long askedMs, int leftSeconds, Integer waitSeconds, String why) {
        Verdict verdict =
                Feedback.of(report(ReportedOutcome.RETRY, 0, askedMs, NOW.plusSeconds(leftSeconds)), false, NOW);
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
