package io.herald.local.page;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a simulator has taken, and will take: {@code new Feed<>(simulator::received, simulator::onReceived)}.
 *
 * @param received returns what there is, oldest first
 * @param onReceived takes a listener for what comes; it may be called on any thread and returns at once
 */
public record Feed<T>(Supplier<List<T>> received, Consumer<Consumer<T>> onReceived) {
    /** Returns the same feed of something else. */
    public <R> Feed<R> map(Function<T, R> change) {
        return new Feed<>(
                () -> received.get().stream().map(change).toList(),
                listener -> onReceived.accept(arrival -> listener.accept(change.apply(arrival))));
    }
}
