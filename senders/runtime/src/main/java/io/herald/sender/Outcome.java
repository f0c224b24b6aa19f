package io.herald.sender;

import io.herald.schema.DeliveryReported;
import io.herald.schema.ReportedOutcome;
import java.time.Duration;
import java.time.Instant;

/**
 * What one attempt at a provider came to. The type decides what the router does next; reasons are the provider's codes,
 * for people to read, and never its sentences: these may quote what was sent.
 */
public sealed interface Outcome {
    /** Returns the outcome's name in reports and metrics. */
    ReportedOutcome kind();

    /** Fills in what this outcome knows beyond its name. */
    void describe(DeliveryReported.Builder report);

    /** Returns what it says of the provider, or of our credentials there. */
    Health health();

    /** How an attempt found the provider. */
    enum Health {
        /** It answers as it should; what it refuses, it refuses for what is in the delivery. */
        WELL,
        /** Any other delivery would have met the same: it is down, or busy, or does not let us in. */
        ILL,
        /** It was not asked, or nothing can be told of it. */
        UNSEEN
    }

    /**
     * The provider took it, which is not to say that a person has it. The router ends the delivery.
     *
     * @param providerId the provider's id of the message
     */
    record Accepted(String providerId) implements Outcome {
        @Override
        public ReportedOutcome kind() {
            return ReportedOutcome.ACCEPTED;
        }

        @Override
        public void describe(DeliveryReported.Builder report) {
            report.setProviderId(providerId);
        }

        @Override
        public Health health() {
            return Health.WELL;
        }
    }

    /**
     * The provider did not take it and may take it later. The router waits, never less than {@code after}, and hands it
     * out again, unless it expires or has failed too often.
     *
     * @param after how long the provider asks to wait with this delivery; zero where it does not say
     * @param outage whether any other delivery would have met the same; then the sender may stop for a while, and
     *     report nothing of it
     * @param pause how long the provider asks to be left alone by all
     */
    record Retry(Duration after, String reason, boolean outage, Duration pause) implements Outcome {
        /** A retry that may be of one or of all. */
        public static Retry of(Duration after, String reason, boolean outage) {
            return outage ? ofAll(after, reason) : ofOne(after, reason);
        }

        /** A retry that is about this delivery alone, such as a device that gets too many. */
        public static Retry ofOne(Duration after, String reason) {
            return new Retry(after, reason, false, Duration.ZERO);
        }

        /** A retry that would be the same for all: a provider that is down or busy, or cannot be reached. */
        public static Retry ofAll(Duration after, String reason) {
            return new Retry(after, reason, true, after);
        }

        /** The same, where only this delivery has to wait: the provider has failed on it before. */
        public static Retry ofAllButWait(Duration after, String reason) {
            return new Retry(after, reason, true, Duration.ZERO);
        }

        @Override
        public Health health() {
            return outage ? Health.ILL : Health.WELL;
        }

        @Override
        public ReportedOutcome kind() {
            return ReportedOutcome.RETRY;
        }

        @Override
        public void describe(DeliveryReported.Builder report) {
            report.setReason(reason).setRetryAfterMs(after.isZero() ? null : after.toMillis());
        }
    }

    /** The provider will never take this message. The router ends the delivery and writes a dead letter. */
    record Rejected(String reason) implements Outcome {
        @Override
        public ReportedOutcome kind() {
            return ReportedOutcome.REJECTED;
        }

        @Override
        public void describe(DeliveryReported.Builder report) {
            report.setReason(reason);
        }

        @Override
        public Health health() {
            return Health.WELL;
        }
    }

    /**
     * The address exists no longer. The router ends the delivery, and forgets the address if it was registered before
     * {@code asOf}.
     *
     * @param asOf since when, as the provider says; null where it does not say
     */
    record AddressGone(Instant asOf, String reason) implements Outcome {
        @Override
        public ReportedOutcome kind() {
            return ReportedOutcome.ADDRESS_GONE;
        }

        @Override
        public void describe(DeliveryReported.Builder report) {
            report.setReason(reason).setAsOf(asOf);
        }

        @Override
        public Health health() {
            return Health.WELL;
        }
    }

    /**
     * Our fault: credentials, topic, project, account. Says nothing about message or address. The router tries again as
     * for {@link Retry}, so that a repaired credential saves what waits; operators are to be alarmed.
     *
     * @param outage whether any other delivery would have met the same; then the sender stops until somebody mends it,
     *     and reports nothing of it
     */
    record Misconfigured(String reason, boolean outage) implements Outcome {
        /** A fault that only some deliveries meet: those of one app, say. */
        public static Misconfigured ofSome(String reason) {
            return new Misconfigured(reason, false);
        }

        /** A fault that all deliveries meet. */
        public static Misconfigured ofAll(String reason) {
            return new Misconfigured(reason, true);
        }

        @Override
        public Health health() {
            return outage ? Health.ILL : Health.WELL;
        }

        @Override
        public ReportedOutcome kind() {
            return ReportedOutcome.MISCONFIGURED;
        }

        @Override
        public void describe(DeliveryReported.Builder report) {
            report.setReason(reason);
        }
    }

    /**
     * The request left, or may have left, and no answer came. Only this may make a provider see a delivery twice: the
     * router tries again, and collapse id or tag hide the repeat where the channel has one.
     *
     * @param outage whether it speaks against the provider; not where each delivery has an endpoint of its own
     */
    record Unknown(String reason, boolean outage) implements Outcome {
        /** Silence that any other delivery might have met. */
        public Unknown(String reason) {
            this(reason, true);
        }

        /** Silence of an endpoint that no other delivery goes to. */
        public static Unknown ofOne(String reason) {
            return new Unknown(reason, false);
        }

        @Override
        public ReportedOutcome kind() {
            return ReportedOutcome.UNKNOWN;
        }

        @Override
        public void describe(DeliveryReported.Builder report) {
            report.setReason(reason);
        }

        @Override
        public Health health() {
            return outage ? Health.ILL : Health.UNSEEN;
        }
    }

    /** It was not sent, as the decision is past its shelf life. The router decides anew. */
    record Stale() implements Outcome {
        @Override
        public ReportedOutcome kind() {
            return ReportedOutcome.STALE;
        }

        @Override
        public void describe(DeliveryReported.Builder report) {
            // The name says it all.
        }

        @Override
        public Health health() {
            return Health.UNSEEN;
        }
    }
}
