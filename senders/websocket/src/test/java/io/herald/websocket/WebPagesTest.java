package io.herald.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gateway serves to browsers without a token. */
@Timeout(60)
class WebPagesTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private Harness harness;

    @BeforeEach
    void start(@TempDir Path folder) {
        harness = new Harness(folder, Map.of());
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    @Test
    void servesModulesToPagesOfAnyOrigin() throws Exception {
        HttpResponse<String> module = send(request("/client/herald-bell.js").header("Origin", "https://app.test"));

        assertThat(module.statusCode()).isEqualTo(200);
        assertThat(module.headers().firstValue("Content-Type")).hasValue("text/javascript; charset=utf-8");
        assertThat(module.headers().allValues("Access-Control-Allow-Origin")).containsExactly("*");
        assertThat(module.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(module.body()).contains("customElements.define('herald-bell'");
    }

    @Test
    void sendsNothingAgainThatIsKnown() throws Exception {
        String tag =
                send(request("/client/rest.js")).headers().firstValue("ETag").orElseThrow();

        HttpResponse<String> again = send(request("/client/rest.js").header("If-None-Match", tag));

        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void letsOnlyPagesOnTheListFrameTheSettings() throws Exception {
        HttpResponse<String> page = send(request("/preferences"));

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "frame-ancestors " + Harness.PAGE)
                .doesNotContain("unsafe", "*");
        assertThat(page.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void takesNothing() throws Exception {
        HttpResponse<String> answer = send(request("/preferences").POST(BodyPublishers.ofString("x")));

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/client/",
                "/client/package.json",
                "/client/test/rig.js",
                "/client/%2e%2e/log4j2.xml",
                "/client/..%2fpages/preferences.html",
                "/pages/preferences.html",
                "/preferences/",
            })
    void servesNoOtherFiles(String path) throws Exception {
        assertThat(send(request(path)).statusCode()).isEqualTo(404);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + harness.port() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
