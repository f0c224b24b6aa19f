package io.herald.sender.sms;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.sender.sms.VelocityCaps.Limits;
import io.herald.sender.sms.VelocityCaps.Verdict;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class VelocityCapsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String ONE = "+15550010001";
    private static final String OTHER = "+15559990001";

    @Test
    void countsARangeAndNotItsNumbers() {
        VelocityCaps caps = new VelocityCaps(new Limits(6, 3, 0, 0));

        assertThat(caps.take("+15550010001", 1, START)).isEqualTo(Verdict.ALLOWED);
        assertThat(caps.take("+15550010002", 2, START)).isEqualTo(Verdict.ALLOWED);
        assertThat(caps.take("+15550010003", 1, START)).isEqualTo(Verdict.RANGE_HOUR);
        assertThat(caps.take(OTHER, 1, START)).as("another range").isEqualTo(Verdict.ALLOWED);
    }

    @Test
    void letsNothingThroughThatWouldGoAbove() {
        VelocityCaps caps = new VelocityCaps(new Limits(6, 3, 0, 0));

        assertThat(caps.take(ONE, 4, START)).isEqualTo(Verdict.RANGE_HOUR);
        assertThat(caps.take(ONE, 3, START))
                .as("what was refused is not counted")
                .isEqualTo(Verdict.ALLOWED);
    }

    @Test
    void slides() {
        VelocityCaps caps = new VelocityCaps(new Limits(6, 2, 0, 0));
        caps.take(ONE, 1, START);
        caps.take(ONE, 1, START.plus(Duration.ofMinutes(30)));

        assertThat(caps.take(ONE, 1, START.plus(Duration.ofMinutes(59)))).isEqualTo(Verdict.RANGE_HOUR);
        assertThat(caps.take(ONE, 1, START.plus(Duration.ofMinutes(66)))).isEqualTo(Verdict.ALLOWED);
        assertThat(caps.take(ONE, 1, START.plus(Duration.ofMinutes(67)))).isEqualTo(Verdict.RANGE_HOUR);
        assertThat(caps.take(ONE, 1, START.plus(Duration.ofMinutes(96)))).isEqualTo(Verdict.ALLOWED);
        assertThat(caps.take(ONE, 2, START.plus(Duration.ofDays(3)))).isEqualTo(Verdict.ALLOWED);
    }

    @Test
    void hasACapForTheDay() {
        VelocityCaps caps = new VelocityCaps(new Limits(6, 0, 5, 0));
        for (int hour = 0; hour < 5; hour++) {
            assertThat(caps.take(ONE, 1, START.plus(Duration.ofHours(hour)))).isEqualTo(Verdict.ALLOWED);
        }

        assertThat(caps.take(ONE, 1, START.plus(Duration.ofHours(23)))).isEqualTo(Verdict.RANGE_DAY);
        assertThat(caps.take(ONE, 1, START.plus(Duration.ofHours(26)))).isEqualTo(Verdict.ALLOWED);
    }

    @Test
    void hasACapForTheAccount() {
        VelocityCaps caps = new VelocityCaps(new Limits(6, 0, 0, 2));
        caps.take(ONE, 1, START);
        caps.take(OTHER, 1, START);

        assertThat(caps.take("+441234567890", 1, START)).isEqualTo(Verdict.ACCOUNT_DAY);
        assertThat(caps.take("+441234567890", 1, START.plus(Duration.ofHours(26))))
                .isEqualTo(Verdict.ALLOWED);
    }

    @Test
    void isNotFooledByAClockThatGoesBack() {
        VelocityCaps caps = new VelocityCaps(new Limits(6, 2, 0, 0));
        caps.take(ONE, 1, START);
        caps.take(ONE, 1, START.minus(Duration.ofHours(5)));

        assertThat(caps.take(ONE, 1, START)).isEqualTo(Verdict.RANGE_HOUR);
    }

    @Test
    void keepsABoundedNumberOfRanges() {
        VelocityCaps caps = new VelocityCaps(new Limits(12, 2, 0, 0));
        for (int i = 0; i < VelocityCaps.MOST_RANGES + 1; i++) {
            caps.take("+1" + (2_000_000_000L + i), 1, START);
        }
        assertThat(caps.ranges()).isEqualTo(VelocityCaps.MOST_RANGES + 1);

        assertThat(caps.take("+13000000001", 1, START)).isEqualTo(Verdict.ALLOWED);
        assertThat(caps.take("+13000000002", 1, START))
                .as("all that are beyond share one")
                .isEqualTo(Verdict.RANGE_HOUR);
        assertThat(caps.take("+12000000000", 1, START))
                .as("those before have their own")
                .isEqualTo(Verdict.ALLOWED);

        assertThat(caps.take("+13000000003", 1, START.plus(Duration.ofDays(2))))
                .as("old ones make room")
                .isEqualTo(Verdict.ALLOWED);
        assertThat(caps.ranges()).isEqualTo(1);
    }
}
