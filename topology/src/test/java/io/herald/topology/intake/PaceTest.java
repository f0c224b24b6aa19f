package io.herald.topology.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {
    private static final Pace.Bounds BOUNDS = new Pace.Bounds(100, 20_000, 40);

    @ParameterizedTest(name = "{7}")
    @CsvSource(textBlock = """
            1000,  0, false, 0,        true,  1040,  1040,  it keeps up: a step more
            1000,  9, false, 49,       true,  1040,  1040,  just in time
            1000,  0, false, 50,       true,  1000,  1000,  late for once: it may be about to commit
            1000,  1, false, 200,      true,  1000,  1000,  late for twice
            1000,  2, false, 50,       true,  875,   875,   late again: a queue stands
            1000,  9, false, 50,       false, 875,   875,   whoever is in it
            101,   9, false, 50,       true,  100,   100,   not below the least
            1000,  0, false, 201,      true,  500,   0,     it falls behind: half and nothing for now
            1000,  0, false, 201,      false, 500,   0,     whoever made it fall behind
            1000,  0, false, 86400000, true,  500,   0,     its lag is not known
            150,   0, false, 201,      true,  100,   0,     not below the least
            500,   9, true,  300,      true,  500,   0,     still behind: half once
            500,   9, true,  200,      true,  500,   500,   no longer: half of what was too much
            500,   9, true,  0,        true,  540,   540,   no longer and in time
            1000,  0, false, 0,        false, 1000,  1000,  nobody wanted it all: it says nothing of more
            19990, 0, false, 0,        true,  20000, 20000, as much as may be
            """)
    void itRisesByStepsAndFallsByHalf(
            double level,
            int uneasy,
            boolean behind,
            long lagMs,
            boolean spent,
            double next,
            double allowed,
            String why) {
        Pace pace = new Pace(BOUNDS, level, uneasy, behind).after(Duration.ofMillis(lagMs), spent);
        assertThat(pace.level()).isEqualTo(next);
        assertThat(pace.allowed()).isEqualTo(allowed);
    }

    /** A router that commits rarely looks late most of the time. */
    @Test
    void itIsNotHeldBackByTheWayTheRouterCommits() {
        Pace pace = Pace.startingAt(1_000, BOUNDS);
        for (int look = 0; look < 3_000; look++) {
            pace = pace.after(Duration.ofMillis(look % 3 == 0 ? 0 : 100), true);
        }
        assertThat(pace.level()).isEqualTo(BOUNDS.most());
    }

    @Property
    void itStaysWithinItsBoundsWhateverTheRouterDoes(
            @ForAll @IntRange(min = 100, max = 20_000) int start,
            @ForAll List<@IntRange(max = 1_000) Integer> lags,
            @ForAll boolean spent) {
        Pace pace = Pace.startingAt(start, BOUNDS);
        for (int lag : lags) {
            Pace next = pace.after(Duration.ofMillis(lag), spent);
            assertThat(next.level()).isBetween(BOUNDS.least(), BOUNDS.most());
            assertThat(next.level()).isBetween(pace.level() / 2, pace.level() + BOUNDS.step());
            assertThat(next.allowed()).isEqualTo(lag > 200 ? 0 : next.level());
            pace = next;
        }
    }

    /** A router of any speed, looked at ten times a second, with more waiting than it can ever do. */
    @Property(tries = 200)
    void aRouterOfAnySpeedIsKeptBusyAndIsNotLate(@ForAll @DoubleRange(min = 1_000, max = 50_000) double perSecond) {
        Pace pace = Pace.startingAt(1_000, BOUNDS);
        double queued = 0;
        double done = 0;
        double worst = 0;
        int late = 0;
        int looks = 6_000;
        int warm = 1_500;
        for (int look = 0; look < looks; look++) {
            double lagMs = queued / perSecond * 1_000;
            pace = pace.after(Duration.ofMillis((long) lagMs), true);
            queued += pace.allowed() / 10;
            double now = Math.min(queued, perSecond / 10);
            queued -= now;
            if (look >= warm) {
                done += now;
                worst = Math.max(worst, lagMs);
                late += lagMs > 50 ? 1 : 0;
            }
        }
        double possible = Math.min(perSecond, BOUNDS.most()) * (looks - warm) / 10;
        assertThat(done / possible).as("of what it could have done").isGreaterThan(0.7);
        assertThat(worst).as("how late it ever was, in ms").isLessThan(400);
        assertThat((double) late / (looks - warm)).as("how often it was late").isLessThan(0.5);
    }

    /** Two that know nothing of one another share a router. */
    @Property(tries = 100)
    void twoComeToEqualShares(@ForAll @DoubleRange(min = 2_000, max = 20_000) double perSecond) {
        Pace small = Pace.startingAt(100, BOUNDS);
        Pace large = Pace.startingAt(20_000, BOUNDS);
        double queued = 0;
        double smallDone = 0;
        double largeDone = 0;
        for (int look = 0; look < 12_000; look++) {
            Duration lag = Duration.ofMillis((long) (queued / perSecond * 1_000));
            small = small.after(lag, true);
            large = large.after(lag, true);
            queued = Math.max(0, queued + (small.allowed() + large.allowed() - perSecond) / 10);
            if (look >= 6_000) {
                smallDone += small.allowed();
                largeDone += large.allowed();
            }
        }
        assertThat(smallDone / largeDone).isBetween(0.8, 1.25);
    }
}
