package io.herald.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.herald.schema.PresenceState;
import io.herald.testkit.Issuer;
import io.herald.websocket.Client.Handshake;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens to a client that does too much, too little, or the wrong thing. */
@Timeout(60)
class GatewayLimitsTest {
    private static final int TEXT = 0x81;
    private static final int TEXT_TO_BE_CONTINUED = 0x01;
    private static final int CONTINUATION = 0x00;
    private static final int PING = 0x89;

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
    void closesASocketThatShowsNoTokenInTime() throws Exception {
        start(Map.of("auth.timeout.ms", "100"));
        try (Client nobody = Client.open(harness.port(), Handshake.withoutToken())) {
            assertThat(nobody.expectClose()).isEqualTo(4401);
            assertThat(nobody.closeReason()).isEqualTo("no token in time");
        }
    }

    @Test
    void closesASocketWhenItsTokenRunsOut() throws Exception {
        start(Map.of());
        // It is taken for 30 s after its end, for clocks that differ: one second of those is left.
        String token = harness.issuer()
                .es256(Issuer.claims("ana", "phone")
                        .notBeforeTime(null)
                        .expirationTime(Date.from(Instant.now().minusSeconds(28))));
        try (Client ana = Client.open(harness.port(), Handshake.withToken(token))) {
            ana.expect("welcome");

            assertThat(ana.expectClose()).isEqualTo(4401);
            assertThat(ana.closeReason()).isEqualTo("token expired");
        }
    }

    @Test
    void closesASocketThatSendsTooMuchAtOnce() throws Exception {
        start(Map.of());
        try (Client ana = harness.connect("ana", "phone")) {
            ana.send("{\"type\":\"ping\",\"x\":\"" + "x".repeat(16_384) + "\"}");

            assertThat(ana.expectClose()).isEqualTo(1009);
        }
    }

    @Test
    void countsAMessageInFragmentsAsOne() throws Exception {
        start(Map.of());
        try (Client ana = harness.connect("ana", "phone")) {
            ana.socket().sendText("", false).join();
            ana.socket().sendText("{\"type\":", false).join();
            ana.socket().sendText("\"ping\"}", true).join();
            ana.expect("pong");

            ana.socket().sendText("x".repeat(10_000), false).join();
            ana.socket().sendText("x".repeat(10_000), false).join();

            assertThat(ana.expectClose()).isEqualTo(1009);
        }
    }

    @Test
    void cutsAFrameFarAboveTheLimit() throws Exception {
        start(Map.of());
        try (RawSocket nobody = new RawSocket(harness.port())) {
            // The size is in the header; the gateway need not read the rest to know.
            nobody.frameHead(TEXT, 200_000);

            assertThat(nobody.closeCode()).isEqualTo(1009);
        }
    }

    private Client open(Handshake handshake) {
        try {
            return Client.open(harness.port(), handshake);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void closesAllThatAreTooManyThoughTheyComeAtOnce() {
        start(Map.of("connections.per.user.max", "1"));
        Handshake ana = Handshake.withToken(harness.issuer().token("ana", "phone"));
        List<CompletableFuture<Client>> coming = IntStream.range(0, 12)
                .mapToObj(one -> CompletableFuture.supplyAsync(() -> open(ana)))
                .toList();
        List<Client> all = coming.stream().map(CompletableFuture::join).toList();

        await().untilAsserted(() -> assertThat(harness.health("/metrics").body())
                .contains("herald_ws_connections{state=\"authenticated\"} 1.0"));
        assertThat(harness.log().presence)
                .filteredOn(changed -> changed.getState() == PresenceState.CONNECTED)
                .hasSize(12);
        all.forEach(Client::close);
    }

    @Test
    void closesASocketThatSendsTooOften() throws Exception {
        start(Map.of("inbound.burst", "5", "inbound.per.second", "1"));
        try (Client ana = harness.connect("ana", "phone")) {
            for (int i = 0; i < 10; i++) {
                ana.send("{\"type\":\"ping\"}");
            }

            assertThat(ana.expectClose()).isEqualTo(4029);
        }
    }

    @Test
    void countsPingsOfTheProtocolToo() throws Exception {
        start(Map.of("inbound.burst", "5", "inbound.per.second", "1"));
        try (RawSocket nobody = new RawSocket(harness.port())) {
            for (int i = 0; i < 10; i++) {
                nobody.frame(PING, true, new byte[0]);
            }

            assertThat(nobody.closeCode()).isEqualTo(4029);
        }
    }

    @Test
    void closesASocketThatSendsBytes() throws Exception {
        start(Map.of());
        try (Client ana = harness.connect("ana", "phone")) {
            ana.socket().sendBinary(ByteBuffer.wrap(new byte[3]), true).join();

            assertThat(ana.expectClose()).isEqualTo(1003);
        }
    }

    @Test
    void closesASocketThatSendsTextThatIsNotUtf8() throws Exception {
        start(Map.of());
        try (RawSocket nobody = new RawSocket(harness.port())) {
            nobody.frame(TEXT, true, new byte[] {'{', (byte) 0xc3, (byte) 0x28, '}'});

            assertThat(nobody.closeCode()).isEqualTo(1007);
        }
    }

    @Test
    void readsACharacterThatIsCutByFragments() throws Exception {
        start(Map.of());
        byte[] message = "{\"type\":\"💡\"}".getBytes(UTF_8);
        try (RawSocket nobody = new RawSocket(harness.port())) {
            nobody.frame(TEXT_TO_BE_CONTINUED, true, java.util.Arrays.copyOf(message, 11));
            nobody.frame(0x80 | CONTINUATION, true, java.util.Arrays.copyOfRange(message, 11, message.length));

            // Not 1007: it was read and found to be no command. A ping without a token then ends it.
            nobody.frame(TEXT, true, "{\"type\":\"ping\"}".getBytes(UTF_8));
            assertThat(nobody.closeCode()).isEqualTo(4401);
        }
    }

    @Test
    void closesASocketThatBreaksTheProtocol() throws Exception {
        start(Map.of());
        try (RawSocket unmasked = new RawSocket(harness.port());
                RawSocket reserved = new RawSocket(harness.port());
                RawSocket orphan = new RawSocket(harness.port())) {
            unmasked.frame(TEXT, false, "{}".getBytes(UTF_8));
            reserved.frame(0xf1, true, "{}".getBytes(UTF_8));
            orphan.frame(0x80 | CONTINUATION, true, "{}".getBytes(UTF_8));

            assertThat(unmasked.closeCode()).isEqualTo(1002);
            assertThat(reserved.closeCode()).isEqualTo(1002);
            assertThat(orphan.closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void closesASocketThatTakesNothing() throws Exception {
        start(Map.of("outbound.max.bytes", "65536", "outbound.wait.ms", "500"));
        String token = harness.issuer().token("ana", "phone");
        try (Client deaf =
                        Client.open(harness.port(), Handshake.withToken(token).deaf());
                Client other = harness.connect("ana", "laptop")) {
            await().until(() -> harness.log().presence.size() == 2);
            // Whatever the buffers of both ends hold, this is more; the other socket takes it all.
            long seq = 0;
            while (harness.log().presence.size() == 2) {
                for (int i = 0; i < 16; i++) {
                    harness.feed().sink().push(Harness.item("ana", ++seq, "x".repeat(1_900)));
                }
                long last = seq;
                await().pollInterval(Duration.ofMillis(1))
                        .until(() -> other.received().size() == last + 1);
            }

            assertThat(harness.log().presence.get(2).getDevice()).isEqualTo("phone");
            assertThat(deaf.received()).isEmpty();
            // What waited for it is given back, though it never read.
            await().untilAsserted(() -> assertThat(harness.health("/metrics").body())
                    .contains("herald_ws_closes_total{code=\"slow\"} 1.0", "herald_ws_outbound_bytes 0.0"));
        }
    }

    @Test
    void tellsAClientThatFallsBehindToReadAnewAndKeepsIt() throws Exception {
        start(Map.of("outbound.max.bytes", "2048"));
        try (Client ana = harness.connect("ana", "phone")) {
            // More in one frame than may wait, however fast it reads.
            harness.feed().sink().push(Harness.item("ana", 1, "x".repeat(4_096)));
            ana.expect("resync");
            harness.feed().sink().push(Harness.item("ana", 2, "short"));

            assertThat(ana.expect("item").path("seq").asLong()).isEqualTo(2);
            assertThat(harness.health("/metrics").body())
                    .contains("herald_ws_frames_total{type=\"dropped\"} 1.0")
                    .doesNotContain("code=\"slow\"");
        }
    }

    @Test
    void closesASocketThatDoesNotAnswerHeartbeats() throws Exception {
        start(Map.of("heartbeat.ms", "100"));
        String token = harness.issuer().token("ana", "phone");
        // It does not read, so it sees no pings.
        try (Client deaf =
                        Client.open(harness.port(), Handshake.withToken(token).deaf());
                Client alive = harness.connect("ana", "laptop")) {
            await().until(() -> harness.log().presence.size() == 3);

            assertThat(harness.log().presence.get(2).getDevice()).isEqualTo("phone");
            alive.send("{\"type\":\"ping\"}").expect("pong");
            deaf.socket().request(Long.MAX_VALUE);
            assertThat(deaf.expectClose()).isEqualTo(4004);
        }
    }

    @Test
    void closesTheOldestSocketOfAUserWithTooMany() throws Exception {
        start(Map.of("connections.per.user.max", "2"));
        try (Client first = harness.connect("ana", "one");
                Client second = harness.connect("ana", "two");
                Client third = harness.connect("ana", "three")) {
            assertThat(first.expectClose()).isEqualTo(4409);
            second.send("{\"type\":\"ping\"}").expect("pong");
            third.send("{\"type\":\"ping\"}").expect("pong");
        }
    }

    @Test
    void refusesHandshakesWhenFullAndTakesThemAgainAfterwards() throws Exception {
        start(Map.of("connections.max", "1"));
        try (Client first = harness.connect("ana", "one")) {
            assertThatThrownBy(() -> Client.open(harness.port(), Handshake.withoutToken()))
                    .isInstanceOfSatisfying(WebSocketHandshakeException.class, refused -> assertThat(
                                    refused.getResponse().statusCode())
                            .isEqualTo(503));
            first.socket().sendClose(1000, "").join();
        }
        await().until(() -> harness.log().presence.size() == 2);
        try (Client second = harness.connect("ana", "two")) {
            second.expect("welcome");
        }
    }
}
