package io.herald.topology.simulation;

/** State that a crash sets back to the last commit. */
interface Transactional {
    void commit();

    void rollBack();
}
