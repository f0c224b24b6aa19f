package io.herald.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserKeyTest {
    /** Made with another implementation of murmur2. Stores and topics are laid out by these for ever. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            acme/ann,      3435, 3, 53
            acme/bob,      1461, 1, 22
            shop-1/42,      666, 0, 10
            "a/O'Brien",   3600, 3, 56
            a/نور,          782, 0, 12
            a/👩‍👩‍👧,         692, 0, 10
            a/with/slash,   710, 0, 11
            acme/00000000-0000-0000-0000-000000000000, 2761, 2, 43
            """, quoteCharacter = '"')
    void aUserStaysInItsShard(String text, int shard, int ofFour, int ofSixtyFour) {
        UserKey user = UserKey.parse(text);
        assertThat(user.shard()).isEqualTo(shard);
        assertThat(user.partition(4)).isEqualTo(ofFour);
        assertThat(user.partition(64)).isEqualTo(ofSixtyFour);
    }

    @Property
    void twiceThePartitionsSplitEachInTwo(
            @ForAll @IntRange(max = UserKey.SHARDS - 1) int shard,
            @ForAll @IntRange(min = 1, max = 2048) int partitions) {
        int before = UserKey.partition(shard, partitions);
        assertThat(UserKey.partition(shard, 2 * partitions)).isBetween(2 * before, 2 * before + 1);
    }

    @Property
    void aPartitionExists(
            @ForAll @IntRange(max = UserKey.SHARDS - 1) int shard,
            @ForAll @IntRange(min = 1, max = UserKey.SHARDS) int partitions) {
        assertThat(UserKey.partition(shard, partitions)).isBetween(0, partitions - 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 64, 1024, 4096})
    void aPowerOfTwoSharesTheShardsEvenly(int partitions) {
        Map<Integer, Integer> shards = new HashMap<>();
        for (int shard = 0; shard < UserKey.SHARDS; shard++) {
            shards.merge(UserKey.partition(shard, partitions), 1, Integer::sum);
        }
        assertThat(shards).hasSize(partitions);
        assertThat(shards.values()).containsOnly(UserKey.SHARDS / partitions);
    }

    @Property
    void readsTheTextThatItWrites(@ForAll("tenants") String tenant, @ForAll String user) {
        Assume.that(!user.isEmpty());
        UserKey key = new UserKey(tenant, user);
        assertThat(UserKey.parse(key.toString())).isEqualTo(key);
    }

    @Property
    void hasAShardOfItsBytes(@ForAll("tenants") String tenant, @ForAll String user) {
        UserKey key = new UserKey(tenant, user);
        assertThat(key.bytes()).isEqualTo((tenant + "/" + user).getBytes(UTF_8));
        assertThat(key.shard()).isBetween(0, UserKey.SHARDS - 1);
    }

    @Provide
    Arbitrary<String> tenants() {
        return Arbitraries.strings().withChars("abcxyz0189-").ofMinLength(1).ofMaxLength(32);
    }

    @Test
    void spreadsUsersOverShards() {
        Map<Integer, Integer> users = new HashMap<>();
        for (int number = 0; number < 100_000; number++) {
            users.merge(new UserKey("acme", "user-" + number).partition(64), 1, Integer::sum);
        }
        // 1,562 on the average; the binomial spread is 39, so five of it.
        assertThat(users.values()).allSatisfy(count -> assertThat(count).isBetween(1_360, 1_760));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "acme", "acme/", "/ann"})
    void refusesATextThatNamesNoUser(String text) {
        assertThatThrownBy(() -> UserKey.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
