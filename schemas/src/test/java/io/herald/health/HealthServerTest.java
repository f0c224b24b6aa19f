package io.herald.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthServerTest {
    private final AtomicBoolean live = new AtomicBoolean();
    private final AtomicBoolean ready = new AtomicBoolean();
    private final HealthServer server =
            HealthServer.start("127.0.0.1", 0, live::get, ready::get, () -> "herald_topology_ticks_total 7\n");

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest(name = "{5}")
    @CsvSource(textBlock = """
            /live,    true,  false, 200, yes, it lives but has no state yet
            /live,    false, true,  503, no,  a thread has died
            /ready,   true,  true,  200, yes, it has its state
            /ready,   true,  false, 503, no,  it restores
            /metrics, false, false, 200, herald_topology_ticks_total 7, always
            """)
    void answers(String path, boolean lives, boolean isReady, int status, String body, String why)
            throws IOException, InterruptedException {
        live.set(lives);
        ready.set(isReady);
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body().strip()).isEqualTo(body);
    }
}
