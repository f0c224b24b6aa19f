package io.herald.egress;

import io.herald.sender.Outcome;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** What became of one request. Nothing in it tells a URL. */
public sealed interface Exchange {
    /**
     * Returns what it came to where no status came.
     *
     * @param outage whether any other address would have met the same
     * @throws IllegalStateException if a status came
     */
    default Outcome withoutStatus(boolean outage) {
        if (this instanceof NotConnected none) {
            return Outcome.Retry.of(Duration.ZERO, none.reason(), outage);
        }
        if (this instanceof NoAnswer none) {
            return new Outcome.Unknown(none.reason(), outage);
        }
        if (this instanceof Forbidden forbidden) {
            // Not the address' fault for sure: a name server may lie, and an operator may allow too little.
            return new Outcome.Rejected(forbidden.reason());
        }
        throw new IllegalStateException("a status came");
    }

    /**
     * The status came, and the body as far as it came and was wanted.
     *
     * @param headers the first value of each, by its name in lower case
     * @param body as UTF-8, whatever it is
     */
    record Answered(int status, Map<String, String> headers, String body) implements Exchange {
        /** Returns a header's first value, or null. */
        public String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }
    }

    /** Nothing was sent: it is not a place to send to. */
    record Forbidden(String reason) implements Exchange {}

    /** Nothing was sent, as there was no connection to send it by. */
    record NotConnected(String reason) implements Exchange {}

    /** It was sent, all or in part, and no status came back. */
    record NoAnswer(String reason) implements Exchange {}
}
