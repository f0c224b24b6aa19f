package io.herald.simulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The newest {@value #KEPT} of what a simulator has taken. Thread-safe. */
final class Arrivals<T> {
    static final int KEPT = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);

    private final Deque<T> newest = new ArrayDeque<>();
    private final List<Consumer<T>> listeners = new CopyOnWriteArrayList<>();
    private long count;

    /** Keeps {@code arrival} and tells the listeners; one that throws harms nobody else. */
    void add(T arrival) {
        synchronized (this) {
            count++;
            newest.addLast(arrival);
            if (newest.size() > KEPT) {
                newest.removeFirst();
            }
        }
        for (Consumer<T> listener : listeners) {
            try {
                listener.accept(arrival);
            } catch (RuntimeException bug) {
                LOG.warn("A listener failed", bug);
            }
        }
    }

    /** Returns a copy, oldest first. */
    synchronized List<T> list() {
        return List.copyOf(newest);
    }

    /** Returns how many there were, those no longer kept among them. */
    synchronized long count() {
        return count;
    }

    synchronized void clear() {
        newest.clear();
        count = 0;
    }

    void listen(Consumer<T> listener) {
        listeners.add(listener);
    }
}
