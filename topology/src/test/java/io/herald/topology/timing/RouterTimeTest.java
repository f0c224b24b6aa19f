package io.herald.topology.timing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTimeTest {
    @ParameterizedTest(name = "{4}")
    @CsvSource(nullValues = "-", textBlock = """
            -,                    2026-03-01T12:00:00Z,     2026-03-01T12:00:00Z, false, the first record
            2026-03-01T12:00:00Z, 2026-03-01T12:00:00.001Z, 2026-03-01T12:00:00.001Z, false, forward
            2026-03-01T12:00:00Z, 2026-03-01T12:00:00Z,     2026-03-01T12:00:00Z, false, the same moment
            2026-03-01T12:00:00Z, 2026-03-01T11:00:00Z,     2026-03-01T12:00:00Z, false, never backwards
            2026-03-01T12:00:00Z, 1970-01-01T00:00:00Z,     2026-03-01T12:00:00Z, false, nor to the beginning
            2026-03-01T12:00:00Z, 2026-03-01T13:00:00Z,     2026-03-01T13:00:00Z, false, as far as one record may move it
            2026-03-01T12:00:00Z, 2026-03-01T13:00:00.001Z, 2026-03-01T13:00:00Z, true,  farther: one step towards it
            2026-03-01T12:00:00Z, 9999-12-31T23:59:59Z,     2026-03-01T13:00:00Z, true,  a clock gone mad
            """)
    void timeIsTheHighestMomentHeard(Instant now, Instant heard, Instant next, boolean clamped, String why) {
        assertThat(RouterTime.advance(now, heard)).isEqualTo(new RouterTime(next, clamped));
    }

    @Property
    void neverGoesBackNorFartherThanAStepNorPastWhatItHeard(
            @ForAll @Size(min = 1, max = 50) List<@LongRange(min = 0, max = 100_000_000) Long> moments) {
        Instant now = null;
        long highest = 0;
        for (long millis : moments) {
            highest = Math.max(highest, millis);
            RouterTime time = RouterTime.advance(now, Instant.ofEpochMilli(millis));
            if (now != null) {
                assertThat(time.now()).isBetween(now, now.plus(RouterTime.LONGEST_STEP));
            }
            assertThat(time.now().toEpochMilli()).isLessThanOrEqualTo(highest);
            assertThat(time.clamped()).isEqualTo(time.now().isBefore(Instant.ofEpochMilli(millis)));
            now = time.now();
        }
    }

    @Property
    void ticksWalkTheWholeWayAfterAnOutage(@ForAll @LongRange(min = 1, max = 100) long hours) {
        Instant end = Instant.EPOCH.plus(RouterTime.LONGEST_STEP.multipliedBy(hours));
        Instant now = Instant.EPOCH;
        for (long tick = 0; tick < hours; tick++) {
            now = RouterTime.advance(now, end).now();
        }
        assertThat(now).isEqualTo(end);
    }
}
