package io.herald.topology.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.wire.UserKey;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxKeyTest {
    private static final byte[] VALUE = {1};

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 64, 4096})
    void aUsersRecordsGoWhereTheUserIs(int partitions) {
        UserKey user = new UserKey("acme", "ann");
        assertThat(placed(new MailboxKey.ForUser(user), partitions)).containsExactly(user.partition(partitions));
    }

    @ParameterizedTest
    @CsvSource({"0, 4", "3, 4", "63, 64"})
    void aTickGoesToItsPartition(int partition, int partitions) {
        assertThat(placed(new MailboxKey.ForPartition(partition), partitions)).containsExactly(partition);
    }

    @Test
    void whatIsForEveryoneGoesEverywhere() {
        assertThat(placed(new MailboxKey.ForEveryone(), 4)).containsExactlyInAnyOrder(0, 1, 2, 3);
        assertThat(placed(new MailboxKey.ForEveryone(), 1)).containsExactly(0);
    }

    @Test
    void onlyAUsersRecordHasAKey() {
        UserKey user = new UserKey("acme", "نور");
        assertThat(MailboxKey.KEY.serialize("mailbox", new MailboxKey.ForUser(user)))
                .isEqualTo(user.bytes());
        assertThat(MailboxKey.KEY.serialize("mailbox", new MailboxKey.ForPartition(1)))
                .isNull();
        assertThat(MailboxKey.KEY.serialize("mailbox", new MailboxKey.ForEveryone()))
                .isNull();
        assertThat(MailboxKey.KEY.serialize("dead.letter", null)).isNull();
    }

    private static Set<Integer> placed(MailboxKey key, int partitions) {
        Optional<Set<Integer>> placed = MailboxKey.PARTITION.partitions("mailbox", key, VALUE, partitions);
        return placed.orElseThrow();
    }
}
