package io.herald.topology.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.ChannelVerdict;
import io.herald.schema.Decision;
import io.herald.schema.DeliveryState;
import io.herald.schema.LedgerEntry;
import io.herald.schema.Reason;
import io.herald.schema.Transition;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;

/**
 * Every channel of a notification, and every delivery on it, ends in exactly one state: what waits is decided again,
 * what was routed ends once, and nothing is said of what has ended. {@link #open} tells those that have not.
 */
public final class OneEndEach implements Guarantee {
    private static final Set<DeliveryState> ENDS = EnumSet.of(
            DeliveryState.ACCEPTED,
            DeliveryState.SKIPPED,
            DeliveryState.DEAD,
            DeliveryState.EXPIRED,
            DeliveryState.CANCELLED);

    private final Faults faults = new Faults();
    private final Set<String> held = new HashSet<>();
    private final Set<String> waiting = new HashSet<>();
    private final NavigableSet<String> decided = new TreeSet<>();
    private final Set<String> routed = new HashSet<>();
    private final Set<String> ended = new HashSet<>();

    @Override
    public void written(Topic topic, byte[] key, SpecificRecord value) {
        if (!topic.equals(Topics.LEDGER)) {
            return;
        }
        LedgerEntry entry = (LedgerEntry) value;
        String notification = entry.getTenant() + "/" + entry.getUser() + " " + entry.getNotificationId();
        if (entry.getBody() instanceof Decision decision && decision.getReason() == null) {
            decided(notification, decision);
        } else if (entry.getBody() instanceof Transition moved && !moved.getLate()) {
            moved(moved);
        }
    }

    private void decided(String notification, Decision decision) {
        if (!decision.getAgain()) {
            // An id may be used again when the window in which it is known is over; by then all of it has ended.
            decided.subSet(notification, notification + Character.MAX_VALUE).clear();
        }
        boolean wasHeld = decision.getAgain() && held.remove(notification);
        Set<String> now = new HashSet<>();
        for (ChannelVerdict verdict : decision.getVerdicts()) {
            String channel = notification + " " + verdict.getChannel();
            if (now.add(channel)) {
                boolean expected = decision.getAgain() == (wasHeld || waiting.remove(channel));
                faults.unless(expected, channel + " was decided, and waited for nothing");
                faults.unless(!decided.contains(channel), channel + " was decided twice");
            }
            if (verdict.getState() == DeliveryState.ROUTED) {
                faults.unless(
                        routed.add(verdict.getDeliveryId()) || ended.remove(verdict.getDeliveryId()),
                        channel + " was routed twice");
            }
            boolean waits = verdict.getState() == DeliveryState.WAITING;
            if (waits && verdict.getReason() == Reason.UNKNOWN_CATEGORY) {
                held.add(notification);
            } else if (waits) {
                waiting.add(channel);
            }
        }
        now.removeIf(waiting::contains);
        if (!held.contains(notification)) {
            decided.addAll(now);
        }
    }

    private void moved(Transition moved) {
        String delivery = moved.getDeliveryId();
        faults.unless(routed.contains(delivery), delivery + " was never routed");
        faults.unless(!ended.contains(delivery), delivery + " has ended, and became " + moved.getState());
        if (ENDS.contains(moved.getState())) {
            ended.add(delivery);
        }
    }

    @Override
    public void check() {
        faults.check();
    }

    /** Returns the deliveries that have not ended, and what waits. */
    public Set<String> open() {
        Set<String> open = new HashSet<>(routed);
        open.removeAll(ended);
        open.addAll(waiting);
        open.addAll(held);
        return open;
    }

    /** Demands that nothing is open, when the time of everything is over. */
    public void checkEnded() {
        assertThat(open()).as("what has not ended").isEmpty();
    }
}
