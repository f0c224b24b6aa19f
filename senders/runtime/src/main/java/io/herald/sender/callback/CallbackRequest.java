package io.herald.sender.callback;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A callback: a POST, not yet checked.
 *
 * @param url as the provider called it: the public URL, with the query of this request
 * @param query the part of {@code url} after the question mark, as it came; empty if there is none
 * @param headers the first value of each header, by its name in lower case
 * @param body as it came, which was UTF-8
 */
public record CallbackRequest(String url, String query, Map<String, String> headers, String body) {
    /** Returns the first value of the header {@code name}, whose case does not matter. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** Keeps out what is about people. */
    @Override
    public String toString() {
        return "CallbackRequest[" + body.length() + " letters]";
    }
}
