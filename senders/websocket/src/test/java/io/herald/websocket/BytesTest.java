package io.herald.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Realtime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BytesTest {
    @ParameterizedTest(name = "{0} in {1}: {2}")
    @CsvSource(quoteCharacter = '`', textBlock = """
            gw-1, gw-1,        true
            gw-1, xgw-1,       true
            gw-1, gw-1x,       true
            gw-1, gw-gw-1,     true
            gw-1, gw-,         false
            gw-1, gw-2gw-3,    false
            gw-1, ``,          false
            aab,  aaab,        true
            """)
    void findsAPartAnywhere(String part, String whole, boolean there) {
        assertThat(Bytes.contain(whole.getBytes(UTF_8), part.getBytes(UTF_8))).isEqualTo(there);
    }

    /** What the feed relies on: in a change as it is written, the names of those asked are to be found. */
    @Test
    void findsAGatewayInAChangeThatAsksIt() throws Exception {
        Realtime asking = Realtime.newBuilder(Harness.item("ana", 1, "title"))
                .setAskGateways(List.of("gateway-é", "gateway-2"))
                .build();
        byte[] bytes = Realtime.getEncoder().encode(asking).array();

        assertThat(Bytes.contain(bytes, "gateway-é".getBytes(UTF_8))).isTrue();
        assertThat(Bytes.contain(bytes, "gateway-2".getBytes(UTF_8))).isTrue();
        assertThat(Bytes.contain(bytes, "gateway-3".getBytes(UTF_8))).isFalse();
    }
}
