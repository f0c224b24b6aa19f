package io.herald.sender.sms;

import java.time.Duration;
import java.util.Arrays;

/**
 * A count of the last hour, or day, in as many steps: what is older than the window leaves it one step late at most.
 * Not thread-safe.
 */
final class Window {
    private final long stepMs;
    private final int[] steps;
    private long newest = Long.MIN_VALUE;
    private long sum;

    Window(Duration length, int steps) {
        this.stepMs = length.toMillis() / (steps - 1);
        this.steps = new int[steps];
    }

    /** Returns the count at {@code nowMs}. */
    long sum(long nowMs) {
        forget(nowMs / stepMs);
        return sum;
    }

    /** Counts {@code more} at {@code nowMs}; a clock that goes back counts in the newest step. */
    void add(long nowMs, int more) {
        forget(nowMs / stepMs);
        steps[slot(newest)] += more;
        sum += more;
    }

    private void forget(long step) {
        if (step <= newest) {
            return;
        }
        if (newest == Long.MIN_VALUE || step - newest >= steps.length) {
            Arrays.fill(steps, 0);
            sum = 0;
        } else {
            for (long each = newest + 1; each <= step; each++) {
                sum -= steps[slot(each)];
                steps[slot(each)] = 0;
            }
        }
        newest = step;
    }

    private int slot(long step) {
        return (int) Math.floorMod(step, (long) steps.length);
    }
}
