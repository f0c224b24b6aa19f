package io.herald.sender.fcm;

import io.herald.sender.Outcome;
import java.io.IOException;

/**
 * A call that did not end in a message taken, with what it came to.
 *
 * <p>Firebase's client repeats refused calls by itself, sleeping on its threads, and has no switch for it. It lets an
 * {@link IOException} through at once: so a refusal leaves the transport as one.
 */
final class FcmCallException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Outcome outcome;

    FcmCallException(Outcome outcome) {
        super(outcome.toString());
        this.outcome = outcome;
    }

    FcmCallException(Outcome outcome, Throwable cause) {
        super(outcome.toString(), cause);
        this.outcome = outcome;
    }

    Outcome outcome() {
        return outcome;
    }
}
