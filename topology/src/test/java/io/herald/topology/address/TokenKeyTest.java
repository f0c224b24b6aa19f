package io.herald.topology.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.topology.identity.Ids;
import io.herald.wire.UserKey;
import org.junit.jupiter.api.Test;

class TokenKeyTest {
    @Test
    void aTokenHasOnePlaceWhoeverHasIt() {
        UserKey key = TokenKey.of(TokenKey.hash("token-1"));
        assertThat(key).hasToString("herald/token/0c17c5665205bbc382c4390223fbfad5");
        assertThat(UserKey.parse(key.toString())).isEqualTo(key);
        assertThat(TokenKey.hash("token-1")).isEqualTo(Ids.hash("token-1"));
    }

    @Test
    void tokensAreToldApart() {
        assertThat(TokenKey.of(TokenKey.hash("token-1"))).isNotEqualTo(TokenKey.of(TokenKey.hash("token-2")));
    }
}
