package io.herald.topology.feedback;

import java.time.Duration;

/** How long to wait before the next attempt: 5, 10, 20 … seconds, and never less than the provider asks. */
public final class Backoff {
    /** How many attempts may fail. */
    public static final int MOST_FAILURES = 5;

    private static final Duration FIRST = Duration.ofSeconds(5);

    private Backoff() {}

    /**
     * Returns the wait after {@code failures} failed attempts.
     *
     * @param asked how long the provider asks to wait, or null
     */
    public static Duration after(int failures, Duration asked) {
        Duration ours = FIRST.multipliedBy(1L << (failures - 1));
        return asked != null && asked.compareTo(ours) > 0 ? asked : ours;
    }
}
