package io.herald.topology.replay;

import java.time.Instant;
import java.util.List;

/**
 * What of the mailbox is replayed.
 *
 * @param start for each partition the first record behind the snapshot's cut
 * @param from for each partition the first record that the replay is about; those before it only bring the state there
 * @param to for each partition the first record that is not replayed
 */
record Stretch(Instant fromTime, Instant toTime, List<Long> start, List<Long> from, List<Long> to) {
    int partitions() {
        return start.size();
    }

    long records() {
        long records = 0;
        for (int partition = 0; partition < partitions(); partition++) {
            records += to.get(partition) - start.get(partition);
        }
        return records;
    }
}
