package io.herald.topology.intake;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Tells in time how far a consumer is behind, from samples of where its log ended: the age of the oldest sample that it
 * has not reached.
 */
final class LagEstimate {
    private static final int MOST_SAMPLES = 600;

    private final Deque<Sample> unreached = new ArrayDeque<>();

    private record Sample(long at, long end) {}

    /**
     * Takes a sample.
     *
     * @param now milliseconds
     * @param end the offset that the next record of the log will have
     * @param committed the offset that the consumer will read next
     */
    void sample(long now, long end, long committed) {
        Sample last = unreached.peekLast();
        if (last == null || end > last.end()) {
            unreached.addLast(new Sample(now, end));
        }
        while (!unreached.isEmpty() && unreached.peekFirst().end() <= committed) {
            unreached.removeFirst();
        }
        if (unreached.size() > MOST_SAMPLES) {
            // The last two become one, with the age of the older: too much lag costs credit, too little latency.
            Sample newest = unreached.removeLast();
            Sample older = unreached.removeLast();
            unreached.addLast(new Sample(older.at(), newest.end()));
        }
    }

    /** Returns the lag at {@code now}. */
    Duration at(long now) {
        Sample oldest = unreached.peekFirst();
        return oldest == null ? Duration.ZERO : Duration.ofMillis(now - oldest.at());
    }
}
