package io.herald.topology.router;

import io.herald.schema.Delivery;
import io.herald.schema.OpenDelivery;
import io.herald.topology.timing.ShelfLife;
import java.time.Instant;

/** Sees to it that a delivery which nobody reports on ends all the same. */
final class Deadlines {
    private Deadlines() {}

    /** Returns the open entry of a delivery that goes out now, and puts its deadline on the agenda. */
    static OpenDelivery handOut(Delivery delivery, Draft draft) {
        Instant deadline = put(delivery, draft);
        return new OpenDelivery(
                delivery.getDeliveryId(),
                delivery.getRoute(),
                delivery.getAddressId(),
                delivery.getAttempt(),
                false,
                deadline);
    }

    /**
     * Returns the deadline of a delivery that goes out now; one agenda entry serves all of a user's with the same one.
     */
    static Instant put(Delivery delivery, Draft draft) {
        Instant deadline = ShelfLife.reportBy(delivery.getExpiresAt(), draft.now());
        draft.deadline(deadline);
        return deadline;
    }
}
