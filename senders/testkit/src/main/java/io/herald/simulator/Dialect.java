package io.herald.simulator;

import java.time.Duration;

/**
 * How a provider words its faults.
 *
 * @param provider its name
 * @param down how it says that it is broken
 * @param throttled how it says that it is asked too often
 * @param expired how it says that credentials are good no more
 */
record Dialect(String provider, Answer down, Answer throttled, Answer expired) {

    /** Returns how {@code fault} shows. */
    Answer of(Fault fault, Duration wait) {
        return switch (fault) {
            case NONE -> Answer.slow(Duration.ZERO);
            case LATENCY -> Answer.slow(wait);
            case ERRORS -> down;
            case THROTTLING -> throttled.retryAfter(Long.toString(wait.toSeconds()));
            case RESETS -> Answer.reset();
            case GOAWAY -> Answer.goAway();
            case SILENCE -> Answer.silence();
            case GARBAGE -> Answer.garbage();
            case TLS_BREAK -> Answer.tlsBreak();
            case EXPIRED_CREDENTIALS -> expired;
        };
    }
}
