package io.herald.topology.simulation;

import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.Receipt;
import io.herald.schema.ReceiptReported;
import io.herald.schema.ReportedOutcome;
import io.herald.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Senders and the providers behind them: each delivery is attempted once, unless it is stale, and reported on; mostly.
 */
final class Senders {
    private final World world;
    private final Chance chance;
    private final boolean calm;
    private final List<Delivery> attempted = new ArrayList<>();
    private final Set<String> accepted = new HashSet<>();
    private final List<DeliveryReported> reports = new ArrayList<>();

    /** Makes them; {@code calm} ones, and their providers, accept whatever is not stale. */
    Senders(World world, Chance chance, boolean calm) {
        this.world = world;
        this.chance = chance;
        this.calm = calm;
    }

    /** Returns the deliveries that a provider was asked to send, once for each attempt. */
    List<Delivery> attempted() {
        return attempted;
    }

    /** A delivery has arrived. */
    void saw(Delivery delivery) {
        Duration queue = calm || chance.percent(80)
                ? Duration.ofMillis(chance.between(20, 900))
                : chance.between(Duration.ofSeconds(1), Duration.ofHours(5));
        world.after(queue, () -> attempt(delivery));
    }

    /** Something is reported that was reported before, or on what has long ended. */
    void repeat() {
        if (!reports.isEmpty()) {
            DeliveryReported old = chance.oneOf(reports);
            DeliveryReported.Builder report = DeliveryReported.newBuilder(old);
            if (chance.percent(30)) {
                report.setOutcome(old.getDelivery() == null ? ReportedOutcome.ACCEPTED : anyOutcome());
            }
            world.send(Topics.DELIVERY_REPORTED, report.build());
        }
    }

    private void attempt(Delivery delivery) {
        if (!world.now().isBefore(delivery.getValidUntil())) {
            report(delivery, ReportedOutcome.STALE);
            return;
        }
        attempted.add(delivery);
        if (accepted.contains(delivery.getDeliveryId())) {
            throw new AssertionError("the provider has accepted it, and is asked again: " + delivery);
        }
        ReportedOutcome outcome = calm ? ReportedOutcome.ACCEPTED : outcome(delivery);
        if (outcome == ReportedOutcome.ACCEPTED) {
            accepted.add(delivery.getDeliveryId());
            if (!calm && chance.percent(10)) {
                receipt(delivery);
            }
        }
        if (calm || chance.percent(96)) {
            Duration answer = calm || chance.percent(90)
                    ? Duration.ofMillis(chance.between(10, 2_000))
                    : chance.between(Duration.ofSeconds(2), Duration.ofHours(30));
            world.after(answer, () -> report(delivery, outcome));
        }
    }

    // Whatever was accepted, and whenever: providers keep no order in what they tell later.
    private void receipt(Delivery delivery) {
        world.after(
                chance.between(Duration.ofMillis(1), Duration.ofHours(5)),
                () -> world.send(
                        Topics.RECEIPT_REPORTED,
                        new ReceiptReported(
                                delivery.getTenant(),
                                delivery.getUser(),
                                delivery.getNotificationId(),
                                delivery.getDeliveryId(),
                                delivery.getRoute(),
                                chance.oneOf(Receipt.values()),
                                null,
                                world.now())));
    }

    private ReportedOutcome outcome(Delivery delivery) {
        if (chance.percent(70)) {
            return ReportedOutcome.ACCEPTED;
        }
        return chance.percent(15) && delivery.getSilent() ? ReportedOutcome.REJECTED : anyOutcome();
    }

    private ReportedOutcome anyOutcome() {
        return chance.oneOf(
                ReportedOutcome.RETRY,
                ReportedOutcome.RETRY,
                ReportedOutcome.REJECTED,
                ReportedOutcome.ADDRESS_GONE,
                ReportedOutcome.MISCONFIGURED,
                ReportedOutcome.UNKNOWN);
    }

    private void report(Delivery delivery, ReportedOutcome outcome) {
        DeliveryReported report = DeliveryReported.newBuilder()
                .setTenant(delivery.getTenant())
                .setUser(delivery.getUser())
                .setNotificationId(delivery.getNotificationId())
                .setDeliveryId(delivery.getDeliveryId())
                .setAttempt(delivery.getAttempt())
                .setRoute(delivery.getRoute())
                .setOutcome(outcome)
                .setReason(outcome == ReportedOutcome.ACCEPTED ? null : "because")
                .setProviderId(outcome == ReportedOutcome.ACCEPTED ? "p-" + delivery.getAttempt() : null)
                .setRetryAfterMs(chance.maybe(20, () -> chance.between(0L, 600_000L)))
                .setAsOf(outcome == ReportedOutcome.ADDRESS_GONE ? chance.maybe(50, this::someTimeAgo) : null)
                .setReportedAt(world.now())
                .setVendor(delivery.getVendor())
                .setTookMs(outcome == ReportedOutcome.STALE ? null : chance.between(1L, 4_000L))
                .setDelivery(outcome == ReportedOutcome.ACCEPTED ? null : delivery)
                .build();
        reports.add(report);
        world.send(Topics.DELIVERY_REPORTED, report);
        if (!calm && chance.percent(8)) {
            world.after(
                    chance.between(Duration.ofMillis(1), Duration.ofHours(2)),
                    () -> world.send(Topics.DELIVERY_REPORTED, report));
        }
    }

    private Instant someTimeAgo() {
        return world.now().minus(chance.between(Duration.ofSeconds(1), Duration.ofDays(1)));
    }
}
