package io.herald.topology.timing;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShelfLifeTest {
    @ParameterizedTest(name = "{0}: {3}")
    @CsvSource(textBlock = """
            URGENT, 2026-03-04T12:00:00Z, 2026-03-01T12:01:00Z, a minute
            URGENT, 2026-03-01T12:01:00Z, 2026-03-01T12:01:00Z, it expires just then
            URGENT, 2026-03-01T12:00:30Z, 2026-03-01T12:00:30Z, it expires before
            BULK,   2026-03-04T12:00:00Z, 2026-03-01T12:15:00Z, a quarter of an hour
            BULK,   2026-03-01T12:10:00Z, 2026-03-01T12:10:00Z, it expires before
            """)
    void aDecisionKeepsForItsLaneAndNotPastItsExpiry(Lane lane, Instant expiresAt, Instant validUntil, String why) {
        assertThat(ShelfLife.validUntil(lane, expiresAt, Instant.parse("2026-03-01T12:00:00Z"), Optional.empty()))
                .isEqualTo(validUntil);
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(nullValues = "-", textBlock = """
            -,                        2026-03-01T12:01:00Z,     never quiet: a minute
            2026-03-01T12:00:00.001Z, 2026-03-01T12:00:00.001Z, quiet in a moment
            2026-03-01T12:01:00Z,     2026-03-01T12:01:00Z,     quiet just then
            2026-03-01T22:00:00Z,     2026-03-01T12:01:00Z,     quiet tonight
            """)
    void aDecisionDoesNotOutlastTheDay(Instant nextQuiet, Instant validUntil, String why) {
        assertThat(ShelfLife.validUntil(
                        Lane.URGENT,
                        Instant.parse("2026-03-04T12:00:00Z"),
                        Instant.parse("2026-03-01T12:00:00Z"),
                        Optional.ofNullable(nextQuiet)))
                .isEqualTo(validUntil);
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(textBlock = """
            2026-03-01T12:10:00Z,     2026-03-01T12:15:00Z, five minutes after it expires is a quarter
            2026-03-01T12:10:00.001Z, 2026-03-01T12:30:00Z, just beyond it
            2026-03-01T23:59:00Z,     2026-03-02T00:15:00Z, the next day
            2026-03-28T12:00:00Z,     2026-03-04T12:15:00Z, its topic forgets it before it expires
            """)
    void aReportIsExpectedAsLongAsItMayStillBeSent(Instant expiresAt, Instant reportBy, String why) {
        assertThat(ShelfLife.reportBy(expiresAt, Instant.parse("2026-03-01T12:00:00Z")))
                .isEqualTo(reportBy);
    }

    @Property
    void thereAreFewDeadlinesAndNoneIsEarly(@ForAll @LongRange(min = 0, max = 3 * 86_400_000L) long millisLeft) {
        Instant now = Instant.parse("2026-03-01T12:00:00Z");
        Instant expiresAt = now.plusMillis(millisLeft);
        Instant reportBy = ShelfLife.reportBy(expiresAt, now);
        assertThat(Duration.between(expiresAt, reportBy)).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(20));
        assertThat(reportBy.getEpochSecond() % 900).isZero();
    }
}
