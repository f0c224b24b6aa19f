package io.herald.topology.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CreditTest {
    @ParameterizedTest(name = "{2}")
    @CsvSource(textBlock = """
            ,                      100,  the first tick
            0,                     110,  it keeps up
            0 0 0,                 130,  and goes on to
            100,                   100,  it is late for once
            100 200 50,            87,   and again and again: a little less
            201,                   0,    it is behind: only what is urgent
            86400000,              0,    its lag is not known
            0 0 300,               0,    it fell behind
            0 0 300 300 300 100,   60,   and caught up: half of what was too much
            300 0 300 0 300 0 300 0 300 0 300 0, 21, again and again
            """)
    void whatIsDueInBulkComesAsFastAsTheRouterBears(String lags, int bulk, String why) {
        Credit credit = Credit.first();
        for (String lag : lags == null ? List.<String>of() : Arrays.asList(lags.split(" "))) {
            credit = credit.after(Duration.ofMillis(Long.parseLong(lag)));
        }
        assertThat(credit.bulk()).isEqualTo(bulk);
        assertThat(credit.urgent()).isEqualTo(500);
    }

    @Property
    void theUrgentHasCreditOfItsOwnAndTheBulkABound(@ForAll List<@IntRange(max = 400) Integer> lags) {
        Credit credit = Credit.first();
        for (int lag : lags) {
            credit = credit.after(Duration.ofMillis(lag));
            assertThat(credit.urgent()).isEqualTo(500);
            if (lag > 200) {
                assertThat(credit.bulk()).isZero();
            } else {
                assertThat(credit.bulk()).isBetween(10, 250);
            }
        }
    }
}
