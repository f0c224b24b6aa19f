package io.herald.topology.simulation;

/** What producers, operators, apps and providers do of their own accord. */
interface Life {
    /** What there is before anything happens. */
    void begin();

    /** One thing happens. */
    void one();
}
