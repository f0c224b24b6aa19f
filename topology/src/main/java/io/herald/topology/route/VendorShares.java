package io.herald.topology.route;

import io.herald.schema.DeliveryReported;
import io.herald.schema.RouteChanged;
import io.herald.schema.RouteShare;
import io.herald.schema.Vendor;
import io.herald.topology.identity.Ids;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How the deliveries of a route are shared between its two providers: as the operator wants it, and away from one that
 * is ill as long as the other is not. Ill is a provider of whose last {@value #WINDOW} reports {@value #ILL} or more
 * say that it did not answer, could not take it, took too long, or that its sender handed it back. The share moves away
 * by ten in a hundred at each further such report, once a second at most, and comes back by as much every ten seconds.
 * A provider with a weight keeps a small share however ill it is: otherwise nobody would see it recover.
 *
 * <p>Each partition of the mailbox has a share of its own, over what it sees itself. Late or repeated reports do not
 * count; time is the router's.
 *
 * @see <a href="https://github.com/alphagov/notifications-api">GOV.UK Notify, which shifts by tens, too</a>
 */
public final class VendorShares {
    static final int STEP = 10;
    static final int PROBE = 2;
    static final int WINDOW = 16;
    static final int ILL = 4;
    static final Duration AWAY = Duration.ofSeconds(1);
    static final Duration BACK = Duration.ofSeconds(10);

    private static final int WHOLE = 100;
    private static final int WINDOW_BITS = (1 << WINDOW) - 1;

    private VendorShares() {}

    /** Returns the share that new weights begin with: what is known of the providers is kept. */
    public static RouteShare of(Optional<RouteShare> before, RouteChanged terms, Instant now) {
        return RouteShare.newBuilder()
                .setTerms(terms)
                .setPercent(target(terms))
                .setMovedAt(now)
                .setFirstIll(before.map(RouteShare::getFirstIll).orElse(0))
                .setSecondIll(before.map(RouteShare::getSecondIll).orElse(0))
                .build();
    }

    /**
     * Returns the share after a report that counts, the same if nothing follows from it; what is given is not touched.
     */
    public static RouteShare after(RouteShare before, DeliveryReported report, Instant now) {
        Vendor vendor = vendor(report);
        if (vendor == null || !isShared(before.getTerms())) {
            return before;
        }
        boolean ill = isIll(report, before.getTerms());
        int first = vendor == Vendor.FIRST ? noted(before.getFirstIll(), ill) : before.getFirstIll();
        int second = vendor == Vendor.SECOND ? noted(before.getSecondIll(), ill) : before.getSecondIll();
        RouteShare.Builder after =
                RouteShare.newBuilder(before).setFirstIll(first).setSecondIll(second);
        Duration still = Duration.between(before.getMovedAt(), now);
        int percent = before.getPercent();
        int left = target(before.getTerms()) - percent;
        if (isIll(first) == isIll(second)) {
            // Neither is better, so it is as the operator wants it.
            if (left != 0 && still.compareTo(BACK) >= 0) {
                after.setPercent(percent + Math.max(-STEP, Math.min(STEP, left)))
                        .setMovedAt(now);
            }
        } else if (ill && (vendor == Vendor.FIRST) == isIll(first) && still.compareTo(AWAY) >= 0) {
            // Also where it cannot go further: the way back begins when this is over.
            after.setPercent(bounded(isIll(first) ? percent - STEP : percent + STEP))
                    .setMovedAt(now);
        }
        return after.build();
    }

    /**
     * Returns which provider is to send a delivery; empty where the route has only one. The same attempt always goes to
     * the same one while the share is the same.
     *
     * @param failed which one it comes back from; null if from none
     */
    public static Optional<Vendor> choose(Optional<RouteShare> share, String deliveryId, int attempt, Vendor failed) {
        if (share.isEmpty() || share.get().getTerms().getSecond() == 0) {
            return Optional.empty();
        }
        Optional<Vendor> other = other(share, failed);
        if (other.isPresent()) {
            return other;
        }
        long drawn = ByteBuffer.wrap(Ids.hash("vendor", deliveryId, Integer.toString(attempt))
                        .bytes())
                .getLong();
        return Optional.of(
                Long.remainderUnsigned(drawn, WHOLE) < share.get().getPercent() ? Vendor.FIRST : Vendor.SECOND);
    }

    /** Returns the provider that may send what {@code vendor} could not; empty if there is none. */
    public static Optional<Vendor> other(Optional<RouteShare> share, Vendor vendor) {
        return vendor == null || share.isEmpty() || !isShared(share.get().getTerms())
                ? Optional.empty()
                : Optional.of(vendor == Vendor.FIRST ? Vendor.SECOND : Vendor.FIRST);
    }

    private static boolean isIll(DeliveryReported report, RouteChanged terms) {
        boolean slow =
                terms.getSlowMs() != null && report.getTookMs() != null && report.getTookMs() > terms.getSlowMs();
        return slow
                || switch (report.getOutcome()) {
                    case RETRY, UNKNOWN, MISCONFIGURED, STALE -> true;
                    case ACCEPTED, REJECTED, ADDRESS_GONE -> false;
                };
    }

    private static boolean isIll(int reports) {
        return Integer.bitCount(reports) >= ILL;
    }

    private static int noted(int reports, boolean ill) {
        return (reports << 1 | (ill ? 1 : 0)) & WINDOW_BITS;
    }

    private static Vendor vendor(DeliveryReported report) {
        return report.getVendor() != null || report.getDelivery() == null
                ? report.getVendor()
                : report.getDelivery().getVendor();
    }

    private static boolean isShared(RouteChanged terms) {
        return terms.getFirst() > 0 && terms.getSecond() > 0;
    }

    private static int target(RouteChanged terms) {
        int percent = WHOLE * terms.getFirst() / (terms.getFirst() + terms.getSecond());
        return isShared(terms) ? bounded(percent) : percent;
    }

    private static int bounded(int percent) {
        return Math.max(PROBE, Math.min(WHOLE - PROBE, percent));
    }
}
