package io.herald.local;

import java.util.ArrayList;
import java.util.List;

/**
 * Herald and everything that it needs, on one machine: what there is, what waits for what, and in which order it is
 * stopped.
 */
public final class LocalStack implements AutoCloseable {
    private final Progress progress;
    private final Ports ports;
    private final Infrastructure infrastructure;

    /** Puts a stack together, with nothing started yet. */
    public LocalStack(Installation installation, StateFolder folder, Ports ports, Progress progress) {
        this.progress = progress;
        this.ports = ports;
        this.infrastructure = new Infrastructure(installation, folder, ports);
    }

    /**
     * Starts everything and waits until all of it serves.
     *
     * @throws StackException naming what does not start; {@link #close} ends the rest
     */
    public void start() {
        List<String> taken = ports.taken();
        if (!taken.isEmpty()) {
            throw new StackException(String.join("\n", taken));
        }
        try (Steps steps = new Steps(progress)) {
            infrastructure.start(steps);
            steps.await();
        }
    }

    /**
     * Starts again what has died, and failed tasks of Connect. To be called every few seconds.
     *
     * @throws StackException if something does not come back
     */
    public void heal() {
        infrastructure.heal(progress);
    }

    public Infrastructure infrastructure() {
        return infrastructure;
    }

    /** Returns what there is and where, a line each. */
    String describe() {
        List<String> lines = new ArrayList<>(infrastructure.describe());
        return String.join("\n", lines);
    }

    /** Stops everything that was started, what others depend on last. */
    @Override
    public void close() {
        infrastructure.close();
    }
}
