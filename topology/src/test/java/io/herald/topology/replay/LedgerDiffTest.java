package io.herald.topology.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.ChannelVerdict;
import io.herald.schema.Decision;
import io.herald.schema.DeliveryState;
import io.herald.schema.LedgerEntry;
import io.herald.schema.Reason;
import io.herald.schema.Route;
import io.herald.schema.Transition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerDiffTest {
    private static final Instant TEN = Instant.parse("2026-03-02T10:00:00Z");
    /** Offsets 100 to 199, from ten o'clock to one minute past. */
    private static final LedgerDiff.Bounds BOUNDS = new LedgerDiff.Bounds(1, 100, 200, TEN, TEN.plusSeconds(60));

    private static final LedgerEntry DECIDED = decision(1, 150, 30, DeliveryState.ROUTED, 7);

    @Test
    void theSameIsNoDifference() {
        LedgerEntry accepted = transition(160, 40, DeliveryState.ACCEPTED);
        assertThat(diff(List.of(DECIDED, accepted), List.of(DECIDED, accepted))).isEmpty();
        assertThat(diff(List.of(), List.of())).isEmpty();
    }

    @Test
    void aDifferenceIsShownWithoutWhatIsTheSameAroundIt() {
        LedgerEntry routed = transition(160, 40, DeliveryState.ROUTED);
        LedgerEntry accepted = transition(170, 45, DeliveryState.ACCEPTED);
        LedgerEntry dead = transition(170, 44, DeliveryState.DEAD);
        LedgerEntry late = transition(180, 50, DeliveryState.EXPIRED);

        assertThat(diff(List.of(DECIDED, routed, accepted, late), List.of(DECIDED, routed, dead, late)))
                .contains(new LedgerDiff.Difference(TEN.plusSeconds(44), List.of(accepted), List.of(dead)));
        assertThat(diff(List.of(DECIDED, routed), List.of(DECIDED)))
                .contains(new LedgerDiff.Difference(TEN.plusSeconds(40), List.of(routed), List.of()));
        assertThat(diff(List.of(), List.of(DECIDED)))
                .contains(new LedgerDiff.Difference(TEN.plusSeconds(30), List.of(), List.of(DECIDED)));
    }

    @Test
    void theOrderCounts() {
        LedgerEntry routed = transition(160, 40, DeliveryState.ROUTED);
        assertThat(diff(List.of(DECIDED, routed), List.of(routed, DECIDED))).isPresent();
    }

    @ParameterizedTest(name = "partition {0}, offset {1}, second {2}: {4}")
    @CsvSource(textBlock = """
            # partition, offset, second, missing, reason
            1,           150,    30,     true,    in the middle
            1,           90,     30,     true,    held since before the cut and decided after it
            0,           950,    30,     true,    held since before the partitions were doubled
            1,           99,     0,      false,   decided in the millisecond of the cut: it may be on either side
            1,           100,    0,      true,    in that millisecond but caused by a record behind the cut
            1,           90,     -1,     false,   before the cut
            1,           199,    60,     false,   in the millisecond of the end: it may be on either side
            1,           200,    60,     false,   in that millisecond but caused by a record behind the end
            1,           150,    61,     false,   held from within the stretch until behind it
            1,           250,    30,     false,   caused by a record behind the end
            """)
    void whatTheReplayLacksIsMissedOnlyIfItBelongsThere(
            int partition, long offset, int second, boolean missing, String reason) {
        LedgerEntry entry = decision(partition, offset, second, DeliveryState.ROUTED, 7);
        assertThat(diff(List.of(entry), List.of()).isPresent()).as(reason).isEqualTo(missing);
    }

    @Test
    void whatMayBeOnEitherSideCountsIfTheReplayHasItToo() {
        LedgerEntry first = decision(1, 99, 0, DeliveryState.ROUTED, 7);
        LedgerEntry last = transition(199, 60, DeliveryState.ACCEPTED);
        assertThat(diff(List.of(first, last), List.of(first, last))).isEmpty();
        assertThat(diff(List.of(first, last), List.of(last))).isEmpty();
        assertThat(diff(List.of(first, first), List.of(first))).isEmpty();
    }

    @Test
    void versionsOfRulesCountOnlyWhereTheRulesAreTheSame() {
        LedgerEntry by7 = decision(1, 150, 30, DeliveryState.ROUTED, 7);
        LedgerEntry by8 = decision(1, 150, 30, DeliveryState.ROUTED, 8);
        LedgerEntry skipped = decision(1, 150, 30, DeliveryState.SKIPPED, 8);
        assertThat(LedgerDiff.of(List.of(by7), List.of(by8), BOUNDS, true)).isPresent();
        assertThat(LedgerDiff.of(List.of(by7), List.of(by8), BOUNDS, false)).isEmpty();
        assertThat(LedgerDiff.of(List.of(by7), List.of(skipped), BOUNDS, false)).isPresent();
    }

    @Test
    void anEntryIsOneLine() {
        assertThat(LedgerDiff.line(decision(1, 150, 30, DeliveryState.SKIPPED, 7)))
                .isEqualTo("2026-03-02T10:00:30Z mailbox 1@150: decided as inbox 4 by rule 7, profile 2:"
                        + " PUSH phone SKIPPED(OPTED_OUT)");
        assertThat(LedgerDiff.line(transition(160, 40, DeliveryState.ACCEPTED)))
                .isEqualTo("2026-03-02T10:00:40Z mailbox 1@160: APNS phone attempt 2: ACCEPTED");
    }

    private static Optional<LedgerDiff.Difference> diff(List<LedgerEntry> was, List<LedgerEntry> is) {
        return LedgerDiff.of(was, is, BOUNDS, true);
    }

    private static LedgerEntry decision(int partition, long offset, int second, DeliveryState state, long rule) {
        return entry(
                partition,
                offset,
                second,
                Decision.newBuilder()
                        .setSource("shop")
                        .setEventId("e1")
                        .setCategory("comment")
                        .setSeq(4L)
                        .setProfileVersion(2)
                        .setRuleVersion(rule)
                        .setVerdicts(List.of(ChannelVerdict.newBuilder()
                                .setChannel(Channel.PUSH)
                                .setState(state)
                                .setAddressId("phone")
                                .setReason(state == DeliveryState.SKIPPED ? Reason.OPTED_OUT : null)
                                .build()))
                        .build());
    }

    private static LedgerEntry transition(long offset, int second, DeliveryState state) {
        return entry(
                1,
                offset,
                second,
                Transition.newBuilder()
                        .setDeliveryId("d1")
                        .setRoute(Route.APNS)
                        .setAddressId("phone")
                        .setAttempt(2)
                        .setState(state)
                        .setLate(false)
                        .build());
    }

    private static LedgerEntry entry(int partition, long offset, int second, Object body) {
        return LedgerEntry.newBuilder()
                .setTenant("acme")
                .setUser("ann")
                .setNotificationId("n1")
                .setAt(TEN.plusSeconds(second))
                .setMailboxPartition(partition)
                .setMailboxOffset(offset)
                .setBody(body)
                .build();
    }
}
