package io.herald.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.topic.Topics;
import io.herald.topology.app.HeraldConfig;
import io.herald.topology.app.TopologyApp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an orchestrator and Prometheus get to see of the topology. */
@Timeout(180)
class HealthIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TopologyStack stack = new TopologyStack("health");
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        stack.close();
    }

    @Test
    void tellsHowItIs() {
        try (TopologyApp app = TopologyApp.start(HeraldConfig.from(stack.settings()))) {
            String address = "http://127.0.0.1:" + app.healthPort().orElseThrow();
            assertThat(get(address + "/live").statusCode()).isEqualTo(200);
            await("the topology to have its state")
                    .atMost(PATIENCE)
                    .until(() -> get(address + "/ready").statusCode() == 200);
            stack.wire().sendBytes(Topics.NOTIFICATION_REQUESTED, new byte[] {1});
            stack.wire().sendBytes(Topics.NOTIFICATION_REQUESTED_BULK, new byte[] {1});
            stack.wire().flush();
            await("both to be refused").atMost(PATIENCE).untilAsserted(() -> assertThat(
                            get(address + "/metrics").body())
                    .contains("herald_topology_refused_total{intake=\"urgent\",reason=\"UNREADABLE\"} 1.0")
                    .contains("herald_topology_refused_total{intake=\"bulk\",reason=\"UNREADABLE\"} 1.0")
                    .contains("herald_topology_threads{application=\"herald-router\",state=\"RUNNING\"} 2.0")
                    .contains("herald_topology_threads{application=\"herald-intake\",state=\"DEAD\"} 0.0")
                    .contains("herald_topology_router_lag{partition=\"3\"}")
                    .containsPattern("herald_topology_ticks_total [1-9]")
                    .containsPattern("herald_topology_bulk_pace [1-9]"));
        }
    }

    private HttpResponse<String> get(String address) {
        try {
            return http.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new AssertionError(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }
}
