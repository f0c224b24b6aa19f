package io.herald.unsubscribe;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** The pages that a person may see, which name nobody: a link may be in other hands than those it was made for. */
enum Page {
    ASK(200, "Unsubscribe", """
            <p>You will get no more e-mails of this kind.</p>
            <form method="post" action="/unsubscribe">
            <input type="hidden" name="t" value="{token}">
            <input type="hidden" name="List-Unsubscribe" value="One-Click">
            <button type="submit">Unsubscribe</button>
            </form>"""),
    DONE(200, "Unsubscribed", "<p role=\"status\">You will get no more e-mails of this kind.</p>"),
    NOT_VALID(
            400,
            "This link is not valid",
            "<p role=\"alert\">It may be incomplete, or too old. Use the link in a newer e-mail.</p>"),
    LATER(503, "Try again in a moment", "<p role=\"alert\">It could not be done right now.</p>");

    /** Where the pages' style is. */
    static final String STYLE = "/unsubscribe.css";

    private static final String TEMPLATE = resource("/pages/unsubscribe.html");
    private static final String CSS = resource("/pages/unsubscribe.css");
    private static final int OK = 200;

    // No referrer: the address has the token in it. No script, no frame, nothing from elsewhere.
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Type", "text/html; charset=utf-8",
            "Content-Security-Policy",
                    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
            "Referrer-Policy", "no-referrer",
            "X-Content-Type-Options", "nosniff",
            "X-Robots-Tag", "noindex",
            "Cache-Control", "no-store");

    private final int status;
    private final String title;
    private final String content;

    Page(int status, String title, String content) {
        this.status = status;
        this.title = title;
        this.content = content;
    }

    /** Sends the page, unless an answer has begun; with its own status where none was set. */
    void send(HttpServerResponse response) {
        send(response, "");
    }

    void send(HttpServerResponse response, String token) {
        if (response.headWritten() || response.closed()) {
            return;
        }
        HEADERS.forEach(response::putHeader);
        if (response.getStatusCode() == OK) {
            response.setStatusCode(status);
        }
        response.putHeader(HttpHeaders.CONTENT_LANGUAGE, "en")
                .end(TEMPLATE.replace("{title}", title).replace("{content}", content.replace("{token}", token)));
    }

    static void sendStyle(HttpServerResponse response) {
        response.putHeader(HttpHeaders.CONTENT_TYPE, "text/css; charset=utf-8")
                .putHeader(HttpHeaders.CACHE_CONTROL, "public, max-age=3600")
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(CSS);
    }

    private static String resource(String name) {
        try (InputStream page = Page.class.getResourceAsStream(name)) {
            return new String(page.readAllBytes(), UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
