package io.herald.sender;

import io.herald.schema.Delivery;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Answers as it is told, and remembers what it was asked. */
final class ScriptedProvider implements Provider {
    private final List<Delivery> calls = new CopyOnWriteArrayList<>();
    private final List<String> accepted = new CopyOnWriteArrayList<>();
    private final Map<String, AtomicInteger> out = new ConcurrentHashMap<>();
    private final Map<String, Integer> together = new ConcurrentHashMap<>();
    private final Function<Delivery, CompletionStage<Outcome>> script;
    private volatile boolean inOrder;
    private volatile boolean closed;

    ScriptedProvider(Function<Delivery, CompletionStage<Outcome>> script) {
        this.script = script;
    }

    /** Accepts everything at once. */
    static ScriptedProvider accepting() {
        return new ScriptedProvider(delivery -> accept());
    }

    static CompletionStage<Outcome> accept() {
        return CompletableFuture.completedFuture(new Outcome.Accepted("provider-1"));
    }

    /** Promises an order, or does not. */
    ScriptedProvider inOrder(boolean promised) {
        inOrder = promised;
        return this;
    }

    @Override
    public CompletionStage<Outcome> send(Delivery delivery) {
        calls.add(delivery);
        AtomicInteger ofUser = out.computeIfAbsent(delivery.getUser(), any -> new AtomicInteger());
        together.merge(delivery.getUser(), ofUser.incrementAndGet(), Math::max);
        return script.apply(delivery).whenComplete((outcome, failure) -> {
            ofUser.decrementAndGet();
            if (outcome instanceof Outcome.Accepted) {
                accepted.add(delivery.getDeliveryId());
            }
        });
    }

    @Override
    public boolean inOrder() {
        return inOrder;
    }

    /** Returns the ids of the deliveries it was called with, in order. */
    List<String> called() {
        return calls.stream().map(Delivery::getDeliveryId).toList();
    }

    /** Returns the ids of those that it has accepted. */
    List<String> accepted() {
        return List.copyOf(accepted);
    }

    /** Returns how many of a user's were out at a time, at most. */
    int together(String user) {
        return together.getOrDefault(user, 0);
    }

    boolean closed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
    }
}
