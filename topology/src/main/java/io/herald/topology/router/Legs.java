package io.herald.topology.router;

import io.herald.schema.Channel;
import io.herald.schema.Notification;
import io.herald.schema.OpenLeg;
import io.herald.schema.OpenNotification;
import io.herald.schema.Pending;
import io.herald.schema.PendingKind;
import io.herald.schema.Unless;
import io.herald.topology.agenda.AgendaEntry;
import io.herald.wire.UserKey;
import java.time.Instant;

/**
 * Channels of notifications that wait: each has a compact entry with its user, a payload, and a place on the agenda.
 */
final class Legs {
    // Sorts behind every letter.
    private static final String AFTER_INBOX = "/~";

    private Legs() {}

    /** Returns the id under which a channel of a notification waits; the inbox sorts first. */
    static String id(String notificationId, Channel channel) {
        return notificationId + (channel == Channel.INBOX ? "/" : AFTER_INBOX) + channel;
    }

    /** Returns the notification that such an id names. */
    static String notificationId(String id) {
        return id.substring(0, id.lastIndexOf('/'));
    }

    /** Returns the channel that such an id names. */
    static Channel channel(String id) {
        String name = id.substring(id.lastIndexOf('/'));
        return Channel.valueOf(name.startsWith(AFTER_INBOX) ? name.substring(2) : name.substring(1));
    }

    /** Returns the agenda entry of a leg. */
    static AgendaEntry entry(UserKey user, String notificationId, OpenLeg leg) {
        return new AgendaEntry(
                leg.getLane(), leg.getDue(), AgendaEntry.Kind.LEG, user, id(notificationId, leg.getChannel()));
    }

    /** Puts a leg's payload away until it is due. */
    static void schedule(Notification notification, OpenLeg leg, Draft draft) {
        draft.change(new Plan.Change.Schedule(
                entry(draft.user(), notification.getNotificationId(), leg),
                Pending.newBuilder()
                        .setKind(PendingKind.LEG)
                        .setDue(leg.getDue())
                        .setNotification(notification)
                        .setChannel(leg.getChannel())
                        .setWaitsFor(leg.getWaitsFor())
                        .setUnless(leg.getUnless())
                        .setLane(leg.getLane())
                        .setMailboxPartition(draft.cause().partition())
                        .setMailboxOffset(draft.cause().offset())
                        .build()));
    }

    /** Moves a leg to another time; nothing for one whose payload is gone. */
    static void reschedule(OpenNotification notification, OpenLeg leg, Instant due, Draft draft) {
        String id = notification.getNotificationId();
        draft.pending(id(id, leg.getChannel())).ifPresent(pending -> {
            draft.change(new Plan.Change.Unschedule(entry(draft.user(), id, leg)));
            again(pending, due, draft);
        });
    }

    /** Lets a leg that is not on the agenda any more wait for another time. */
    static void again(Pending leg, Instant due, Draft draft) {
        Pending moved = Pending.newBuilder(leg).setDue(due).build();
        draft.change(new Plan.Change.Schedule(Waits.entry(draft.user(), moved), moved));
        draft.open().notification(leg.getNotification().getNotificationId()).ifPresent(known -> draft.open()
                .put(OpenNotification.newBuilder(known)
                        .setLegs(known.getLegs().stream()
                                .map(open -> open.getChannel() == leg.getChannel()
                                        ? OpenLeg.newBuilder(open).setDue(due).build()
                                        : open)
                                .toList())
                        .build()));
    }

    /** Returns whether what a user did in the inbox makes a leg unnecessary. */
    static boolean cancelledBy(Unless unless, boolean done, boolean seen) {
        return switch (unless) {
            case NEVER -> false;
            case READ -> done;
            case SEEN -> done || seen;
        };
    }
}
