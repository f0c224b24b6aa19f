package io.herald.ingest;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.function.Function;

/**
 * Something that callers may ask.
 *
 * @param path with parameters in braces, as OpenAPI has them
 * @param body whether it has a body
 * @param work does it; fails with a {@link io.herald.http.ProblemException} for the caller
 */
record Operation(HttpMethod method, String path, Scope scope, boolean body, Function<Call, Future<Answer>> work) {
    /** Returns whether it changes anything. */
    boolean writes() {
        return !method.equals(HttpMethod.GET);
    }

    /** Returns method and path, for metrics and the audit: no caller's text. */
    String name() {
        return method + " " + path;
    }

    /** Returns the path as Vert.x routes it. */
    String route() {
        return path.replaceAll("\\{(\\w+)}", ":$1");
    }
}
