package io.herald.sender;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets the attempts of one user go one after the other, and those of different users beside each other. Thread-safe.
 */
final class InOrder {
    /** Of each user: the one that goes, and those behind it. */
    private final Map<String, Deque<Attempt>> waiting = new HashMap<>();

    private int size;

    /** Returns whether it may go now; otherwise {@link #leave} returns it when its turn has come. */
    synchronized boolean enter(Attempt attempt) {
        Deque<Attempt> ofUser = waiting.computeIfAbsent(attempt.user(), any -> new ArrayDeque<>());
        ofUser.add(attempt);
        size++;
        return ofUser.element() == attempt;
    }

    /** Returns how many go or wait. */
    synchronized int size() {
        return size;
    }

    /** Returns whether it would have to wait for another one. */
    synchronized boolean isBehind(Attempt attempt) {
        return waiting.containsKey(attempt.user());
    }

    /** Notes that one is over; returns the next of its user, or null, also if it was not its turn. */
    synchronized Attempt leave(Attempt attempt) {
        Deque<Attempt> ofUser = waiting.get(attempt.user());
        if (ofUser == null || ofUser.element() != attempt) {
            return null;
        }
        ofUser.remove();
        size--;
        if (ofUser.isEmpty()) {
            waiting.remove(attempt.user());
        }
        return ofUser.peek();
    }
}
