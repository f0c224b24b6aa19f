package io.herald.topology.ledger;

import io.herald.schema.DeliveryState;
import io.herald.schema.OpenDelivery;
import io.herald.schema.OpenNotification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A user's notifications that have not ended: with deliveries that are out, or channels that wait. A draft: made from
 * the state, changed by one plan, written back with it.
 *
 * <p>That a delivery is in here is what makes a report count; when it has ended it is not, so a repeated report changes
 * nothing.
 */
public final class OpenDeliveries {
    /** How many deliveries of one user may be open; more are skipped rather than kept without bound. */
    public static final int MOST = 500;

    private final List<OpenNotification> open;

    /** Makes a draft; the list and its elements are not touched. */
    public OpenDeliveries(List<OpenNotification> open) {
        this.open = new ArrayList<>(open);
    }

    /** An open delivery and the notification that it is of. */
    public record Found(OpenNotification notification, OpenDelivery delivery) {}

    /** Returns whether there is no room for one more delivery or wait beside {@code planned} that are not in here. */
    public boolean isFull(int planned) {
        return open.stream()
                                .mapToInt(notification -> notification.getOpen().size()
                                        + notification.getLegs().size())
                                .sum()
                        + planned
                >= MOST;
    }

    /** Keeps a notification as it is now; one that has ended is kept no longer. */
    public void put(OpenNotification notification) {
        int at = 0;
        while (at < open.size() && !open.get(at).getNotificationId().equals(notification.getNotificationId())) {
            at++;
        }
        if (at == open.size()) {
            if (!isEnded(notification)) {
                open.add(notification);
            }
        } else if (isEnded(notification)) {
            open.remove(at);
        } else {
            open.set(at, notification);
        }
    }

    /** Returns whether nothing of a notification is out or waits. */
    public static boolean isEnded(OpenNotification notification) {
        return notification.getOpen().isEmpty() && notification.getLegs().isEmpty();
    }

    /** Returns a notification that has not ended. */
    public Optional<OpenNotification> notification(String notificationId) {
        return open.stream()
                .filter(notification -> notification.getNotificationId().equals(notificationId))
                .findFirst();
    }

    public Optional<Found> find(String deliveryId) {
        for (OpenNotification notification : open) {
            for (OpenDelivery delivery : notification.getOpen()) {
                if (delivery.getDeliveryId().equals(deliveryId)) {
                    return Optional.of(new Found(notification, delivery));
                }
            }
        }
        return Optional.empty();
    }

    /** Returns those that a sender has had until {@code now} or longer without a report, in a fixed order. */
    public List<Found> overdue(Instant now) {
        List<Found> overdue = new ArrayList<>();
        for (OpenNotification notification : open) {
            for (OpenDelivery delivery : notification.getOpen()) {
                if (!delivery.getWaiting() && !delivery.getDeadline().isAfter(now)) {
                    overdue.add(new Found(notification, delivery));
                }
            }
        }
        return overdue;
    }

    /** Returns whether some delivery already has this deadline, and so an agenda entry for it exists. */
    public boolean hasDeadline(Instant deadline) {
        return open.stream()
                .flatMap(notification -> notification.getOpen().stream())
                .anyMatch(delivery -> delivery.getDeadline().equals(deadline));
    }

    /** Notes that a delivery is handed out again, or waits. */
    public void update(Found found, int attempt, boolean waiting, Instant deadline) {
        OpenNotification notification =
                OpenNotification.newBuilder(found.notification()).build();
        for (OpenDelivery delivery : notification.getOpen()) {
            if (delivery.getDeliveryId().equals(found.delivery().getDeliveryId())) {
                delivery.setAttempt(attempt);
                delivery.setWaiting(waiting);
                delivery.setDeadline(deadline);
            }
        }
        open.set(open.indexOf(found.notification()), notification);
    }

    /**
     * Ends a delivery.
     *
     * @return the notification as it is now; it is no longer open when this was its last delivery
     */
    public OpenNotification end(Found found, DeliveryState state, String reason) {
        OpenNotification notification =
                OpenNotification.newBuilder(found.notification()).build();
        // Avro's own lists cannot remove while they iterate, nor be sorted.
        notification.setOpen(found.notification().getOpen().stream()
                .filter(delivery ->
                        !delivery.getDeliveryId().equals(found.delivery().getDeliveryId()))
                .toList());
        count(notification, state);
        if (reason != null) {
            notification.setReasons(Stream.concat(notification.getReasons().stream(), Stream.of(reason))
                    .distinct()
                    .sorted()
                    .toList());
        }
        if (!open.contains(found.notification())) {
            throw new IllegalArgumentException("what was found has changed since");
        }
        put(notification);
        return notification;
    }

    /** Returns the list to write back. */
    public List<OpenNotification> asList() {
        return new ArrayList<>(open);
    }

    /** Counts one delivery that ended in {@code state}. */
    public static void count(OpenNotification notification, DeliveryState state) {
        switch (state) {
            case ACCEPTED -> notification.setAccepted(notification.getAccepted() + 1);
            case SKIPPED -> notification.setSkipped(notification.getSkipped() + 1);
            case DEAD -> notification.setDead(notification.getDead() + 1);
            case EXPIRED -> notification.setExpired(notification.getExpired() + 1);
            case CANCELLED -> notification.setCancelled(notification.getCancelled() + 1);
            case ROUTED, WAITING -> {}
        }
    }
}
