package io.herald.websocket;

import io.herald.schema.Realtime;
import io.herald.schema.SocketOutcome;
import io.herald.schema.SocketReported;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Tells the router whether an item was shown, where it asks this gateway: it then waits for the user to notice the
 * item, or pushes at once. SHOWN is said once a client of the user acknowledged the item; NO_SOCKET once the user has
 * none left, or none did so in time; and SHOWN after all where the client does so later, since the router takes a
 * gateway that shows nothing for one that cannot. A report that gets lost costs the user that wait, no more: the router
 * does not wait for ever. Thread-safe.
 */
final class ShownReports {
    private final String gateway;
    private final long patience;
    private final InboxLog log;
    private final GatewayMeters meters;
    // All wait equally long, so they run out in the order in which they came.
    private final Deque<Asked> inOrder = new ArrayDeque<>();
    private final Map<UserKey, List<Asked>> byUser = new HashMap<>();
    /** Of each user who is here and did not answer in time, the first item since then. */
    private final Map<UserKey, Asked> unanswered = new HashMap<>();

    /** An item that the router asks about, until it was answered. */
    private static final class Asked {
        private final Realtime change;
        private final long since;
        private boolean isAnswered;

        Asked(Realtime change, long since) {
            this.change = change;
            this.since = since;
        }

        UserKey user() {
            return new UserKey(change.getTenant(), change.getUser());
        }

        long seq() {
            return change.getSeqs().get(0);
        }
    }

    /**
     * Creates the reports of one gateway.
     *
     * @param gateway its id, as in its presence records
     * @param patience how long a client may take to acknowledge an item
     */
    ShownReports(String gateway, Duration patience, InboxLog log, GatewayMeters meters) {
        this.gateway = gateway;
        this.patience = patience.toNanos();
        this.log = log;
        this.meters = meters;
    }

    /** A change is about to be pushed. Where it asks this gateway, its answer is due from now on. */
    void pushing(Realtime change, long nanoTime) {
        boolean asked = change.getNotificationId() != null
                && !change.getSeqs().isEmpty()
                && change.getAskGateways().contains(gateway);
        if (asked) {
            Asked entry = new Asked(change, nanoTime);
            synchronized (this) {
                inOrder.add(entry);
                byUser.computeIfAbsent(entry.user(), user -> new ArrayList<>(1)).add(entry);
            }
        }
    }

    /** A client of the user has every item up to here. */
    void acknowledged(UserKey user, long upTo) {
        answer(user, asked -> asked.seq() <= upTo, SocketOutcome.SHOWN);
        Asked late;
        synchronized (this) {
            late = unanswered.get(user);
            if (late == null || late.seq() > upTo) {
                return;
            }
            unanswered.remove(user);
        }
        report(late.change, SocketOutcome.SHOWN);
    }

    /** The user has no client here, or none any more. */
    void gone(UserKey user) {
        answer(user, asked -> true, SocketOutcome.NO_SOCKET);
        synchronized (this) {
            unanswered.remove(user);
        }
    }

    /** Gives up what has waited for too long. */
    void expire(long nanoTime) {
        List<Asked> late = new ArrayList<>();
        synchronized (this) {
            while (!inOrder.isEmpty() && (inOrder.peek().isAnswered || nanoTime - inOrder.peek().since >= patience)) {
                Asked oldest = inOrder.poll();
                if (!oldest.isAnswered) {
                    remove(oldest);
                    unanswered.putIfAbsent(oldest.user(), oldest);
                    late.add(oldest);
                }
            }
        }
        late.forEach(asked -> report(asked.change, SocketOutcome.NO_SOCKET));
    }

    private void answer(UserKey user, Predicate<Asked> which, SocketOutcome outcome) {
        List<Asked> answered;
        synchronized (this) {
            answered =
                    byUser.getOrDefault(user, List.of()).stream().filter(which).toList();
            answered.forEach(this::remove);
        }
        answered.forEach(asked -> report(asked.change, outcome));
    }

    private void remove(Asked asked) {
        asked.isAnswered = true;
        byUser.computeIfPresent(asked.user(), (user, all) -> {
            all.remove(asked);
            return all.isEmpty() ? null : all;
        });
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
}
