package io.herald.topology.presence;

import io.herald.schema.GatewayLease;
import io.herald.schema.GatewayLeased;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which gateways live, by what they say of themselves every few seconds. */
public final class Leases {
    /** For how many gateways a lease is kept; beyond that, those that ended first are forgotten. */
    public static final int MOST = 1_000;
    /** How long after its end a lease is kept. No socket is open for longer. */
    public static final Duration KEPT = Duration.ofHours(24);

    private Leases() {}

    /**
     * Returns a gateway's lease as it is once a gateway has spoken; nothing where it stays as it is: the farewell of an
     * earlier life may come behind the first words of the present one.
     */
    public static Optional<GatewayLease> after(Optional<GatewayLease> before, GatewayLeased said, Instant now) {
        boolean sameLife = before.isPresent() && before.get().getInstance().equals(said.getInstance());
        if (said.getTtlMs() == 0 && !sameLife) {
            return Optional.empty();
        }
        return Optional.of(new GatewayLease(
                said.getGateway(),
                said.getInstance(),
                sameLife ? before.get().getInstanceSince() : now,
                now.plusMillis(said.getTtlMs())));
    }

    /** Returns whether a lease is to be believed at {@code now}. */
    static boolean isValid(GatewayLease lease, Instant now) {
        return lease.getValidUntil().isAfter(now);
    }

    /** Returns the gateways to be forgotten when {@code saved} is kept beside {@code all}, in a fixed order. */
    public static List<String> forgotten(Collection<GatewayLease> all, GatewayLease saved, Instant now) {
        List<GatewayLease> others = all.stream()
                .filter(lease -> !lease.getGateway().equals(saved.getGateway()))
                .sorted(Comparator.comparing(GatewayLease::getValidUntil).thenComparing(GatewayLease::getGateway))
                .toList();
        Instant oldest = now.minus(KEPT);
        Stream<GatewayLease> old =
                others.stream().takeWhile(lease -> lease.getValidUntil().isBefore(oldest));
        Stream<GatewayLease> tooMany = others.stream().limit(Math.max(0, others.size() + 1 - MOST));
        return Stream.concat(old, tooMany)
                .map(GatewayLease::getGateway)
                .distinct()
                .toList();
    }
}
