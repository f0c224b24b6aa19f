package io.herald.topology.router;

import io.herald.schema.Lane;
import io.herald.schema.OpenLeg;
import io.herald.schema.Pending;
import io.herald.topology.agenda.AgendaEntry;
import io.herald.wire.UserKey;

/** Finds the agenda entry of a payload that waits. */
final class Waits {
    private Waits() {}

    /** Returns the entry, which is derived from the payload: so the agenda can be rebuilt. */
    static AgendaEntry entry(UserKey user, Pending pending) {
        return switch (pending.getKind()) {
            case RETRY ->
                new AgendaEntry(
                        pending.getDelivery().getLane(),
                        pending.getDue(),
                        AgendaEntry.Kind.RETRY,
                        user,
                        pending.getDelivery().getDeliveryId());
            case HOLD ->
                new AgendaEntry(
                        Lane.BULK,
                        pending.getDue(),
                        AgendaEntry.Kind.HOLD,
                        user,
                        pending.getNotification().getNotificationId());
            case LEG -> Legs.entry(user, pending.getNotification().getNotificationId(), leg(pending));
            case DIGEST -> Digesting.entry(user, pending.getDigest());
        };
    }

    private static OpenLeg leg(Pending pending) {
        return new OpenLeg(
                pending.getChannel(), pending.getWaitsFor(), pending.getUnless(), pending.getDue(), pending.getLane());
    }
}
