package io.herald.topology.presence;

import io.herald.schema.Connection;
import io.herald.schema.GatewayLease;
import io.herald.schema.PresenceChanged;
import io.herald.schema.PresenceState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** The open sockets of one user. Pure: lists that are given are not changed. */
public final class Sockets {
    /** How many are known of a user; the one heard of first goes for another. */
    public static final int MOST = 20;

    private Sockets() {}

    /** Tells the lease of a gateway, if there is one. */
    public interface Leased extends Function<String, Optional<GatewayLease>> {}

    /** Returns them after one was opened or closed. Either may be told twice. */
    public static List<Connection> after(List<Connection> open, PresenceChanged change, Instant now) {
        List<Connection> next = new ArrayList<>(open);
        next.removeIf(one -> one.getConnectionId().equals(change.getConnectionId())
                && one.getGateway().equals(change.getGateway()));
        if (change.getState() == PresenceState.CONNECTED) {
            if (next.size() >= MOST) {
                next.remove(0);
            }
            next.add(new Connection(
                    change.getDevice(),
                    change.getConnectionId(),
                    change.getGateway(),
                    now,
                    change.getInstance(),
                    false));
        }
        return next;
    }

    /**
     * Returns them after a gateway said whether it could show an item. One that could not may still hold them, so they
     * go on hearing of changes; but nobody counts on them until it shows something again, or they open anew.
     */
    public static List<Connection> answered(List<Connection> open, String gateway, boolean shown) {
        return open.stream()
                .map(one -> one.getGateway().equals(gateway) && one.getSilent() == shown
                        ? Connection.newBuilder(one).setSilent(!shown).build()
                        : one)
                .toList();
    }

    /**
     * Returns those that may still be open: without those of earlier lives of their gateways, and of gateways that were
     * forgotten.
     */
    public static List<Connection> living(List<Connection> open, Leased leases, Instant now) {
        return open.stream()
                .filter(one -> isOfThisLife(one, leases.apply(one.getGateway()), now))
                .toList();
    }

    /** Returns whether somebody may look: a socket of a gateway that lives, and that showed what it was asked to. */
    public static boolean isOnline(List<Connection> open, Leased leases, Instant now) {
        return open.stream().anyMatch(one -> !one.getSilent() && isLive(one, leases.apply(one.getGateway()), now));
    }

    /** Returns the gateways that are to hear of changes, in a fixed order. */
    public static List<String> gateways(List<Connection> open) {
        return open.stream().map(Connection::getGateway).distinct().sorted().toList();
    }

    // A gateway tells its life with a socket and with its lease, by different topics: a life that is not that of the
    // lease is an earlier one if its socket was there before, or else a later one whose lease is on its way. In doubt
    // it
    // is kept: one too many costs a question, one too few all that its user does not hear of.
    private static boolean isOfThisLife(Connection one, Optional<GatewayLease> lease, Instant now) {
        if (lease.isEmpty()) {
            return one.getInstance() == null || isYoung(one, now);
        }
        Instant began = lease.get().getInstanceSince();
        return Objects.equals(one.getInstance(), lease.get().getInstance())
                ? isYoung(one, began)
                : !one.getSince().isBefore(began);
    }

    private static boolean isYoung(Connection one, Instant at) {
        return one.getSince().plus(Leases.KEPT).isAfter(at);
    }

    // Gateways of older builds have no lives and no leases, and are taken at their word.
    private static boolean isLive(Connection one, Optional<GatewayLease> lease, Instant now) {
        return lease.map(known -> Leases.isValid(known, now)).orElse(one.getInstance() == null);
    }
}
