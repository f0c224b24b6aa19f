package io.herald.sender.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EndpointsTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final int FAILURES = 3;

    private final Endpoints endpoints = new Endpoints(DAY, FAILURES);

    @Test
    void givesUpWhatFailedForSoLongAndSoOften() {
        endpoints.failed("a", START);
        endpoints.failed("a", START.plusSeconds(60));
        endpoints.well("b", START.plus(DAY));

        assertThat(endpoints.failed("a", START.plus(DAY))).hasValue(START);
    }

    @Test
    void isPatientWithWhatFailedSeldom() {
        endpoints.failed("a", START);
        endpoints.well("b", START.plus(DAY));

        assertThat(endpoints.failed("a", START.plus(DAY))).isEmpty();
    }

    @Test
    void isPatientWithWhatFailsForAShortTime() {
        endpoints.well("b", START);
        for (int i = 0; i < 1_000; i++) {
            assertThat(endpoints.failed("a", START.plusSeconds(i))).isEmpty();
        }
    }

    @Test
    void beginsAnewAfterASuccess() {
        for (int i = 0; i < FAILURES; i++) {
            endpoints.failed("a", START);
        }
        endpoints.well("a", START.plus(DAY));

        assertThat(endpoints.failed("a", START.plus(DAY))).isEmpty();
    }

    @Test
    void givesUpNobodyWhileEverythingFails() {
        endpoints.well("b", START);
        for (int i = 0; i < FAILURES; i++) {
            endpoints.failed("a", START);
        }

        assertThat(endpoints.failed("a", START.plus(DAY))).isEmpty();
    }

    @Test
    void givesUpNobodyIfToldSo() {
        Endpoints never = new Endpoints(Duration.ZERO, 1);
        never.well("b", START);

        assertThat(never.failed("a", START)).isEmpty();
        assertThat(never.failed("a", START.plusSeconds(1))).isEmpty();
    }
}
