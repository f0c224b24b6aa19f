package io.herald.topology.feedback;

import io.herald.topology.identity.Ids;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * How long to wait before the next attempt: anything up to 5, 10, 20 … seconds, at most 15 minutes. All of the span is
 * used, because what failed together would otherwise come back together; where in it is a hash, because a replay must
 * wait as long.
 */
public final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(15);
    /** Below it an attempt would meet what the last one met. */
    private static final Duration SHORTEST = Duration.ofMillis(250);
    /** Doubling once more could not show: the span has reached its longest. */
    private static final int MOST_DOUBLINGS = 8;

    private Backoff() {}

    /**
     * Returns the wait after {@code failures} failed attempts, at least 250 ms.
     *
     * @param asked how long the provider asks to wait, or null; never is less waited, however long it is
     * @param jitterSeed names the wait: the delivery and its attempt; the same seed waits the same
     */
    public static Duration after(int failures, Duration asked, String jitterSeed) {
        long span = span(failures).toMillis();
        long drawn = Math.floorMod(
                ByteBuffer.wrap(Ids.hash("backoff", jitterSeed).bytes()).getLong(), span + 1);
        Duration ours = Duration.ofMillis(Math.max(drawn, SHORTEST.toMillis()));
        return asked != null && asked.compareTo(ours) > 0 ? asked : ours;
    }

    /** Returns the longest wait after {@code failures} failed attempts that nobody asks for. */
    static Duration span(int failures) {
        Duration span = FIRST.multipliedBy(1L << Math.min(Math.max(failures, 1) - 1, MOST_DOUBLINGS));
        return span.compareTo(LONGEST) > 0 ? LONGEST : span;
    }
}
