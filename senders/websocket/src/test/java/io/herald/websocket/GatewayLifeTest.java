package io.herald.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.herald.schema.GatewayLeased;
import io.herald.websocket.Client.Handshake;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How clients come in all at once, grow old, and are let go; and what the router hears of the gateway's own life. */
@Timeout(60)
class GatewayLifeTest {
    @TempDir
    private static Path folder;

    private Harness harness;

    private void start(Map<String, String> settings) {
        harness = new Harness(folder, settings);
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    @Test
    void refusesAStormAndKeepsThoseWhoAreHere() throws Exception {
        start(Map.of("handshakes.per.second", "1", "handshakes.burst", "3"));
        try (Client here = harness.connect("ana", "phone")) {
            List<Integer> refusals = new ArrayList<>();
            List<Client> taken = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                try {
                    taken.add(Client.open(harness.port(), Handshake.withoutToken()));
                } catch (WebSocketHandshakeException refused) {
                    assertThat(refused.getResponse().statusCode()).isEqualTo(503);
                    refusals.add(Integer.valueOf(refused.getResponse()
                            .headers()
                            .firstValue("Retry-After")
                            .orElseThrow()));
                }
            }

            assertThat(refusals).hasSizeGreaterThanOrEqualTo(5).allMatch(seconds -> seconds >= 2 && seconds <= 15);
            assertThat(refusals.stream().distinct().count()).as("by chance").isGreaterThan(1);
            here.send("{\"type\":\"ping\"}").expect("pong");
            taken.forEach(Client::close);
        }
    }

    @Test
    void tellsOldConnectionsToReconnectAndClosesThemAfterwards() throws Exception {
        start(Map.of("connection.max.age.ms", "1000", "reconnect.grace.ms", "300"));
        try (Client ana = harness.connect("ana", "phone")) {
            assertThat(ana.expect("reconnect").path("afterMs").asLong()).isBetween(0L, 2_000L);
            // It is still served: whoever comes back in time misses nothing.
            harness.feed().sink().push(Harness.item("ana", 1, "meanwhile"));
            ana.expect("item");

            assertThat(ana.expectClose()).isEqualTo(1012);
            await().untilAsserted(() -> assertThat(harness.health("/metrics").body())
                    .contains("herald_ws_closes_total{code=\"rotated\"} 1.0"));
        }
    }

    @Test
    void drainsInWavesWhileItsLeaseHolds() throws Exception {
        start(Map.of("drain.ms", "400", "reconnect.grace.ms", "100"));
        try (Client ana = harness.connect("ana", "phone");
                Client bo = harness.connect("bo", "phone")) {
            CompletableFuture<Void> closing =
                    CompletableFuture.runAsync(() -> harness.gateway().close());
            ana.expect("reconnect");
            assertThat(harness.log().leases).extracting(GatewayLeased::getTtlMs).doesNotContain(0L);
            bo.expect("reconnect");

            assertThat(ana.expectClose()).isEqualTo(1012);
            assertThat(bo.expectClose()).isEqualTo(1012);
            closing.join();
            assertThat(harness.log().leases).last().satisfies(last -> assertThat(last.getTtlMs())
                    .isZero());
        }
    }

    @Test
    void takesNobodyWhileItDrains() throws Exception {
        start(Map.of("drain.ms", "2000", "reconnect.grace.ms", "2000"));
        try (Client ana = harness.connect("ana", "phone")) {
            CompletableFuture<Void> closing =
                    CompletableFuture.runAsync(() -> harness.gateway().close());
            await().untilAsserted(() ->
                    assertThat(harness.health("/ready").statusCode()).isEqualTo(503));
            await().untilAsserted(() -> assertThatThrownBy(() -> Client.open(harness.port(), Handshake.withoutToken())
                            .close())
                    .isInstanceOfSatisfying(WebSocketHandshakeException.class, refused -> assertThat(
                                    refused.getResponse().statusCode())
                            .isEqualTo(503)));
            ana.send("{\"type\":\"ping\"}").expect("pong");
            ana.socket().sendClose(1000, "").join();
            closing.join();
        }
    }

    @Test
    void holdsALeaseUnderANameOfThisLife() throws Exception {
        start(Map.of());
        try (Client ana = harness.connect("ana", "phone")) {
            ana.expect("welcome");
            GatewayLeased lease = harness.log().leases.get(0);
            assertThat(lease.getGateway()).isEqualTo("gateway-under-test");
            assertThat(lease.getTtlMs()).isEqualTo(15_000);
            assertThat(harness.log().presence.get(0).getInstance()).isEqualTo(lease.getInstance());
            try (Harness next = new Harness(folder, Map.of())) {
                assertThat(next.log().leases.get(0).getInstance()).isNotEqualTo(lease.getInstance());
            }
        }
    }
}
