package io.herald.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayKeyTest {
    /** Made with another implementation of murmur2: router and gateway may be of different builds. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            gateway,        3, 56
            gateway-0,      3, 58
            gateway-1,      0, 12
            """)
    void aGatewayStaysInItsPartition(String id, int ofFour, int ofSixtyFour) {
        GatewayKey key = new GatewayKey(id);
        assertThat(key.partition(4)).isEqualTo(ofFour);
        assertThat(key.partition(64)).isEqualTo(ofSixtyFour);
        assertThat(key.bytes()).asString().isEqualTo(id);
    }

    @Test
    void hundredsOfGatewaysShareThePartitions() {
        Map<Integer, Integer> gateways = new HashMap<>();
        for (int number = 0; number < 400; number++) {
            gateways.merge(new GatewayKey("gateway-" + number).partition(64), 1, Integer::sum);
        }
        assertThat(gateways).hasSizeGreaterThan(60);
        // 6 on the average; one with 16 would be four times the spread from it.
        assertThat(gateways.values()).allSatisfy(count -> assertThat(count).isLessThan(16));
    }
}
