package io.herald.topology.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CreditTest {
    @ParameterizedTest(name = "{3}")
    @CsvSource(textBlock = """
            0,        500, 500, the router keeps up
            200,      500, 500, as late as may be
            201,        0, 500, it is behind: only what is urgent
            86400000,   0, 500, its lag is not known
            """)
    void whatIsDueInBulkWaitsWhileTheRouterIsBehind(long lagMs, int bulk, int urgent, String why) {
        assertThat(Credit.at(Duration.ofMillis(lagMs))).isEqualTo(new Credit(bulk, urgent));
    }
}
