package io.herald.topology.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowanceTest {
    @ParameterizedTest(name = "{3}")
    @CsvSource(textBlock = """
            1000, 10,       10,  ten milliseconds' worth
            1000, 100,      100, a burst
            1000, 3600000,  100, however long there was nothing to write
            1000, 0,        0,   no time
            1000, -3600000, 0,   a clock that was put back
            1000, 1,        1,   one
            100,  9,        0,   not a whole one
            5,    200,      1,   so slow that a burst is one
            5,    3600000,  1,   and stays one
            0,    3600000,  0,   nothing is allowed
            """)
    void itFillsAtItsPace(double perSecond, long millis, int records, String why) {
        Allowance allowance = new Allowance(5_000);
        allowance.fill(perSecond, 5_000 + millis);
        assertThat(drained(allowance)).isEqualTo(records);
    }

    @Test
    void whatIsTooMuchIsPaidBack() {
        Allowance allowance = new Allowance(0);
        allowance.fill(1_000, 10);
        assertThat(allowance.any()).isTrue();
        allowance.spend(100);
        allowance.fill(1_000, 100);
        assertThat(allowance.any()).isFalse();
        allowance.fill(1_000, 101);
        assertThat(allowance.any()).isTrue();
    }

    @Test
    void whatIsLeftIsTakenBackWhenNothingIsAllowed() {
        Allowance allowance = new Allowance(0);
        allowance.fill(1_000, 50);
        allowance.fill(0, 50);
        assertThat(allowance.any()).isFalse();
    }

    @Test
    void itKnowsWhetherItWasTooLittle() {
        Allowance allowance = new Allowance(0);
        allowance.fill(1_000, 1);
        assertThat(allowance.wasSpent()).isFalse();
        assertThat(allowance.any()).isTrue();
        assertThat(allowance.wasSpent()).isFalse();
        allowance.spend(1);
        assertThat(allowance.any()).isFalse();
        assertThat(allowance.wasSpent()).isTrue();
        assertThat(allowance.wasSpent()).isFalse();
    }

    @Property
    void inTheLongRunItNeverGivesMoreThanItsPace(
            @ForAll @IntRange(min = 1, max = 100_000) int perSecond,
            @ForAll @Size(max = 200) List<@IntRange(max = 500) Integer> pauses,
            @ForAll @IntRange(min = 1, max = 100) int recipients) {
        Allowance allowance = new Allowance(0);
        long now = 0;
        long written = 0;
        for (int pause : pauses) {
            now += pause;
            allowance.fill(perSecond, now);
            while (allowance.any()) {
                allowance.spend(recipients);
                written += recipients;
            }
        }
        assertThat((double) written).isLessThanOrEqualTo(perSecond * now / 1_000.0 + recipients);
    }

    private static int drained(Allowance allowance) {
        int records = 0;
        while (allowance.any()) {
            allowance.spend(1);
            records++;
        }
        return records;
    }
}
