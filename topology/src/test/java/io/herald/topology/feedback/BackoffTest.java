package io.herald.topology.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(textBlock = """
            1,           5,   the first
            2,           10,  twice as long
            3,           20,  and again
            4,           40,  and again
            8,           640, the last that is doubled
            9,           900, a quarter of an hour is the longest
            10,          900, as many as a rule may allow
            63,          900, no shift turns it round
            64,          900, nor drops it
            2147483647,  900, whatever is counted
            0,           5,   what cannot be
            -2147483648, 5,   nor this
            """)
    void theSpanDoublesUpToAQuarterOfAnHour(int failures, long seconds, String why) {
        assertThat(Backoff.span(failures)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(textBlock = """
            1, 5000,                as long as we would at most
            1, 5001,                longer than we would
            4, 3600000,             for an hour
            1, 9223372036854775807, for longer than time has
            """)
    void theProviderWaitsNoLessThanItAsks(int failures, long askedMs, String why) {
        Duration asked = Duration.ofMillis(askedMs);
        assertThat(Backoff.after(failures, asked, "d-1/1")).isEqualTo(asked);
    }

    @Property
    void aWaitIsWithinItsBounds(
            @ForAll int failures, @ForAll @LongRange(max = 2_000_000) long askedMs, @ForAll String seed) {
        Duration free = Backoff.after(failures, null, seed);
        assertThat(free).isBetween(Duration.ofMillis(250), Backoff.span(failures));
        assertThat(Backoff.after(failures, null, seed)).as("the same again").isEqualTo(free);
        Duration asked = Duration.ofMillis(askedMs);
        assertThat(Backoff.after(failures, asked, seed)).isEqualTo(asked.compareTo(free) > 0 ? asked : free);
    }

    /** What failed together comes back one by one: each tenth of the span gets its share. */
    @Test
    void allOfTheSpanIsUsed() {
        int[] tenths = new int[10];
        IntStream.range(0, 10_000).forEach(delivery -> {
            long wait = Backoff.after(8, null, "d-" + delivery + "/8").toMillis();
            tenths[(int) Math.min(9, wait * 10 / 640_000)]++;
        });
        for (int share : tenths) {
            assertThat(share).isBetween(850, 1_150);
        }
    }
}
