package io.herald.topology.router;

import io.herald.schema.Connection;
import io.herald.schema.OpenLeg;
import io.herald.schema.OpenNotification;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.PresenceChanged;
import io.herald.schema.PresenceState;
import io.herald.schema.SocketReported;
import io.herald.schema.WaitsFor;
import java.time.Instant;
import java.util.List;

/** What is known of a user's sockets and of their quiet hours, and what of theirs goes on because it has changed. */
final class Presence {
    private static final int MOST_CONNECTIONS = 20;

    private final RouterState state;
    private final NotificationPipeline notifications;

    Presence(RouterState state, NotificationPipeline notifications) {
        this.state = state;
        this.notifications = notifications;
    }

    /** Plans that a socket was opened or closed. */
    void changed(PresenceChanged change, Draft draft) {
        List<Connection> connections = draft.connections();
        connections.removeIf(open -> open.getConnectionId().equals(change.getConnectionId())
                && open.getGateway().equals(change.getGateway()));
        if (change.getState() == PresenceState.CONNECTED) {
            if (connections.size() == MOST_CONNECTIONS) {
                connections.remove(0);
            }
            connections.add(new Connection(
                    change.getDevice(),
                    change.getConnectionId(),
                    change.getGateway(),
                    draft.now(),
                    change.getInstance(),
                    false));
        }
    }

    /**
     * Plans what a gateway says of an item: shown, so that the user has the rule's time from now to notice it; or not,
     * so that push goes out at once. What it says of an item that nothing waits for changes nothing.
     */
    void reported(SocketReported report, Draft draft) {
        switch (report.getOutcome()) {
            case SHOWN ->
                draft.open().notification(report.getNotificationId()).ifPresent(open -> waiting(open, WaitsFor.SOCKET)
                        .forEach(leg -> Legs.reschedule(
                                open, leg, draft.now().plusMillis(acknowledgeWithin(open, draft)), draft)));
            case NO_SOCKET -> {
                draft.connections().removeIf(open -> open.getGateway().equals(report.getGateway()));
                if (draft.connections().isEmpty()) {
                    draft.open().asList().forEach(open -> wake(open, draft));
                }
            }
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
