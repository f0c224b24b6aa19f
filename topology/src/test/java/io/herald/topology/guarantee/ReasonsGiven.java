package io.herald.topology.guarantee;

import io.herald.schema.ChannelVerdict;
import io.herald.schema.Decision;
import io.herald.schema.DeliveryState;
import io.herald.schema.LedgerEntry;
import io.herald.schema.Reason;
import io.herald.schema.Transition;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import org.apache.avro.specific.SpecificRecord;

/** Whatever is not delivered, or not yet, has a reason in the ledger. */
public final class ReasonsGiven implements Guarantee {
    private final Faults faults = new Faults();

    @Override
    public void written(Topic topic, byte[] key, SpecificRecord value) {
        if (!topic.equals(Topics.LEDGER)) {
            return;
        }
        LedgerEntry entry = (LedgerEntry) value;
        if (entry.getBody() instanceof Decision decision) {
            faults.unless(
                    decision.getVerdicts().isEmpty() == (decision.getReason() != null),
                    entry.getNotificationId() + " has neither verdicts nor a reason, or both: " + decision);
            for (ChannelVerdict verdict : decision.getVerdicts()) {
                given(entry.getNotificationId(), verdict.getState(), verdict.getReason());
                faults.unless(
                        (verdict.getState() == DeliveryState.WAITING && verdict.getReason() != Reason.UNKNOWN_CATEGORY)
                                == (verdict.getDueAt() != null),
                        entry.getNotificationId() + " waits, and nobody knows until when");
            }
        } else if (entry.getBody() instanceof Transition moved && !moved.getLate()) {
            given(entry.getNotificationId(), moved.getState(), moved.getReason());
        }
    }

    private void given(String notification, DeliveryState state, Reason reason) {
        boolean given = reason != null && reason != Reason.OTHER;
        boolean needed =
                switch (state) {
                    case ACCEPTED, ROUTED -> false;
                    case WAITING, SKIPPED, DEAD, EXPIRED, CANCELLED -> true;
                };
        faults.unless(given || !needed, notification + " is " + state + " for no reason");
    }

    @Override
    public void check() {
        faults.check();
    }
}
