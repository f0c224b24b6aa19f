package io.herald.topology.intake;

import java.time.Duration;

/** How far the router is behind. */
public interface RouterLagReading {
    /** Returns the lag of a mailbox partition. */
    Duration of(int partition);

    /** Returns how many partitions the mailbox has. */
    int partitions();
}
