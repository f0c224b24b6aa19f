package io.herald.sender;

import io.herald.schema.Delivery;
import java.util.concurrent.CompletionStage;

/**
 * One vendor's service, behind whatever client it is reached by.
 *
 * <p>The loop calls {@link #send} from one thread, and never has more than {@code in.flight.max} calls out at a time,
 * so a client's own queue stays bounded. It calls once for each delivery that it was handed: a provider makes one
 * attempt and never repeats by itself, as only the router knows whether the user still wants it.
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

    /** Gives up connections and threads. Called once, when nothing is in flight any more or the wait for it is over. */
    @Override
    void close();
}
