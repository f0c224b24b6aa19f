package io.herald.topology.snapshot;

import java.util.function.Consumer;

/**
 * Entries of one store and partition, by key. They may be more than memory holds, so they are handed out one by one.
 */
@FunctionalInterface
public interface Entries {
    /** Hands each to {@code reader}. */
    void forEach(Consumer<StateEntry> reader);
}
