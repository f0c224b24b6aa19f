package io.herald.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.api.InboxRow;
import io.herald.api.InboxSnapshot;
import io.herald.api.InboxSummary;
import io.herald.schema.InboxMark;
import io.herald.schema.Realtime;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class InboxGapTest {
    private static final UserKey ANN = new UserKey("demo", "ann");
    private static final Instant AT = Instant.parse("2026-01-01T12:00:00Z");

    /**
     * Items come, are read and are dropped; three sinks and the gateway lag each as they like; the client leaves and
     * comes back: in the end it has each item that is kept once, in order, and as read as it is.
     */
    @Property(tries = 1_000)
    void clientsEndWithEachItemOnceAndInOrder(
            @ForAll @Size(max = 150) List<@IntRange(min = 0, max = 99) Integer> moves) {
        InboxWorld world = new InboxWorld();

        moves.forEach(world::move);
        world.settle();

        assertThat(world.client().seqs()).as("each once, in order").isSorted().doesNotHaveDuplicates();
        assertThat(world.client().seqs()).as("no gap").containsAll(world.kept());
        assertThat(world.client().position().seq()).isEqualTo(world.lastSeq());
        assertThat(world.client().readOf(world.kept())).isEqualTo(world.read());
    }

    @Test
    void waitsForTheItemsThatWereGivenBeforeTheGreeting() {
        assertThat(gap(3, 0, null, 6, 9).in(snapshot(5, 9, 5, rows(1, 5)))).isEmpty();
        assertThat(gap(3, 0, null, 6, 9).in(snapshot(6, 9, 6, rows(1, 6)))).isPresent();
    }

    @Test
    void waitsForTheMarksThatWereMadeBeforeTheGreeting() {
        assertThat(gap(6, 0, null, 6, 9).in(snapshot(6, 8, 6, rows(1, 6)))).isEmpty();
    }

    @Test
    void waitsWhileSummaryAndItemsAreOfDifferentMoments() {
        assertThat(gap(6, 0, null, 6, 9).in(snapshot(6, 9, 5, rows(1, 6)))).isEmpty();
        assertThat(gap(6, 0, null, 6, 9).in(snapshot(7, 10, 6, rows(1, 6)))).isEmpty();
    }

    @Test
    void countsAsTheRouterDoesWhatIsUnread() {
        InboxMark dismissed = new InboxMark(9L, true, false, false, AT, true);
        List<InboxRow> rows = List.of(row(1, null), row(2, dismissed));

        assertThat(gap(2, 0, null, 2, 9).in(snapshot(2, 9, 1, rows))).isPresent();
        assertThat(gap(2, 0, null, 2, 9).in(snapshot(2, 9, 2, rows))).isEmpty();
    }

    /** Whoever caught up before their first item was told of no epoch. */
    @Test
    void goesOnWhereThereWasNoInboxYet() {
        assertThat(changes(gap(1, 0, 0, 2, 9).in(snapshot(2, 9, 2, rows(1, 2)))).changes())
                .hasSize(1);
    }

    @Test
    void tellsWhomNothingCanBeContinuedFor() {
        InboxSnapshot found = snapshot(120, 130, 100, rows(21, 120));

        assertThat(why(gap(19, 0, null, 120, 130).in(found))).isEqualTo(Missed.Why.TOO_OLD);
        assertThat(why(gap(120, 0, 2, 120, 130).in(found))).isEqualTo(Missed.Why.OTHER_EPOCH);
        assertThat(why(gap(121, 0, 1, 120, 130).in(found))).isEqualTo(Missed.Why.OTHER_EPOCH);
        assertThat(changes(gap(20, 0, 1, 120, 130).in(found)).changes()).hasSize(100);
    }

    @Test
    void givesEverythingToWhoHasNothing() {
        Missed.Changes all = changes(gap(0, 0, null, 120, 130).in(snapshot(120, 130, 100, rows(21, 120))));

        assertThat(all.changes()).hasSize(100).allMatch(change -> change.getItem() != null);
        assertThat(all.lastSeq()).isEqualTo(120);
    }

    @Test
    void knowsAnInboxThatHasNeverHadAnItem() {
        InboxSnapshot nothing = new InboxSnapshot(null, List.of(), AT);

        assertThat(changes(gap(0, 0, null, 0, 0).in(nothing)).changes()).isEmpty();
        assertThat(gap(0, 0, null, 1, 1).in(nothing))
                .as("its first has yet to come")
                .isEmpty();
    }

    @Test
    void knowsAnInboxWhoseItemsAreAllGone() {
        InboxSnapshot found = snapshot(33, 41, 0, List.of());

        assertThat(gap(33, 0, null, 33, 40).in(found))
                .as("it may have been read before it came")
                .isEmpty();
        assertThat(changes(gap(33, 0, null, 33, 40)
                                .in(new InboxSnapshot(found.summary(), List.of(), AT.plus(Duration.ofDays(2)))))
                        .lastSeq())
                .isEqualTo(33);
    }

    @Test
    void sendsMarksOfOneActTogetherAndNoneThatAreKnown() {
        InboxMark old = mark(4);
        InboxMark lately = mark(9);
        List<InboxRow> rows = List.of(row(1, old), row(2, lately), row(3, lately), row(4, null), row(5, lately));

        List<Realtime> changes =
                changes(gap(4, 5, null, 5, 9).in(snapshot(5, 9, 1, rows))).changes();

        assertThat(changes).hasSize(2);
        assertThat(changes.get(0).getSeqs()).as("a new item, with its mark").containsExactly(5L);
        assertThat(changes.get(0).getMark()).isEqualTo(lately);
        assertThat(changes.get(1).getSeqs()).containsExactly(2L, 3L);
        assertThat(changes.get(1).getItem()).isNull();
    }

    private static InboxGap gap(long seq, long version, Integer epoch, long leastSeq, long leastVersion) {
        return new InboxGap(ANN, new Position(seq, version, epoch), new Position(leastSeq, leastVersion, null));
    }

    private static InboxSnapshot snapshot(long lastSeq, long version, int unread, List<InboxRow> rows) {
        return new InboxSnapshot(new InboxSummary(version, lastSeq, unread, 0, 0, 1, "", AT), rows, AT);
    }

    private static List<InboxRow> rows(long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(seq -> row(seq, null))
                .toList();
    }

    private static InboxRow row(long seq, InboxMark mark) {
        return new InboxRow(seq, InboxWorld.item(seq), mark);
    }

    private static InboxMark mark(long version) {
        return new InboxMark(version, true, true, false, AT, false);
    }

    private static Missed.Changes changes(Optional<Missed> missed) {
        return (Missed.Changes) missed.orElseThrow();
    }

    private static Missed.Why why(Optional<Missed> missed) {
        return ((Missed.Unknown) missed.orElseThrow()).why();
    }
}
