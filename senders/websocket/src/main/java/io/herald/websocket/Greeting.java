package io.herald.websocket;

import java.time.Duration;

/**
 * What the router says of one connection: that it has taken it in, and how far the inbox was then. Where it says
 * nothing it has to be told of the connection again, or it would never direct anything to it: the word may have been
 * lost. Belongs on the connection's event loop. Times are nanoseconds of one clock.
 */
final class Greeting {
    private static final Duration FIRST = Duration.ofSeconds(5);
    /** So that a router which is away is not met by a heap of them. */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private Position reached;
    private long wait = FIRST.toNanos();
    private long dueAt = Long.MAX_VALUE;
    private boolean isLate;

    /** The router is told of the connection for the first time. */
    void asked(long now) {
        dueAt = now + wait;
    }

    /** Returns whether the router is to be told again now; then the next time is later. */
    boolean isOverdue(long now) {
        if (reached != null || now < dueAt) {
            return false;
        }
        isLate = true;
        wait = Math.min(wait * 2, LONGEST.toNanos());
        dueAt = now + wait;
        return true;
    }

    /**
     * The router has said it.
     *
     * @return whether so late that the client may have missed what was before
     */
    boolean came(Position position) {
        reached = position;
        boolean was = isLate;
        isLate = false;
        return was;
    }

    /** The router has given an item this seq since. */
    void passed(long seq) {
        if (reached != null && seq > reached.seq()) {
            reached = new Position(seq, reached.version(), reached.epoch());
        }
    }

    /** Returns how far the inbox is at least; null until the router has said it. */
    Position reached() {
        return reached;
    }
}
