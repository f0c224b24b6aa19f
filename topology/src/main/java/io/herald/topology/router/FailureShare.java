package io.herald.topology.router;

import java.util.BitSet;

/**
 * Watches how many of the last {@value #WINDOW} plans failed. A poison record now and then belongs to the dead letters;
 * when many fail, something else is wrong, and the mailbox must not be drained into them.
 */
final class FailureShare {
    static final int WINDOW = 1_000;
    static final int MOST = WINDOW / 20;

    private final BitSet failed = new BitSet(WINDOW);
    private int next;

    /** Notes a plan; returns whether more than 5 % of the window have failed. */
    boolean tooMany(boolean hasFailed) {
        failed.set(next, hasFailed);
        next = (next + 1) % WINDOW;
        return failed.cardinality() > MOST;
    }
}
