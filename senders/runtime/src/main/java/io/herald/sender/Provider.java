package io.herald.sender;

import io.herald.schema.Delivery;
import java.util.concurrent.CompletionStage;

/**
 * One vendor's service, behind whatever client it is reached by.
 *
 * <p>Both lanes share it: {@link #send} is called from a thread for each lane, and never are more than
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

    /** Gives up connections and threads. Called once, when nothing is in flight any more or the wait for it is over. */
    @Override
    void close();
}
