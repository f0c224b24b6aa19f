package io.herald.simulator;

import java.util.List;
import java.util.function.Consumer;

/**
 * A provider on loopback: what it has taken, and how it fares.
 *
 * @param <T> what it takes
 */
public abstract class Simulator<T> implements AutoCloseable {
    private final Arrivals<T> arrivals = new Arrivals<>();
    private final Script script;

    Simulator(Dialect dialect) {
        this.script = new Script(dialect);
    }

    /** Returns the newest of what was taken, oldest first, {@value Arrivals#KEPT} at most. */
    public final List<T> received() {
        return arrivals.list();
    }

    /** Returns how much was taken since the start or {@link #clear}. */
    public final long count() {
        return arrivals.count();
    }

    /** Returns how many requests there were since the start, those refused or left without an answer among them. */
    public final long requests() {
        return script.requests();
    }

    /** Calls {@code listener} with each that is taken from now on, on a thread of the simulator. */
    public final void onReceived(Consumer<T> listener) {
        arrivals.listen(listener);
    }

    /**
     * Answers the next {@code requests} with {@code answer}, after what was ordered before, and whatever the weather.
     * The code of an {@link Answer#error} is the provider's own.
     */
    public final void answerNext(int requests, Answer answer) {
        script.add(requests, answer);
    }

    /** Lets requests meet a fault from now on, or {@link Weather#FINE none}. */
    public final void weather(Weather weather) {
        script.weather(weather);
    }

    /** Returns what it was told last. */
    public final Weather weather() {
        return script.weather();
    }

    /** Forgets what was taken, orders and weather, but not who is known here. */
    public void clear() {
        arrivals.clear();
        script.clear();
    }

    @Override
    public abstract void close();

    final void keep(T arrival) {
        arrivals.add(arrival);
    }

    final Script script() {
        return script;
    }
}
