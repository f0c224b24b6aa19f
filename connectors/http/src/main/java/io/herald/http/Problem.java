package io.herald.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Locale;

/**
 * Why a request was not served, as the caller is told. Its details are written for the caller: they quote nothing that
 * was sent, and tell nothing of what is behind the door.
 *
 * @param code a short name that programs may compare; the problem's {@code type} is made of it
 * @param detail what is wrong, for people
 * @param field which part of the request, as a JSON pointer into the body, or the name of a parameter or header; null
 *     where it is no single one
 * @param retryAfter when the same request may be served; null where it will never be
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457, Problem Details for HTTP APIs</a>
 */
public record Problem(int status, String code, String detail, String field, Duration retryAfter) {
    /** The media type. */
    public static final String TYPE = "application/problem+json";

    private static final String URN = "urn:herald:problem:";

    /** Something in the request is wrong. */
    public static Problem invalid(String field, String detail) {
        return new Problem(400, "invalid", detail, field, null);
    }

    /** The caller did not say who they are, or not so that it can be believed. */
    public static Problem unauthenticated(String detail) {
        return new Problem(401, "unauthenticated", detail, null, null);
    }

    /** The caller is known, and may not do this. */
    public static Problem forbidden(String detail) {
        return new Problem(403, "forbidden", detail, null, null);
    }

    /** There is no such thing, or none that the caller may see. */
    public static Problem notFound() {
        return new Problem(404, "not-found", "There is nothing here by this name.", null, null);
    }

    /** The caller sends more than is agreed. */
    public static Problem tooMany(Duration retryAfter) {
        return new Problem(429, "rate-limited", "More than the agreed rate.", null, retryAfter);
    }

    /** Something that the request needs is away; the request was not served. */
    public static Problem unavailable(String detail, Duration retryAfter) {
        return new Problem(503, "unavailable", detail, null, retryAfter);
    }

    /** Any status, with its usual name. */
    public static Problem of(int status) {
        String name = HttpResponseStatus.valueOf(status).reasonPhrase();
        return new Problem(status, name.toLowerCase(Locale.ROOT).replace(' ', '-'), name + ".", null, null);
    }

    /** Returns the same problem with another field. */
    public Problem at(String otherField) {
        return new Problem(status, code, detail, otherField, retryAfter);
    }

    /** Returns the problem as it goes over the line. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("type", URN + code)
                .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
                .put("status", status)
                .put("detail", detail);
        if (field != null) {
            json.put("field", field);
        }
        return json;
    }

    /** Answers with this problem, unless an answer has begun. */
    public void answer(HttpServerResponse response) {
        if (response.headWritten() || response.closed()) {
            return;
        }
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, TYPE);
        response.putHeader("Cache-Control", "no-store");
        if (status == 401) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        if (retryAfter != null) {
            // Whole seconds, and never too few.
            response.putHeader(
                    HttpHeaders.RETRY_AFTER,
                    Long.toString(Math.max(1, retryAfter.plusMillis(999).toSeconds())));
        }
        response.end(json().toString());
    }
}
