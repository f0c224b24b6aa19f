package io.herald.simulator;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/** The answers that were ordered for the next requests. Thread-safe. */
final class Script {
    private static final Answer USUAL = Answer.slow(Duration.ZERO);

    private final Queue<Answer> next = new ArrayDeque<>();

    synchronized void add(int requests, Answer answer) {
        for (int i = 0; i < requests; i++) {
            next.add(answer);
        }
    }

    /** Returns the answer for the request at hand. */
    synchronized Answer take() {
        Answer ordered = next.poll();
        return ordered == null ? USUAL : ordered;
    }

    synchronized void clear() {
        next.clear();
    }
}
