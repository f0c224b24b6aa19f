package io.herald.topology.feedback;

import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.DeliveryState;
import io.herald.schema.OnUnknown;
import io.herald.schema.Reason;
import java.time.Duration;
import java.time.Instant;

/**
 * Decides what a report of an attempt means for its delivery. How many attempts may fail, and what an answer that never
 * came means, the delivery itself says: as the rule was when it was decided.
 */
public final class Feedback {
    /** 5 s doubled this often, less one: about five minutes. */
    private static final int LONGEST_STALE_STEP = 7;

    private Feedback() {}

    /** What to do. */
    public sealed interface Verdict {
        /**
         * The delivery ends.
         *
         * @param reason why, or null when it was accepted
         * @param redrivable whether it belongs to the dead letters
         */
        record End(DeliveryState state, Reason reason, boolean redrivable) implements Verdict {}

        /** It is tried again at {@code due}. */
        record TryAgain(Instant due, Reason reason, int failures) implements Verdict {}

        /** The address is to be forgotten, if it still is what it was; the delivery ends. */
        record Prune(Delivery delivery, Instant asOf) implements Verdict {}

        /** It was not sent, and has to be decided anew. */
        record DecideAnew(Delivery delivery) implements Verdict {}
    }

    /**
     * Decides; {@code now} is the router's time.
     *
     * @param another whether another provider may send it
     */
    public static Verdict of(DeliveryReported report, boolean another, Instant now) {
        return switch (report.getOutcome()) {
            case ACCEPTED -> new Verdict.End(DeliveryState.ACCEPTED, null, false);
            case RETRY -> again(report, Reason.PROVIDER_BUSY, now);
            case UNKNOWN -> unknown(report, now);
            case MISCONFIGURED -> again(report, Reason.MISCONFIGURED, now);
            case REJECTED -> new Verdict.End(DeliveryState.DEAD, Reason.REJECTED, true);
            case ADDRESS_GONE -> new Verdict.Prune(report.getDelivery(), report.getAsOf());
            case STALE -> stale(report, another, now);
        };
    }

    // At once the first time; where another provider may take it, also if it failed before. Again and again stale means
    // that a clock is wrong or a queue too long, and deciding
    // faster would only make it longer; no attempt is burnt by it.
    private static Verdict stale(DeliveryReported report, boolean another, Instant now) {
        int handedBack = report.getAttempt() - 1 - report.getDelivery().getFailures();
        if (report.getAttempt() <= 1 || (another && handedBack <= 0)) {
            return new Verdict.DecideAnew(report.getDelivery());
        }
        Duration wait = Backoff.after(Math.min(report.getAttempt() - 1, LONGEST_STALE_STEP), null, seed(report));
        return later(report, wait, Reason.STALE, report.getDelivery().getFailures(), now);
    }

    // Where the rule would rather send none than two, what may have been sent is not sent again: not by hand either.
    private static Verdict unknown(DeliveryReported report, Instant now) {
        return report.getDelivery().getOnUnknown() == OnUnknown.END
                ? new Verdict.End(DeliveryState.DEAD, Reason.NO_ANSWER, false)
                : again(report, Reason.NO_ANSWER, now);
    }

    private static Verdict again(DeliveryReported report, Reason reason, Instant now) {
        int before = report.getDelivery().getFailures();
        int failures = before + 1;
        if (before >= report.getDelivery().getAttempts() - 1) {
            return new Verdict.End(
                    DeliveryState.DEAD, reason == Reason.MISCONFIGURED ? reason : Reason.ATTEMPTS_EXHAUSTED, true);
        }
        Duration asked = report.getRetryAfterMs() == null ? null : Duration.ofMillis(report.getRetryAfterMs());
        // Bounded before it is added: a provider may ask for more than an Instant can hold.
        Duration wait = Backoff.after(failures, asked, seed(report));
        return later(report, wait, reason, failures, now);
    }

    private static String seed(DeliveryReported report) {
        return report.getDeliveryId() + "/" + report.getAttempt();
    }

    private static Verdict later(DeliveryReported report, Duration wait, Reason reason, int failures, Instant now) {
        Duration left = Duration.between(now, report.getDelivery().getExpiresAt());
        return wait.compareTo(left) >= 0
                ? new Verdict.End(DeliveryState.EXPIRED, Reason.PAST_EXPIRY, false)
                : new Verdict.TryAgain(now.plus(wait), reason, failures);
    }
}
