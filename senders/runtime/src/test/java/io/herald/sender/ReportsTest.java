package io.herald.sender;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.ReportedOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReportsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:05Z");
    private static final Instant GONE = Instant.parse("2026-02-27T08:00:00Z");
    private static final Delivery DELIVERY = Deliveries.decidedAt(NOW.minusSeconds(5));

    static List<Outcome> outcomes() {
        return List.of(
                new Outcome.Accepted("id-1"),
                Outcome.Retry.ofAll(Duration.ofSeconds(90), "busy"),
                new Outcome.Rejected("too large"),
                new Outcome.AddressGone(GONE, "Unregistered"),
                Outcome.Misconfigured.ofAll("bad key"),
                new Outcome.Unknown("timeout"),
                new Outcome.Stale());
    }

    static Stream<Arguments> facts() {
        return Stream.of(
                Arguments.of(ReportedOutcome.ACCEPTED, null, "id-1", null, null),
                Arguments.of(ReportedOutcome.RETRY, "busy", null, 90_000L, null),
                Arguments.of(ReportedOutcome.REJECTED, "too large", null, null, null),
                Arguments.of(ReportedOutcome.ADDRESS_GONE, "Unregistered", null, null, GONE),
                Arguments.of(ReportedOutcome.MISCONFIGURED, "bad key", null, null, null),
                Arguments.of(ReportedOutcome.UNKNOWN, "timeout", null, null, null),
                Arguments.of(ReportedOutcome.STALE, null, null, null, null));
    }

    @ParameterizedTest
    @MethodSource("facts")
    void saysWhatTheOutcomeKnows(
            ReportedOutcome kind, String reason, String providerId, Long retryAfter, Instant asOf) {
        Outcome outcome = outcomes().stream()
                .filter(each -> each.kind() == kind)
                .findFirst()
                .orElseThrow();

        DeliveryReported report = Reports.of(DELIVERY, outcome, null, NOW);

        assertThat(report.getOutcome()).isEqualTo(kind);
        assertThat(report.getReason()).isEqualTo(reason);
        assertThat(report.getProviderId()).isEqualTo(providerId);
        assertThat(report.getRetryAfterMs()).isEqualTo(retryAfter);
        assertThat(report.getAsOf()).isEqualTo(asOf);
        assertThat(report.getAttempt()).isEqualTo(2);
        assertThat(report.getReportedAt()).isEqualTo(NOW);
        assertThat(report.getDelivery()).isEqualTo(kind == ReportedOutcome.ACCEPTED ? null : DELIVERY);
    }

    @Test
    void coversEveryOutcome() {
        assertThat(outcomes()).extracting(Outcome::kind).containsExactlyInAnyOrder(ReportedOutcome.values());
        assertThat(Arrays.asList(Outcome.class.getPermittedSubclasses())).hasSameSizeAs(outcomes());
    }

    @Test
    void leavesTheWaitOpenWhereTheProviderDoes() {
        assertThat(Reports.of(DELIVERY, Outcome.Retry.ofAll(Duration.ZERO, "busy"), null, NOW)
                        .getRetryAfterMs())
                .isNull();
    }

    @Test
    void shortensAReasonBetweenCharacters() {
        String reason = "x".repeat(199) + "😀😀";

        assertThat(Reports.of(DELIVERY, new Outcome.Rejected(reason), null, NOW).getReason())
                .isEqualTo("x".repeat(199) + "😀");
    }
}
