package io.herald.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.herald.schema.Lane;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class PaceProperties {
    private static final long SECOND = 1_000_000_000L;

    /** Whoever waits as long as it is told gets what the rate says, neither more nor less. */
    @Property(tries = 300)
    void keepsItsRate(
            @ForAll @DoubleRange(min = 0.5, max = 20_000) double perSecond,
            @ForAll @IntRange(min = 0, max = 50) int burst,
            @ForAll Lane lane,
            @ForAll long start) {
        Pace pace = new Pace(burst, start);
        double most = burst > 0 ? burst : Math.max(2, perSecond / 5);
        long now = start;
        int taken = 0;
        int wanted = (int) (2 * most) + 200;
        while (taken < wanted) {
            long wait = pace.take(1, lane, perSecond, now);
            if (wait == 0) {
                taken++;
            }
            now += wait;
        }
        double seconds = (now - start) / (double) SECOND;
        assertThat(taken).isLessThanOrEqualTo((int) Math.ceil(most + perSecond * seconds + 0.001));
        assertThat((double) taken).isGreaterThanOrEqualTo(perSecond * seconds * 0.999 - 1);
    }

    /** However much bulk there is: an urgent one goes at once if none did lately. */
    @Property(tries = 300)
    void bulkLeavesRoomForTheUrgent(
            @ForAll @DoubleRange(min = 1, max = 5_000) double perSecond,
            @ForAll @IntRange(min = 2, max = 100) int burst) {
        Pace pace = new Pace(burst, 0);
        long now = 0;
        for (int i = 0; i < 500; i++) {
            now += pace.take(1, Lane.BULK, perSecond, now);
        }
        int atOnce = 0;
        while (pace.take(1, Lane.URGENT, perSecond, now) == 0) {
            atOnce++;
        }
        assertThat(atOnce).isGreaterThanOrEqualTo(burst / 2);
    }

    /** An urgent SMS of many segments does not wait for a bucket that bulk never lets fill up. */
    @Property(tries = 300)
    void bulkLeavesRoomForTheUrgentThatIsHeavy(
            @ForAll @DoubleRange(min = 1, max = 5_000) double perSecond,
            @ForAll @IntRange(min = 2, max = 100) int burst,
            @ForAll @IntRange(min = 1, max = 40) int weight) {
        Pace pace = new Pace(burst, 0);
        long now = 0;
        for (int i = 0; i < 500; i++) {
            now += pace.take(1, Lane.BULK, perSecond, now);
        }
        assertThat(pace.take(weight, Lane.URGENT, perSecond, now)).isZero();
    }

    /** An SMS of ten segments takes the room of ten, even where the bucket never holds as many. */
    @Property(tries = 200)
    void weighs(
            @ForAll @DoubleRange(min = 1, max = 1_000) double perSecond,
            @ForAll @IntRange(min = 1, max = 20) int burst,
            @ForAll @IntRange(min = 1, max = 40) int weight) {
        Pace pace = new Pace(burst, 0);
        long now = 0;
        List<Long> at = new ArrayList<>();
        while (at.size() < 100) {
            long wait = pace.take(weight, Lane.URGENT, perSecond, now);
            if (wait == 0) {
                at.add(now);
            }
            now += wait;
        }
        Assume.that(at.get(99) > 0);
        double rate = 89.0 * weight / ((at.get(99) - at.get(10)) / (double) SECOND);
        assertThat(rate).isCloseTo(perSecond, within(perSecond * (burst + weight) / (89.0 * weight) + 0.001));
    }

    @Example
    void withoutALimitNothingWaits() {
        Pace pace = new Pace(0, 0);
        for (int i = 0; i < 100_000; i++) {
            assertThat(pace.take(1, Lane.BULK, Double.POSITIVE_INFINITY, 0)).isZero();
        }
    }
}
