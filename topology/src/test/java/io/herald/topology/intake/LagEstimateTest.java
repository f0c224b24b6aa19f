package io.herald.topology.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LagEstimateTest {
    @Test
    void nothingIsBehindWhenNothingWasWritten() {
        LagEstimate estimate = new LagEstimate();
        estimate.sample(0, 0, 0);
        assertThat(estimate.at(1_000)).isZero();
    }

    @Test
    void aConsumerIsAsFarBehindAsTheOldestEndItHasNotReached() {
        LagEstimate estimate = new LagEstimate();
        estimate.sample(0, 10, 0);
        estimate.sample(100, 20, 5);
        assertThat(estimate.at(150)).isEqualTo(Duration.ofMillis(150));
        estimate.sample(200, 20, 10);
        assertThat(estimate.at(250)).isEqualTo(Duration.ofMillis(150));
        estimate.sample(300, 20, 20);
        assertThat(estimate.at(400)).isZero();
    }

    @Test
    void lagGrowsWhileAConsumerStands() {
        LagEstimate estimate = new LagEstimate();
        estimate.sample(0, 10, 9);
        for (int second = 1; second < 30; second++) {
            estimate.sample(second * 1_000L, 10, 9);
            assertThat(estimate.at(second * 1_000L)).isEqualTo(Duration.ofSeconds(second));
        }
    }

    @Property
    void tellsTheAgeOfTheOldestUnreachedEnd(@ForAll @Size(max = 200) List<@IntRange(max = 999) Integer> steps) {
        LagEstimate estimate = new LagEstimate();
        long now = 0;
        long end = 0;
        long committed = 0;
        List<long[]> samples = new ArrayList<>();
        for (int step : steps) {
            now += 50 + step % 10;
            end += step / 10 % 10;
            committed = Math.min(end, committed + step / 100);
            samples.add(new long[] {now, end});
            estimate.sample(now, end, committed);
            assertThat(estimate.at(now)).isEqualTo(naive(samples, committed, now));
        }
    }

    @Property(tries = 20)
    void afterALongOutageItNeverSaysLessThanIsTrue(
            @ForAll @IntRange(min = 601, max = 2_000) int outage, @ForAll @IntRange(min = 1, max = 40) int speed) {
        LagEstimate estimate = new LagEstimate();
        // One record with each sample, so that the oldest that was not read is as old as its offset.
        long committed = 0;
        long written = 0;
        while (written == 0 || committed < written) {
            written++;
            if (written > outage) {
                committed = Math.min(written, committed + 1 + speed);
            }
            long now = written * 100;
            estimate.sample(now, written, committed);
            long unread = written - committed;
            assertThat(estimate.at(now).toMillis()).isGreaterThanOrEqualTo(Math.max(0, unread - 1) * 100);
        }
        assertThat(estimate.at(written * 100)).as("once it is there").isZero();
    }

    private static Duration naive(List<long[]> samples, long committed, long now) {
        return samples.stream()
                .filter(sample -> sample[1] > committed)
                .findFirst()
                .map(sample -> Duration.ofMillis(now - sample[0]))
                .orElse(Duration.ZERO);
    }
}
