package io.herald.sender;

import io.herald.schema.DeliveryReported;
import io.herald.schema.ReportedOutcome;
import java.time.Duration;
import java.time.Instant;

/**
 * What one attempt at a provider came to. The type decides what the router does next; reasons are the provider's words,
 * for people to read.
 */
public sealed interface Outcome {
    /** Returns the outcome's name in reports and metrics. */
    ReportedOutcome kind();

    /** Fills in what this outcome knows beyond its name. */
    void describe(DeliveryReported.Builder report);

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
    }

    /**
     * The provider did not take it and may take it later. The router waits, never less than {@code after}, and hands it
     * out again, unless it expires or has failed too often.
     *
     * @param after how long the provider asks to wait; zero where it does not say
     */
    record Retry(Duration after, String reason) implements Outcome {
        /** A retry that waits as long as the router likes. */
        public Retry(String reason) {
            this(Duration.ZERO, reason);
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
    }

    /**
     * Our fault: credentials, topic, project, account. Says nothing about message or address. The router tries again as
     * for {@link Retry}, so that a repaired credential saves what waits; operators are to be alarmed.
     */
    record Misconfigured(String reason) implements Outcome {
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
     */
    record Unknown(String reason) implements Outcome {
        @Override
        public ReportedOutcome kind() {
            return ReportedOutcome.UNKNOWN;
        }

        @Override
        public void describe(DeliveryReported.Builder report) {
            report.setReason(reason);
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
    }
}
