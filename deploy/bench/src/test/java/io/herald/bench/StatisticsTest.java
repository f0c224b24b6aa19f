package io.herald.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatisticsTest {
    @ParameterizedTest(name = "{2}")
    @CsvSource(textBlock = """
            0.5,   50, half of 1 to 100 are at most 50
            0.99,  99, the nearest rank and not something in between
            0.995, 100, rounded up: 99 would be exceeded by more than one in 200
            1.0,   100, the largest
            0.001, 1,  never below the smallest
            """)
    void percentile(double share, long expected, String reason) {
        long[] values = LongStream.rangeClosed(1, 100).map(value -> 101 - value).toArray();

        assertThat(Statistics.percentile(values, share)).as(reason).isEqualTo(expected);
    }

    @Test
    void percentileLeavesItsValuesInTheirOrder() {
        long[] values = {3, 1, 2};

        assertThat(Statistics.percentile(values, 0.5)).isEqualTo(2);
        assertThat(values).containsExactly(3, 1, 2);
    }

    @Test
    void percentileOfNothingIsRefused() {
        assertThatThrownBy(() -> Statistics.percentile(new long[0], 0.5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Statistics.percentile(new long[] {1}, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void medianIsTheMiddleOrHalfWay() {
        assertThat(Statistics.median(9, 1, 5)).isEqualTo(5);
        assertThat(Statistics.median(9, 1, 5, 6)).isEqualTo(5.5);
        assertThatThrownBy(Statistics::median).isInstanceOf(IllegalArgumentException.class);
    }
}
