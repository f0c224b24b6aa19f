package io.herald.topology.router;

import io.herald.schema.GatewayLeased;
import io.herald.schema.OpenLeg;
import io.herald.schema.OpenNotification;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.PresenceChanged;
import io.herald.schema.PresenceState;
import io.herald.schema.SocketOutcome;
import io.herald.schema.SocketReported;
import io.herald.schema.WaitsFor;
import io.herald.topology.presence.Leases;
import io.herald.topology.presence.Sockets;
import java.time.Instant;
import java.util.List;

/** What is known of a user's sockets and of their quiet hours, and what of theirs goes on because it has changed. */
final class Presence {
    private final RouterState state;
    private final NotificationPipeline notifications;

    Presence(RouterState state, NotificationPipeline notifications) {
        this.state = state;
        this.notifications = notifications;
    }

    /** Plans that a gateway lives, or stops; for everyone whose sockets it holds. */
    static Plan leased(GatewayLeased said, RouterState state, Instant now) {
        Plan plan = new Plan();
        Leases.after(state.lease(said.getGateway()), said, now).ifPresent(lease -> {
            plan.change(new Plan.Change.SaveLease(lease));
            Leases.forgotten(state.leases(), lease, now)
                    .forEach(gateway -> plan.change(new Plan.Change.DropLease(gateway)));
        });
        return plan;
    }

    /**
     * Plans that a socket was opened, and then that its gateway hears from where on it is told of changes; or closed.
     */
    static void changed(PresenceChanged change, Draft draft) {
        draft.connections(Sockets.after(draft.connections(), change, draft.now()));
        if (change.getState() == PresenceState.CONNECTED) {
            InboxWrites.greet(change, draft);
        }
    }

    /**
     * Plans what a gateway says of an item: shown, so that the user has the rule's time from now to notice it; or not,
     * so that push goes out at once. What it says of an item that nothing waits for changes nothing of that item.
     */
    void reported(SocketReported report, Draft draft) {
        boolean shown = report.getOutcome() == SocketOutcome.SHOWN;
        draft.connections(Sockets.answered(draft.connections(), report.getGateway(), shown));
        if (shown) {
            draft.open().notification(report.getNotificationId()).ifPresent(open -> waiting(open, WaitsFor.SOCKET)
                    .forEach(leg ->
                            Legs.reschedule(open, leg, draft.now().plusMillis(acknowledgeWithin(open, draft)), draft)));
        } else if (!draft.isOnline()) {
            draft.open().asList().forEach(open -> wake(open, draft));
        }
    }

    /** Plans that what waits for the end of quiet hours is looked at again at once, when these may have changed. */
    void quietHoursChanged(PreferenceChanged change, Draft draft) {
        if (change.getZone() == null && change.getQuietHours() == null && change.getDoNotDisturbUntil() == null) {
            return;
        }
        Instant now = draft.now();
        for (OpenNotification open : draft.open().asList()) {
            waiting(open, WaitsFor.QUIET_HOURS).forEach(leg -> Legs.reschedule(open, leg, now, draft));
        }
    }

    private void wake(OpenNotification open, Draft draft) {
        waiting(open, WaitsFor.SOCKET).forEach(leg -> notifications.wakeNow(open, leg, draft));
    }

    private long acknowledgeWithin(OpenNotification open, Draft draft) {
        Long within = state.rules()
                .of(draft.user().tenant(), open.getCategory(), draft.user().user())
                .terms()
                .getAcknowledgeWithinMs();
        return within == null ? 0 : within;
    }

    private static List<OpenLeg> waiting(OpenNotification open, WaitsFor what) {
        return open.getLegs().stream().filter(leg -> leg.getWaitsFor() == what).toList();
    }
}
