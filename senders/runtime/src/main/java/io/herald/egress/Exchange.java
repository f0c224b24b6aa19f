package io.herald.egress;

import java.util.Locale;
import java.util.Map;

/** What became of one request. Nothing in it tells a URL. */
public sealed interface Exchange {
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
