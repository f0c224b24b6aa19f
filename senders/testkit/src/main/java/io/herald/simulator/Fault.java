package io.herald.simulator;

/** What goes wrong at a provider for as long as it is told to. */
public enum Fault {
    /** Nothing. */
    NONE,
    /** Answers take long. */
    LATENCY,
    /** Messages are refused with a status of 5xx. */
    ERRORS,
    /** Messages are refused with 429, and Retry-After where the provider says it. */
    THROTTLING,
    /** Messages are taken, and the connection is closed in place of an answer. */
    RESETS,
    /**
     * Messages are taken and answered, and then the connection ends: with GOAWAY where it is HTTP/2. What else is in
     * flight on it gets no answer.
     */
    GOAWAY,
    /** Messages are taken, and no answer ever comes. */
    SILENCE,
    /** Messages are taken, and answered by 200 and what nobody can read. */
    GARBAGE,
    /**
     * New connections end in their handshake, and old ones before a message is taken. Without TLS they are just closed.
     */
    TLS_BREAK,
    /** Messages are refused, as the sender's credentials have expired. */
    EXPIRED_CREDENTIALS
}
