package io.herald.topology.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.topology.router.RouterStores;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalInt;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardsTest {
    @ParameterizedTest(name = "{0} {1}: {3}")
    @CsvSource(textBlock = """
            # store,        key,                        shard, reason
            profiles,       0abc61636d652f62,            2748, the first two bytes
            activity,       000061,                      0,    the first shard
            dedup-window,   0fff00000000000000000000,    4095, the last shard
            subscribers,    012361,                      291,  the first two bytes
            tokens,         0001,                        1,    a key may be nothing else
            agenda,         0100000195e3a4c8000abc0261,  2748, behind lane and due time
            agenda,         000000000000000000000f00,    15,   due in 1970
            """)
    void aKeySaysItsShard(String store, String key, int shard, String reason) {
        assertThat(Shards.of(store, bytes(key))).as(reason).isEqualTo(OptionalInt.of(shard));
    }

    @Test
    void whatIsAboutEveryoneHasNone() {
        assertThat(Shards.of(RouterStores.CONTROL, bytes("6e6f77"))).isEmpty();
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(textBlock = """
            # store,   key,                 reason
            profiles,  00,                  too short to have a shard
            agenda,    00000000000000000000, too short to have a shard
            profiles,  1000,                of shard 4096
            pending,   ffff61,              of shard -1
            """)
    void aKeyThatNoUserHasIsRefused(String store, String key, String reason) {
        assertThatThrownBy(() -> Shards.of(store, bytes(key)))
                .isInstanceOf(ToolRefusedException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void theMarkOfACheckpointIsToldFromState() {
        byte[] cut = RouterStores.CUT.get();
        Bytes inWindow = Bytes.wrap(Arrays.copyOf(cut, cut.length + 12));
        assertThat(RouterStores.NAMES).allSatisfy(store -> assertThat(
                        Shards.isCut(store, store.equals(RouterStores.DEDUP_WINDOW) ? inWindow : RouterStores.CUT))
                .as(store)
                .isTrue());
        assertThat(Shards.isCut(RouterStores.PROFILES, inWindow)).isFalse();
        assertThat(Shards.isCut(RouterStores.CONTROL, bytes("6e6f77"))).isFalse();
    }

    private static Bytes bytes(String hex) {
        return Bytes.wrap(HexFormat.of().parseHex(hex));
    }
}
