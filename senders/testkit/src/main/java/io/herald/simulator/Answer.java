package io.herald.simulator;

import java.time.Duration;

/**
 * How a simulator answers one request, other than by itself.
 *
 * @param ending what becomes of the request
 * @param status HTTP status, for {@link Ending#ERROR}
 * @param code the provider's code for the error; empty for an answer that is not in the provider's format, such as a
 *     proxy's
 * @param message the error's text; the whole body where {@code code} is empty
 * @param retryAfter header Retry-After; null for none
 * @param latency how long the answer takes
 */
public record Answer(Ending ending, int status, String code, String message, String retryAfter, Duration latency) {

    /** What becomes of a request. */
    public enum Ending {
        /** It is treated as any other. */
        USUAL,
        /** It is refused. */
        ERROR,
        /** It is treated as any other, but no answer ever comes. */
        SILENCE,
        /** It is treated as any other, but the connection is closed in place of an answer. */
        RESET,
        /** It is treated as any other, and the connection ends after the answer: with GOAWAY where it is HTTP/2. */
        GOAWAY,
        /** It is treated as any other, but the answer is 200 and what nobody can read. */
        GARBAGE,
        /** It is not taken: the connection breaks, in its TLS where there is TLS. */
        TLS_BREAK
    }

    /** Refuses with an error in the provider's own format. */
    public static Answer error(int status, String code, String message) {
        return new Answer(Ending.ERROR, status, code, message, null, Duration.ZERO);
    }

    /** Refuses with a body that the provider itself would not write. */
    public static Answer raw(int status, String body) {
        return new Answer(Ending.ERROR, status, "", body, null, Duration.ZERO);
    }

    /** Answers as usual, {@code latency} later. */
    public static Answer slow(Duration latency) {
        return new Answer(Ending.USUAL, 0, "", "", null, latency);
    }

    /** Takes the message and never answers. */
    public static Answer silence() {
        return new Answer(Ending.SILENCE, 0, "", "", null, Duration.ZERO);
    }

    /** Takes the message and closes the connection in place of an answer. */
    public static Answer reset() {
        return new Answer(Ending.RESET, 0, "", "", null, Duration.ZERO);
    }

    /** Takes the message, answers, and ends the connection. */
    public static Answer goAway() {
        return new Answer(Ending.GOAWAY, 0, "", "", null, Duration.ZERO);
    }

    /** Takes the message and answers 200 with what nobody can read. */
    public static Answer garbage() {
        return new Answer(Ending.GARBAGE, 0, "", "", null, Duration.ZERO);
    }

    /** Breaks the connection before the message is taken. */
    public static Answer tlsBreak() {
        return new Answer(Ending.TLS_BREAK, 0, "", "", null, Duration.ZERO);
    }

    /** Returns the same with a Retry-After header: seconds, or an HTTP date. */
    public Answer retryAfter(String value) {
        return new Answer(ending, status, code, message, value, latency);
    }

    /** Returns the same, {@code later}. */
    public Answer after(Duration later) {
        return new Answer(ending, status, code, message, retryAfter, later);
    }
}
