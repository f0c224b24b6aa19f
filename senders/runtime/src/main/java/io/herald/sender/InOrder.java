package io.herald.sender;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets the attempts of one user go one after the other, and those of different users beside each other. Thread-safe.
 */
final class InOrder {
    private final Map<String, Deque<Attempt>> waiting = new HashMap<>();

    /** Returns whether it may go now; otherwise {@link #leave} returns it when its turn has come. */
    synchronized boolean enter(Attempt attempt) {
        Deque<Attempt> behind = waiting.get(attempt.user());
        if (behind == null) {
            waiting.put(attempt.user(), new ArrayDeque<>());
            return true;
        }
        behind.add(attempt);
        return false;
    }

    /** Notes that one is over; returns the next of its user, or null. */
    synchronized Attempt leave(Attempt attempt) {
        Deque<Attempt> behind = waiting.get(attempt.user());
        if (behind.isEmpty()) {
            waiting.remove(attempt.user());
            return null;
        }
        return behind.remove();
    }
}
