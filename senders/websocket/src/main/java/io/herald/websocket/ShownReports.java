package io.herald.websocket;

import io.herald.schema.Realtime;
import io.herald.schema.SocketOutcome;
import io.herald.schema.SocketReported;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Tells the router whether an item was shown, where it asks this gateway: it then waits for the user to notice the
 * item, or pushes at once. A report that gets lost costs the user that wait, no more: the router does not wait for
 * ever. Thread-safe.
 */
final class ShownReports {
    private final String gateway;
    private final InboxLog log;
    private final GatewayMeters meters;

    /**
     * Creates the reports of one gateway.
     *
     * @param gateway its id, as in its presence records
     */
    ShownReports(String gateway, InboxLog log, GatewayMeters meters) {
        this.gateway = gateway;
        this.log = log;
        this.meters = meters;
    }

    /**
     * Returns who is to be told of each of {@code sockets} whether its frame was written. The report is SHOWN with the
     * first that was, and NO_SOCKET once there is none left that could be.
     */
    Consumer<Boolean> of(Realtime change, int sockets) {
        if (change.getNotificationId() == null || !change.getAskGateways().contains(gateway)) {
            return ShownReports::nothing;
        }
        if (sockets == 0) {
            report(change, SocketOutcome.NO_SOCKET);
        }
        return new Pending(change, sockets);
    }

    private void report(Realtime change, SocketOutcome outcome) {
        SocketReported report = SocketReported.newBuilder()
                .setTenant(change.getTenant())
                .setUser(change.getUser())
                .setNotificationId(change.getNotificationId())
                .setGateway(gateway)
                .setOutcome(outcome)
                .build();
        log.reported(report)
                .whenComplete((nothing, failure) -> meters.count(
                        GatewayMetric.SOCKET_REPORTS,
                        failure == null ? outcome.name().toLowerCase(Locale.ROOT) : "lost"));
    }

    private static void nothing(boolean written) {}

    /** Those of one change that are still on their way. Told of from the event loops of their sockets. */
    private final class Pending implements Consumer<Boolean> {
        private static final int REPORTED = 0;

        private final Realtime change;
        // How many frames there are; once it is 0, the report is made.
        private final AtomicInteger left;

        Pending(Realtime change, int sockets) {
            this.change = change;
            this.left = new AtomicInteger(sockets);
        }

        @Override
        public void accept(Boolean written) {
            if (written) {
                if (left.getAndSet(REPORTED) > REPORTED) {
                    report(change, SocketOutcome.SHOWN);
                }
            } else if (left.getAndUpdate(before -> Math.max(REPORTED, before - 1)) == 1) {
                report(change, SocketOutcome.NO_SOCKET);
            }
        }
    }
}
