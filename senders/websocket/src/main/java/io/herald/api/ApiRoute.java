package io.herald.api;

import io.vertx.core.http.HttpMethod;

/**
 * One thing that can be asked for.
 *
 * @param path as OpenAPI writes it, with parameters in braces
 */
record ApiRoute(HttpMethod method, String path, Call.Handling handling) {
    /** What a topic's path is called; it may have slashes. */
    private static final String TOPIC = "{topic}";

    /** Returns whether the last parameter takes the rest of the path. */
    boolean takesRest() {
        return path.endsWith(TOPIC);
    }

    /** Returns the path as the router takes it: a pattern where {@link #takesRest}. */
    String pattern() {
        return takesRest() ? path.replace(TOPIC, "(?<topic>.+)") : path.replaceAll("\\{(\\w+)}", ":$1");
    }
}
