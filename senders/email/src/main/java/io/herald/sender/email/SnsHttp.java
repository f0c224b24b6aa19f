package io.herald.sender.email;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks SNS for something small, and nobody to whom it would send us on. */
final class SnsHttp {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final int OK = 200;
    private static final int MOST_BYTES = 64 << 10;

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /**
     * Returns the answer's body.
     *
     * @throws IOException if there is none of status 200, soon, of some kilobytes at most
     */
    byte[] get(URI url) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(url).timeout(ANSWER).build();
        try {
            HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                byte[] bytes = body.readNBytes(MOST_BYTES + 1);
                if (answer.statusCode() != OK || bytes.length > MOST_BYTES) {
                    throw new IOException("status " + answer.statusCode() + ", " + bytes.length + " bytes");
                }
                return bytes;
            }
        } catch (InterruptedException late) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", late);
        }
    }
}
