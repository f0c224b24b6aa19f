package io.herald.topology.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.InboxAct;
import io.herald.schema.InboxActed;
import io.herald.topology.inbox.Inbox.Flags;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InboxTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final Inbox inbox = new Inbox(0, 0, new byte[0], new byte[0], 0, 0);

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
            inbox.add(NOW);
            assertThat(inbox.lastSeq()).isEqualTo(seq);
            assertThat(inbox.version()).isEqualTo(seq);
        }
    }

    @Test
    void theHundredAndFirstItemCostsTheOldest() {
        for (int item = 0; item < Inbox.KEPT; item++) {
            assertThat(inbox.add(NOW)).isEmpty();
        }
        assertThat(inbox.add(NOW)).isEqualTo(OptionalLong.of(1));
        assertThat(inbox.add(NOW)).isEqualTo(OptionalLong.of(2));
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
        Inbox one = new Inbox(7, 1, new byte[] {before}, new byte[2], 0, 0);
        assertThat(one.act(acted(act, List.of(1L), null)))
                .isEqualTo(Map.of(1L, new Flags(seen, read, archived, false)));
        assertThat(one.version()).isEqualTo(8);
        assertThat(one.unread()).isEqualTo(read || archived ? 0 : 1);
        assertThat(one.isDone(1)).isEqualTo(read || archived);
    }

    @ParameterizedTest
    @CsvSource({"DISMISSED, 0, false", "UNREAD, 11, false", "READ, 9, true"})
    void whatWasDismissedIsNotUnread(InboxAct act, byte before, boolean read) {
        Inbox one = new Inbox(7, 1, new byte[] {before}, new byte[2], 0, 0);
        assertThat(one.act(acted(act, List.of(1L), null))).isEqualTo(Map.of(1L, new Flags(true, read, false, true)));
        assertThat(one.unread()).isZero();
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
        Inbox one = new Inbox(7, 1, new byte[] {before}, new byte[2], 0, 0);
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
        inbox.add(NOW);
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

    /** One item came at noon, another three days later. */
    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(nullValues = "-", textBlock = """
            2026-03-01T12:00:00Z, -,   it just came
            2026-03-31T12:00:00Z, -,   it is thirty days old now, but the day is not over
            2026-03-31T23:59:59Z, -,   the last second of it
            2026-04-01T00:00:00Z, 1,   the first is older than thirty days
            2026-04-03T23:59:59Z, 1,   the other is not
            2026-04-04T00:00:00Z, 1 2, nor is it kept for longer
            2026-12-31T00:00:00Z, 1 2, nobody looked for long
            2026-02-01T00:00:00Z, -,   time that goes back removes nothing
            """)
    void whatIsOlderThanThirtyDaysGoes(Instant at, String seqs, String why) {
        inbox.add(NOW);
        inbox.add(NOW.plus(Duration.ofDays(3)));
        int gone = seqs == null ? 0 : seqs.length() / 2 + 1;
        assertThat(inbox.dropOld(at))
                .isEqualTo(LongStream.rangeClosed(1, gone).boxed().toList());
        assertThat(inbox.unread()).isEqualTo(2 - gone);
        assertThat(inbox.version()).isEqualTo(gone == 0 ? 2 : 3);
        assertThat(inbox.lastSeq()).isEqualTo(2);
        assertThat(inbox.add(at)).isEmpty();
        assertThat(inbox.lastSeq()).as("seqs go on").isEqualTo(3);
    }

    @Test
    void retentionIsDueWhenTheDayAfterTheThirtiethBegins() {
        assertThat(inbox.nextRetention()).isEmpty();
        inbox.add(NOW);
        inbox.add(NOW.plus(Duration.ofDays(3)));
        assertThat(inbox.nextRetention()).hasValue(Instant.parse("2026-04-01T00:00:00Z"));
        assertThat(inbox.dropOld(Instant.parse("2026-03-31T23:59:59.999Z"))).isEmpty();
        assertThat(inbox.dropOld(inbox.nextRetention().orElseThrow())).containsExactly(1L);
        assertThat(inbox.nextRetention()).hasValue(Instant.parse("2026-04-04T00:00:00Z"));
        assertThat(inbox.dropOld(inbox.nextRetention().orElseThrow())).containsExactly(2L);
        assertThat(inbox.nextRetention()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"2019-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "2150-01-01T00:00:00Z", "2198-01-01T00:00:00Z"})
    void daysAreCountedForLong(Instant day) {
        inbox.add(day);
        assertThat(inbox.dropOld(day)).isEmpty();
        assertThat(inbox.dropOld(day.plus(Duration.ofDays(500)))).hasSize(1);
    }

    @Test
    void anInboxFromBeforeThereWereAgesCountsFromTheFirstDayThatIsSeen() {
        Inbox old = new Inbox(7, 5, new byte[] {Inbox.READ, 0, 0}, new byte[0], 0, 0);
        assertThat(old.unread()).isEqualTo(2);
        assertThat(old.seqs()).containsExactly(3L, 4L, 5L);
        assertThat(old.nextRetention()).isEmpty();
        assertThat(old.ages()).as("as it was, while nobody needs them").isEmpty();
        assertThat(old.act(acted(InboxAct.READ, List.of(4L), null))).hasSize(1);
        assertThat(old.add(NOW)).isEmpty();
        assertThat(old.ages()).hasSize(8);
        assertThat(old.dropOld(NOW.plus(Duration.ofDays(30)))).isEmpty();
        assertThat(old.dropOld(NOW.plus(Duration.ofDays(31)))).containsExactly(3L, 4L, 5L, 6L);

        Inbox quiet = new Inbox(7, 5, new byte[3], new byte[4], 0, 0);
        assertThat(quiet.dropOld(NOW)).isEmpty();
        assertThat(quiet.nextRetention()).hasValue(Instant.parse("2026-04-01T00:00:00Z"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(nullValues = "-", textBlock = """
            SEEN,              2, on another screen
            READ,              2, opened elsewhere
            DISMISSED,         2, dismissed elsewhere
            ARCHIVED,          2, put away elsewhere
            UNREAD,            -, nothing was done with it
            SEEN READ,         2, cleared once
            READ UNREAD READ,  2, it is not on the screens any more
            """)
    void whatWasPushedIsClearedOnceItIsSeenElsewhere(String acts, Long cleared, String why) {
        add(3);
        inbox.pushed(2);
        List<Long> all = new ArrayList<>();
        for (String act : acts.split(" ", -1)) {
            Map<Long, Flags> changed = inbox.act(acted(InboxAct.valueOf(act), List.of(1L, 2L), null));
            all.addAll(inbox.clearPushed(changed.keySet()));
        }
        assertThat(all).isEqualTo(cleared == null ? List.of() : List.of(cleared));
        assertThat(inbox.wasPushed(2)).isEqualTo(cleared == null);
    }

    @Test
    void whatIsPushedAgainIsClearedAgain() {
        add(1);
        for (int time = 0; time < 2; time++) {
            inbox.pushed(1);
            assertThat(inbox.act(acted(InboxAct.READ, List.of(1L), null))).hasSize(1);
            assertThat(inbox.clearPushed(Set.of(1L))).containsExactly(1L);
            inbox.act(acted(InboxAct.UNREAD, List.of(1L), null));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, 0, 4, Long.MAX_VALUE})
    void anItemThatIsNotKeptIsOnNoDevice(long unknown) {
        add(3);
        inbox.pushed(unknown);
        assertThat(inbox.wasPushed(unknown)).isFalse();
        assertThat(inbox.isSeen(unknown)).isFalse();
        assertThat(inbox.clearPushed(Set.of(unknown, 1L))).isEmpty();
        assertThat(inbox.marks()).containsOnly(0);
    }

    @Test
    void beingPushedIsNothingThatAnyoneDid() {
        add(1);
        inbox.pushed(1);
        assertThat(inbox.unread()).isEqualTo(1);
        assertThat(inbox.isSeen(1)).isFalse();
        assertThat(inbox.act(acted(InboxAct.UNREAD, List.of(1L), null))).isEmpty();
        assertThat(inbox.act(acted(InboxAct.SEEN, List.of(1L), null)))
                .isEqualTo(Map.of(1L, new Flags(true, false, false, false)));
    }

    private void add(int items) {
        for (int item = 0; item < items; item++) {
            inbox.add(NOW);
        }
    }

    private Map<Long, Flags> act(InboxAct act, long upTo) {
        return inbox.act(acted(act, List.of(), upTo));
    }

    static InboxActed acted(InboxAct act, List<Long> seqs, Long upTo) {
        return new InboxActed("acme", "ann", act, seqs, upTo, null, Instant.EPOCH);
    }
}
