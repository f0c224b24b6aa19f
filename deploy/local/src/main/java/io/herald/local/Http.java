package io.herald.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Plain requests to the stack's own services. */
final class Http {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    private Http() {}

    /** An answer, whatever its status. */
    record Answer(int status, String body) {
        boolean ok() {
            return status / 100 == 2;
        }
    }

    static Answer get(String url) throws IOException {
        return send(url, "GET", BodyPublishers.noBody());
    }

    static Answer post(String url) throws IOException {
        return send(url, "POST", BodyPublishers.noBody());
    }

    static Answer put(String url, String json) throws IOException {
        return send(url, "PUT", BodyPublishers.ofString(json));
    }

    /** Returns whether {@code url} answers with success; not answering at all is a no. */
    static boolean answers(String url) {
        try {
            return get(url).ok();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static Answer send(String url, String method, BodyPublisher body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .method(method, body)
                .build();
        try {
            HttpResponse<String> response = CLIENT.send(request, BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking " + url, interrupted);
        }
    }
}
