package io.herald.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the gateway serves beside sockets, streams and files, and when. */
@Timeout(60)
class RestDoorTest {
    private static final String KEY = "c2VjcmV0IG9mIGF0IGxlYXN0IHRoaXJ0eS10d28gYnl0ZXM=";

    @TempDir
    private Path folder;

    @Test
    void isClosedWithoutADatabaseAndAKey() throws Exception {
        try (Harness harness = new Harness(folder, Map.of())) {
            assertThat(get(harness, "/v1/inbox").statusCode()).isEqualTo(404);
            assertThat(get(harness, "/openapi.json").statusCode()).isEqualTo(404);
            assertThat(get(harness, "/unsubscribe?t=x").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void isOpenWithThem() throws Exception {
        Path keys = Files.writeString(folder.resolve("keys"), KEY);
        try (Harness harness = new Harness(
                folder,
                Map.of("database.url", "postgresql://127.0.0.1:1/none", "unsubscribe.key.file", keys.toString()))) {
            HttpResponse<String> asked = get(harness, "/v1/inbox");

            assertThat(asked.statusCode()).isEqualTo(401);
            assertThat(asked.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(asked.headers().firstValue("Access-Control-Allow-Origin"))
                    .contains(Harness.PAGE);
            assertThat(get(harness, "/openapi.json").statusCode()).isEqualTo(200);
            assertThat(get(harness, "/unsubscribe?t=x").statusCode()).isEqualTo(400);
            assertThat(get(harness, "/preferences").statusCode())
                    .as("files are served as before")
                    .isEqualTo(200);
        }
    }

    private static HttpResponse<String> get(Harness harness, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + harness.port() + path))
                                .header("Origin", Harness.PAGE)
                                .build(),
                        BodyHandlers.ofString());
    }
}
