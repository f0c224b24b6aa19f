package io.herald.topology.simulation;

import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;

/** State in memory that a crash sets back to the last commit. */
interface Transactional extends StateStore {
    void commit();

    void rollBack();

    @Override
    default void init(StateStoreContext context, StateStore root) {}

    @Override
    default void close() {}

    @Override
    default boolean persistent() {
        return false;
    }

    @Override
    default boolean isOpen() {
        return true;
    }
}
