package io.herald.topology.simulation;

import io.herald.schema.BroadcastState;
import io.herald.schema.BroadcastStateKey;
import io.herald.schema.Decision;
import io.herald.schema.Delivery;
import io.herald.schema.Lane;
import io.herald.schema.LedgerEntry;
import io.herald.schema.Mail;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.Reason;
import io.herald.schema.SocketOutcome;
import io.herald.schema.SocketReported;
import io.herald.schema.Tick;
import io.herald.schema.Transition;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.guarantee.Guarantee;
import io.herald.topology.guarantee.History;
import io.herald.topology.guarantee.Keys;
import io.herald.wire.UserKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/**
 * The router as somebody would be it who has all the time in the world: they remember every word in a list, look
 * through all of it for each question, and keep no agenda. They say of each verdict what it must be, and of each record
 * what must have been decided by its end; in which order things are decided that are due at once, they leave to the
 * router.
 */
final class Reference implements Guarantee {
    // A tick with so much credit reaches everything that is due in so small a world.
    private static final int ENOUGH = 50;

    private final History history;
    private final Inboxes inboxes = new Inboxes();
    private final List<String> faults = new ArrayList<>();
    private final Attempts attempts;
    private final Decisions decisions;
    private Mail mail;

    Reference(History history) {
        this.history = history;
        this.attempts = new Attempts(history, inboxes, faults::add);
        this.decisions = new Decisions(history, inboxes, attempts, faults::add);
    }

    @Override
    public void read(Mail next) {
        mail = next;
        if (!history.isRepeat()) {
            inboxes.read(next);
            decisions.read(next);
            attempts.read(next, decisions.open());
            rescheduled(next.getBody());
        }
    }

    // What waits for the end of quiet hours is looked at when these change; what waits for a socket has the rule's time
    // from when the socket showed it.
    private void rescheduled(Object body) {
        if (body instanceof PreferenceChanged change
                && (change.getZone() != null
                        || change.getQuietHours() != null
                        || change.getDoNotDisturbUntil() != null)) {
            decisions.reschedule(
                    new UserKey(change.getTenant(), change.getUser()),
                    (known, leg) -> leg.why() == Reason.QUIET_HOURS || leg.why() == Reason.DO_NOT_DISTURB,
                    (known, leg) -> history.now());
        } else if (body instanceof SocketReported report && report.getOutcome() == SocketOutcome.SHOWN) {
            decisions.reschedule(
                    new UserKey(report.getTenant(), report.getUser()),
                    (known, leg) -> leg.why() == Reason.ON_SOCKET
                            && known.notification.getNotificationId().equals(report.getNotificationId()),
                    (known, leg) -> acknowledgedBy(known));
        }
    }

    private Instant acknowledgedBy(Known known) {
        Long within = history.rule(known.user, known.notification.getCategory())
                .terms()
                .getAcknowledgeWithinMs();
        return history.now().plusMillis(within == null ? 0 : within);
    }

    @Override
    public void written(Topic topic, byte[] key, SpecificRecord value) {
        if (history.isRepeat()) {
            faults.add("a repeat of intake's is answered");
        } else if (value instanceof Delivery delivery && !delivery.getSilent()) {
            attempts.handedOut(delivery);
        } else if (topic.equals(Topics.BROADCAST_STATE)) {
            BroadcastStateKey at = Keys.read(BroadcastStateKey.class, key);
            decisions.broadcast(at, (BroadcastState) value);
        } else if (topic.equals(Topics.LEDGER)) {
            LedgerEntry entry = (LedgerEntry) value;
            UserKey user = new UserKey(entry.getTenant(), entry.getUser());
            if (entry.getBody() instanceof Transition moved) {
                attempts.moved(moved, decisions.find(entry.getNotificationId()));
            } else if (entry.getBody() instanceof Decision decision) {
                decisions.decided(user, entry.getNotificationId(), decision);
            }
            decisions.forgetEnded();
        } else {
            inboxes.written(topic, key, value);
        }
    }

    // When everything that follows from a record is written.
    @Override
    public void check() {
        if (mail != null && !history.isRepeat()) {
            if (mail.getBody() instanceof Tick tick) {
                due(Lane.URGENT, tick.getUrgentCredit());
                due(Lane.BULK, tick.getCredit());
            }
            inboxes.check(faults::add);
            decisions.check();
            attempts.check();
        }
        mail = null;
        if (!faults.isEmpty()) {
            throw new AssertionError("not as the reference has it: " + String.join("\n", faults));
        }
    }

    private void due(Lane lane, int credit) {
        Instant now = history.now();
        if (credit > 0) {
            decisions.due(lane, now, credit >= ENOUGH);
        }
        if (credit >= ENOUGH) {
            decisions.open().forEach(known -> attempts.due(known, lane, now));
        }
    }
}
