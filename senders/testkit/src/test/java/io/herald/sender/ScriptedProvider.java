package io.herald.sender;

import io.herald.schema.Delivery;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Answers as it is told, and remembers what it was asked. */
final class ScriptedProvider implements Provider {
    private final List<Delivery> calls = new CopyOnWriteArrayList<>();
    private final Function<Delivery, CompletionStage<Outcome>> script;
    private volatile boolean closed;

    ScriptedProvider(Function<Delivery, CompletionStage<Outcome>> script) {
        this.script = script;
    }

    /** Accepts everything at once. */
    static ScriptedProvider accepting() {
        return new ScriptedProvider(delivery -> accepted());
    }

    static CompletionStage<Outcome> accepted() {
        return CompletableFuture.completedFuture(new Outcome.Accepted("provider-1"));
    }

    @Override
    public CompletionStage<Outcome> send(Delivery delivery) {
        calls.add(delivery);
        return script.apply(delivery);
    }

    /** Returns the ids of the deliveries it was called with, in order. */
    List<String> called() {
        return calls.stream().map(Delivery::getDeliveryId).toList();
    }

    boolean closed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
    }
}
