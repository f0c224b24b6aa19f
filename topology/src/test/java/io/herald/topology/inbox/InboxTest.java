package io.herald.topology.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.InboxAct;
import io.herald.schema.InboxActed;
import io.herald.topology.inbox.Inbox.Flags;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InboxTest {
    private final Inbox inbox = new Inbox(0, 0, new byte[0], 0, 0);

    @Test
    void beginsWithNothing() {
        assertThat(inbox.lastSeq()).isZero();
        assertThat(inbox.unread()).isZero();
        assertThat(inbox.isDone(0)).isFalse();
        assertThat(act(InboxAct.READ, Long.MAX_VALUE)).isEmpty();
        assertThat(inbox.readUpTo()).isZero();
        assertThat(inbox.version()).isZero();
    }

    @Test
    void seqsHaveNoGaps() {
        for (long seq = 1; seq <= 250; seq++) {
            inbox.add();
            assertThat(inbox.lastSeq()).isEqualTo(seq);
            assertThat(inbox.version()).isEqualTo(seq);
        }
    }

    @Test
    void theHundredAndFirstItemCostsTheOldest() {
        for (int item = 0; item < Inbox.KEPT; item++) {
            assertThat(inbox.add()).isEmpty();
        }
        assertThat(inbox.add()).isEqualTo(OptionalLong.of(1));
        assertThat(inbox.add()).isEqualTo(OptionalLong.of(2));
        assertThat(inbox.marks()).hasSize(Inbox.KEPT);
        assertThat(inbox.unread()).isEqualTo(Inbox.KEPT);
    }

    @ParameterizedTest(name = "{0} on {1}: {5}")
    @CsvSource(textBlock = """
            SEEN,     0, true,  false, false, it was on screen
            READ,     0, true,  true,  false, whoever reads has seen
            ARCHIVED, 0, false, false, true,  put away unread
            SEEN,     4, true,  false, true,  put away and seen later
            READ,     4, true,  true,  true,  an archived item may be read
            UNREAD,   3, true,  false, false, seen it stays
            UNREAD,   7, true,  false, true,  archived it stays
            ARCHIVED, 3, true,  true,  true,  a read one is put away
            """)
    void anActChangesItsFlags(InboxAct act, byte before, boolean seen, boolean read, boolean archived, String why) {
        Inbox one = new Inbox(7, 1, new byte[] {before}, 0, 0);
        assertThat(one.act(acted(act, List.of(1L), null)))
                .isEqualTo(Map.of(1L, new Flags(seen, read, archived, false)));
        assertThat(one.version()).isEqualTo(8);
        assertThat(one.unread()).isEqualTo(read || archived ? 0 : 1);
        assertThat(one.isDone(1)).isEqualTo(read || archived);
    }

    @ParameterizedTest(name = "{0} on {1}: {2}")
    @CsvSource(textBlock = """
            SEEN,     1, already seen
            SEEN,     3, read is seen
            READ,     3, already read
            UNREAD,   0, was never read
            UNREAD,   5, archived and not read
            ARCHIVED, 4, already put away
            """)
    void whatIsAlreadySoChangesNothing(InboxAct act, byte before, String why) {
        Inbox one = new Inbox(7, 1, new byte[] {before}, 0, 0);
        assertThat(one.act(acted(act, List.of(1L), null))).isEmpty();
        assertThat(one.version()).isEqualTo(7);
        assertThat(one.marks()).containsExactly(before);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1, 2, 153, Long.MAX_VALUE})
    void anItemThatIsNotKeptIsNotMarked(long unknown) {
        add(152);
        assertThat(inbox.act(acted(InboxAct.READ, List.of(unknown), null))).isEmpty();
        assertThat(inbox.isDone(unknown)).isFalse();
        assertThat(inbox.unread()).isEqualTo(100);
        assertThat(inbox.version()).isEqualTo(152);
    }

    @ParameterizedTest(name = "up to {0}: {3}")
    @CsvSource(textBlock = """
            -9223372036854775808, 0, 0,   the lowest number there is
            0,                    0, 0,   before the first
            1,                    1, 1,   the first
            4,                    4, 4,   some
            5,                    5, 5,   all
            6,                    5, 5,   beyond the last: what comes later is not read yet
            9223372036854775807,  5, 5,   the highest number there is
            """)
    void aWatermarkReadsAllUpToIt(long upTo, int read, long watermark, String why) {
        add(5);
        assertThat(act(InboxAct.READ, upTo)).hasSize(read);
        assertThat(inbox.unread()).isEqualTo(5 - read);
        assertThat(inbox.readUpTo()).isEqualTo(watermark);
        assertThat(inbox.seenUpTo()).isEqualTo(watermark);
        inbox.add();
        assertThat(inbox.isDone(6)).isFalse();
    }

    @Test
    void aWatermarkNeverFalls() {
        add(5);
        act(InboxAct.READ, 4);
        act(InboxAct.READ, 2);
        act(InboxAct.SEEN, 5);
        act(InboxAct.SEEN, 1);
        assertThat(inbox.readUpTo()).isEqualTo(4);
        assertThat(inbox.seenUpTo()).isEqualTo(5);
    }

    @Test
    void onlySeeingAndReadingMoveWatermarks() {
        add(5);
        act(InboxAct.ARCHIVED, 3);
        act(InboxAct.UNREAD, 3);
        inbox.act(acted(InboxAct.READ, List.of(4L), null));
        assertThat(inbox.readUpTo()).isZero();
        assertThat(inbox.seenUpTo()).isZero();
    }

    @Test
    void anActMayNameItemsAndAWatermark() {
        add(5);
        assertThat(inbox.act(acted(InboxAct.SEEN, List.of(5L, 5L, 1L), 2L)).keySet())
                .containsExactly(1L, 2L, 5L);
    }

    @Test
    void nobodyReachesIntoTheFlags() {
        add(1);
        inbox.marks()[0] = Inbox.READ;
        assertThat(inbox.unread()).isEqualTo(1);
    }

    private void add(int items) {
        for (int item = 0; item < items; item++) {
            inbox.add();
        }
    }

    private Map<Long, Flags> act(InboxAct act, long upTo) {
        return inbox.act(acted(act, List.of(), upTo));
    }

    static InboxActed acted(InboxAct act, List<Long> seqs, Long upTo) {
        return new InboxActed("acme", "ann", act, seqs, upTo, null, Instant.EPOCH);
    }
}
