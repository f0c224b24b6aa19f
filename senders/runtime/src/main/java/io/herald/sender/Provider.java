package io.herald.sender;

import io.herald.schema.Delivery;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.OptionalDouble;
import java.util.concurrent.CompletionStage;

/**
 * One vendor's service, behind whatever client it is reached by.
 *
 * <p>Both lanes share it: {@link #send} is called from several threads, Kafka's own among them, and never are more than
 * {@link SenderConfig#callsMax} calls out at a time, so a client's own queue stays bounded. It is called once for each
 * delivery that was handed to the sender: a provider makes one attempt and never repeats by itself, as only the router
 * knows whether the user still wants it.
 */
public interface Provider extends AutoCloseable {
    /**
     * Makes one attempt. Returns at once; blocking work belongs on a thread of the provider's own.
     *
     * <p>The stage may complete on any thread. One that fails, or a call that throws, is taken for
     * {@link Outcome.Unknown}; one that takes longer than {@code request.timeout.ms} too, and a later answer is only
     * counted.
     */
    CompletionStage<Outcome> send(Delivery delivery);

    /**
     * Takes what to tell about addresses beyond an outcome, such as that a user has opted out. Called once, before
     * {@link #send}.
     */
    default void reportTo(AddressReports reports) {}

    /**
     * Returns what a delivery takes of {@code rate.per.second}: 1, or where an account is limited by something else, as
     * many as it is of those. Called on a lane's thread before {@link #send}.
     */
    default int weight(Delivery delivery) {
        return 1;
    }

    /**
     * Returns how much a second the account may send now, where the provider says so; it wins over what is configured
     * if it is less. Called often: must not block.
     */
    default OptionalDouble allowedPerSecond() {
        return OptionalDouble.empty();
    }

    /** Returns whether a user's deliveries are sent one after the other, each when the one before has its outcome. */
    default boolean inOrder() {
        return false;
    }

    /**
     * Adds meters of the provider's own, such as how much of a quota is used. Called once, before the first delivery.
     */
    default void bindTo(MeterRegistry registry) {
        // Most have none beside those of every sender.
    }

    /** Gives up connections and threads. Called once, when nothing is in flight any more or the wait for it is over. */
    @Override
    void close();
}
