package io.herald.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The description of the API. */
final class OpenApi {
    static final String PATH = "/openapi.json";
    private static final String RESOURCE = "/openapi.json";

    private final String text;

    private OpenApi(String text) {
        this.text = text;
    }

    static OpenApi read() {
        try (InputStream description = OpenApi.class.getResourceAsStream(RESOURCE)) {
            return new OpenApi(new String(description.readAllBytes(), UTF_8));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    String text() {
        return text;
    }

    /** Serves it to anybody: it is no secret, and tools of other origins read it. */
    void serve(RoutingContext context) {
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "public, max-age=300")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Access-Control-Allow-Origin", "*")
                .end(text);
    }
}
