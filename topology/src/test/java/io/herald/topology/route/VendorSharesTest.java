package io.herald.topology.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.DeliveryReported;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Route;
import io.herald.schema.RouteChanged;
import io.herald.schema.RouteShare;
import io.herald.schema.Vendor;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VendorSharesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final List<Vendor> VENDORS = List.of(Vendor.values());
    private static final List<ReportedOutcome> OUTCOMES = List.of(ReportedOutcome.values());

    @ParameterizedTest(name = "{0}:{1} is {2} %, {3}")
    @CsvSource(textBlock = """
            100, 0,   100, one provider
            0,   100, 0,   the other one
            50,  50,  50,  halves
            80,  20,  80,  as it says
            1,   3,   25,  weights need not be of a hundred
            1,   99,  2,   never less than what shows whether it is well
            100, 1,   98,  of either
            """)
    void newWeightsAreTheShareThatItBeginsWith(int first, int second, int percent, String why) {
        assertThat(share(first, second, null).getPercent()).isEqualTo(percent);
    }

    /** Of 50:50, the first provider has given three ill reports; here is one more, and what the share is then. */
    @ParameterizedTest(name = "{5}")
    @CsvSource(nullValues = "-", textBlock = """
            RETRY,         -,    1,   FIRST,  40, it was busy once too often
            UNKNOWN,       -,    1,   FIRST,  40, it did not answer
            MISCONFIGURED, -,    1,   FIRST,  40, it does not let us in
            STALE,         -,    1,   FIRST,  40, its sender handed it back
            ACCEPTED,      2001, 1,   FIRST,  40, it was slow
            REJECTED,      2001, 1,   FIRST,  40, also with what it refuses
            ACCEPTED,      2000, 1,   FIRST,  50, it was as slow as it may be
            REJECTED,      -,    1,   FIRST,  50, what it refuses it would always refuse
            ADDRESS_GONE,  -,    1,   FIRST,  50, that is about the address
            RETRY,         -,    0.9, FIRST,  50, not yet a second
            RETRY,         -,    1,   SECOND, 50, one report does not make the other ill
            """)
    void theShareMovesAwayFromAnIllProvider(
            ReportedOutcome outcome, Long tookMs, double seconds, Vendor vendor, int percent, String why) {
        RouteShare share = share(50, 50, 2_000L);
        for (int count = 1; count < VendorShares.ILL; count++) {
            share = VendorShares.after(share, report(ReportedOutcome.RETRY, Vendor.FIRST, null), NOW);
        }
        Instant later = NOW.plusMillis((long) (seconds * 1_000));
        assertThat(VendorShares.after(share, report(outcome, vendor, tookMs), later)
                        .getPercent())
                .isEqualTo(percent);
    }

    @Test
    void itMovesByTensOnceASecondAndComesBackMoreSlowly() {
        RouteShare share = share(80, 20, null);
        Instant now = NOW;
        for (int count = 0; count < 200; count++) {
            now = now.plusMillis(100);
            share = VendorShares.after(share, report(ReportedOutcome.UNKNOWN, Vendor.FIRST, null), now);
        }
        assertThat(share.getPercent()).as("after twenty seconds").isEqualTo(VendorShares.PROBE);

        for (int count = 0; count < VendorShares.WINDOW; count++) {
            share = VendorShares.after(share, report(ReportedOutcome.ACCEPTED, Vendor.FIRST, null), now);
        }
        assertThat(share.getPercent()).as("well, but only now").isEqualTo(VendorShares.PROBE);
        for (int percent : List.of(12, 22, 32, 42, 52, 62, 72, 80, 80)) {
            now = now.plus(VendorShares.BACK);
            share = VendorShares.after(share, report(ReportedOutcome.ACCEPTED, Vendor.SECOND, null), now);
            assertThat(share.getPercent()).isEqualTo(percent);
        }
    }

    @Test
    void whenBothAreIllItIsAsTheOperatorWantsIt() {
        RouteShare share = ill(share(80, 20, null), Vendor.FIRST, NOW.plusSeconds(60));
        assertThat(share.getPercent()).isLessThan(80);
        share = ill(share, Vendor.SECOND, NOW.plusSeconds(61));
        for (int count = 0; count < 20; count++) {
            share = VendorShares.after(
                    share, report(ReportedOutcome.UNKNOWN, Vendor.SECOND, null), NOW.plusSeconds(100 + 10L * count));
            share = VendorShares.after(
                    share, report(ReportedOutcome.UNKNOWN, Vendor.FIRST, null), NOW.plusSeconds(101 + 10L * count));
        }
        assertThat(share.getPercent()).isEqualTo(80);
    }

    @ParameterizedTest(name = "{0}:{1} by {2}: {3}")
    @CsvSource(nullValues = "-", textBlock = """
            100, 0,   FIRST,  there is no other
            0,   100, SECOND, nor here
            50,  50,  -,      nobody says which it was
            """)
    void nothingFollowsWhereThereIsNothingToShare(int first, int second, Vendor vendor, String why) {
        RouteShare share = share(first, second, null);
        assertThat(VendorShares.after(share, report(ReportedOutcome.RETRY, vendor, null), NOW.plusSeconds(9)))
                .isEqualTo(share);
    }

    @ParameterizedTest(name = "{0}:{1} after {2}: {4}")
    @CsvSource(nullValues = "-", textBlock = """
            -,   -,   -,      -,      nobody ever said
            100, 0,   -,      -,      the second has no weight
            100, 0,   SECOND, -,      and has it no more
            0,   100, -,      SECOND, the first has none
            0,   100, SECOND, SECOND, no other can take it
            50,  50,  FIRST,  SECOND, the other takes it
            99,  1,   FIRST,  SECOND, however little it gets
            50,  50,  SECOND, FIRST,  and the other way round
            """)
    void whatComesBackGoesToTheOther(Integer first, Integer second, Vendor failed, Vendor chosen, String why) {
        Optional<RouteShare> share = first == null ? Optional.empty() : Optional.of(share(first, second, null));
        assertThat(VendorShares.choose(share, "d-1", 1, failed)).isEqualTo(Optional.ofNullable(chosen));
    }

    @Test
    void aShareIsOfDeliveriesAndTheSameAttemptAlwaysGoesTheSameWay() {
        Optional<RouteShare> share = Optional.of(share(80, 20, null));
        long first = IntStream.range(0, 10_000)
                .filter(number ->
                        VendorShares.choose(share, "d-" + number, 1, null).equals(Optional.of(Vendor.FIRST)))
                .count();
        assertThat(first).isBetween(7_800L, 8_200L);
        assertThat(VendorShares.choose(share, "d-1", 1, null)).isEqualTo(VendorShares.choose(share, "d-1", 1, null));
    }

    /** Whatever is reported whenever: the share keeps its bounds, and moves away from nobody who is well. */
    @Property(tries = 500)
    void theShareStaysInBoundsAndMovesTheRightWay(
            @ForAll @IntRange(min = 1, max = 100) int first,
            @ForAll @IntRange(min = 1, max = 100) int second,
            @ForAll @Size(max = 200) List<@IntRange(max = 799) Integer> reports) {
        RouteShare share = share(first, second, 1_000L);
        int target = share.getPercent();
        Instant now = NOW;
        for (int drawn : reports) {
            now = now.plusMillis(drawn * 20L);
            Vendor vendor = VENDORS.get(drawn % VENDORS.size());
            ReportedOutcome outcome = OUTCOMES.get(drawn / 2 % OUTCOMES.size());
            RouteShare after = VendorShares.after(share, report(outcome, vendor, drawn * 2L), now);
            assertThat(after.getPercent()).isBetween(VendorShares.PROBE, 100 - VendorShares.PROBE);
            int step = after.getPercent() - share.getPercent();
            assertThat(Math.abs(step)).isLessThanOrEqualTo(VendorShares.STEP);
            boolean firstIll = Integer.bitCount(after.getFirstIll()) >= VendorShares.ILL;
            boolean secondIll = Integer.bitCount(after.getSecondIll()) >= VendorShares.ILL;
            if (firstIll == secondIll) {
                assertThat(Math.abs(target - after.getPercent()))
                        .isLessThanOrEqualTo(Math.abs(target - share.getPercent()));
            } else {
                assertThat(firstIll ? -step : step).isNotNegative();
            }
            share = after;
        }
    }

    /** However ill both were: once they are well, it is soon as the operator wants it, and stays so. */
    @Property(tries = 200)
    void theShareComesBack(
            @ForAll @IntRange(min = 1, max = 100) int first,
            @ForAll @IntRange(min = 1, max = 100) int second,
            @ForAll @Size(max = 100) List<@IntRange(max = 99) Integer> before) {
        RouteShare share = share(first, second, null);
        int target = share.getPercent();
        Instant now = NOW;
        for (int drawn : before) {
            now = now.plusMillis(drawn * 40L);
            share = VendorShares.after(
                    share, report(ReportedOutcome.UNKNOWN, VENDORS.get(drawn % VENDORS.size()), null), now);
        }
        for (int count = 0; count < VendorShares.WINDOW + 100 / VendorShares.STEP; count++) {
            now = now.plus(VendorShares.BACK);
            for (Vendor vendor : Vendor.values()) {
                share = VendorShares.after(share, report(ReportedOutcome.ACCEPTED, vendor, null), now);
            }
        }
        assertThat(share.getPercent()).isEqualTo(target);
    }

    private static RouteShare ill(RouteShare share, Vendor vendor, Instant now) {
        RouteShare next = share;
        for (int count = 0; count < VendorShares.WINDOW; count++) {
            next = VendorShares.after(next, report(ReportedOutcome.UNKNOWN, vendor, null), now);
        }
        return next;
    }

    private static RouteShare share(int first, int second, Long slowMs) {
        return VendorShares.of(Optional.empty(), new RouteChanged(Route.EMAIL, first, second, slowMs), NOW);
    }

    private static DeliveryReported report(ReportedOutcome outcome, Vendor vendor, Long tookMs) {
        return DeliveryReported.newBuilder()
                .setTenant("acme")
                .setUser("ann")
                .setNotificationId("n-1")
                .setDeliveryId("d-1")
                .setAttempt(1)
                .setRoute(Route.EMAIL)
                .setOutcome(outcome)
                .setVendor(vendor)
                .setTookMs(tookMs)
                .setReportedAt(NOW)
                .build();
    }
}
