package io.herald.sender;

import io.herald.sender.Outcome.Health;
import java.time.Duration;

/**
 * Says whether a provider is to be asked at all. It opens when half of the last {@value #WINDOW} answers were ill, or
 * by {@link #trip}; then one delivery at a time is tried, after a pause that doubles, until one finds the provider
 * well. After that it lets through little at first, and more and more.
 *
 * <p>Times are those of {@link System#nanoTime}. Thread-safe.
 */
final class CircuitBreaker {
    static final int WINDOW = 20;
    static final int MOST_ILL = WINDOW / 2;

    /** Of full strength, at the moment that it closes. */
    static final double FIRST_STRENGTH = 0.05;

    /** A provider may ask for more, and is asked again all the same: it may be mistaken, or we are mended. */
    private static final Duration LONGEST_ASKED = Duration.ofHours(1);

    /** What it does. */
    enum State {
        /** All go. */
        CLOSED(0),
        /** One goes. */
        HALF_OPEN(1),
        /** None goes. */
        OPEN(2);

        private final int gauge;

        State(int gauge) {
            this.gauge = gauge;
        }

        /** Returns what metrics show. */
        int gauge() {
            return gauge;
        }
    }

    private final Duration firstPause;
    private final Duration longestPause;
    private final Duration ramp;
    private final boolean[] ill = new boolean[WINDOW];
    private long answers;
    private int illAnswers;
    private State state = State.CLOSED;
    private Duration pause;
    private long openUntil;
    private boolean probing;
    private boolean ramping;
    private long closedAt;
    private long wells;
    private long openings;

    CircuitBreaker(Duration firstPause, Duration longestPause, Duration ramp) {
        this.firstPause = firstPause;
        this.longestPause = longestPause;
        this.ramp = ramp;
        this.pause = firstPause;
    }

    /** Returns how long nothing may go, in nanoseconds; 0 if one may go now. */
    synchronized long waitNanos(long now) {
        if (state == State.OPEN && now - openUntil >= 0) {
            state = State.HALF_OPEN;
            probing = false;
        }
        return switch (state) {
            case CLOSED -> 0;
            // Until the answer of the one that goes.
            case HALF_OPEN -> probing ? firstPause.toNanos() : 0;
            case OPEN -> openUntil - now;
        };
    }

    /** Notes that one goes, as {@link #waitNanos} allowed. */
    synchronized void goes() {
        probing = true;
    }

    /**
     * Notes an answer.
     *
     * @param asked how long the provider asks to be left alone
     */
    synchronized void found(Health health, Duration asked, long now) {
        switch (health) {
            case UNSEEN -> probing = false;
            case WELL -> {
                wells++;
                note(false);
                if (state == State.HALF_OPEN) {
                    close(now);
                }
            }
            case ILL -> {
                note(true);
                if (state == State.HALF_OPEN || (state == State.CLOSED && illAnswers >= MOST_ILL)) {
                    open(asked, now);
                }
            }
        }
    }

    /** Opens it, if it is closed. */
    synchronized void trip(long now) {
        if (state == State.CLOSED) {
            open(Duration.ZERO, now);
        }
    }

    synchronized State state() {
        return state;
    }

    /** Returns how many answers found the provider well. */
    synchronized long wells() {
        return wells;
    }

    /** Returns how often it has opened. */
    synchronized long openings() {
        return openings;
    }

    /** Returns which part of what is usual may go: from {@value #FIRST_STRENGTH} to 1. */
    synchronized double strength(long now) {
        if (!ramping) {
            return 1;
        }
        double part = ramp.isZero() ? 1 : (double) (now - closedAt) / ramp.toNanos();
        ramping = part < 1;
        return Math.min(1, Math.max(FIRST_STRENGTH, part));
    }

    private void note(boolean isIll) {
        int at = (int) (answers % WINDOW);
        if (answers >= WINDOW && ill[at]) {
            illAnswers--;
        }
        ill[at] = isIll;
        illAnswers += isIll ? 1 : 0;
        answers++;
    }

    private void open(Duration asked, long now) {
        if (state == State.CLOSED) {
            openings++;
        }
        Duration heeded = asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
        openUntil = now + (heeded.compareTo(pause) > 0 ? heeded : pause).toNanos();
        pause = pause.multipliedBy(2).compareTo(longestPause) > 0 ? longestPause : pause.multipliedBy(2);
        state = State.OPEN;
        forget();
    }

    private void close(long now) {
        state = State.CLOSED;
        pause = firstPause;
        closedAt = now;
        ramping = true;
        forget();
    }

    private void forget() {
        answers = 0;
        illAnswers = 0;
    }
}
