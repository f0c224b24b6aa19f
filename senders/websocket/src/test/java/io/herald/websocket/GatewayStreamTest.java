package io.herald.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.herald.schema.PresenceChanged;
import io.herald.schema.PresenceState;
import io.herald.schema.Realtime;
import io.herald.schema.SocketOutcome;
import io.herald.schema.SocketReported;
import io.herald.testkit.Issuer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Server-sent events: the same changes and limits as over a socket. */
@Timeout(60)
class GatewayStreamTest {
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

    private StreamClient open(String user) throws Exception {
        return StreamClient.open(
                harness.port(), "Authorization", "Bearer " + harness.issuer().token(user, "phone"));
    }

    @Test
    void streamsTheChangesOfItsUserWithPositionsAsIds() throws Exception {
        start(Map.of());
        try (StreamClient ana = open("ana");
                StreamClient bo = open("bo")) {
            assertThat(ana.expect("welcome").path("user").asText()).isEqualTo("ana");
            bo.expect("welcome");
            Realtime item = Realtime.newBuilder(Harness.item("ana", 7, "two\nlines"))
                    .setVersion(31L)
                    .build();
            harness.feed().sink().push(item);
            harness.feed().sink().push(Harness.item("bo", 1, "for bo"));

            assertThat(ana.expect("item").path("item").path("title").asText()).isEqualTo("two\nlines");
            assertThat(ana.lines()).contains("id: 7.31");
            assertThat(bo.expect("item").path("item").path("title").asText()).isEqualTo("for bo");
            assertThat(ana.header("content-type")).isEqualTo("text/event-stream");
            assertThat(ana.header("cache-control")).contains("no-store");
        }
    }

    @Test
    void goesOnAfterTheLastEventId() throws Exception {
        start(Map.of());
        try (StreamClient ana = StreamClient.open(
                harness.port(),
                "Authorization",
                "Bearer " + harness.issuer().token("ana", "phone"),
                "Last-Event-ID",
                "7.31")) {
            String connection = ana.expect("welcome").path("connection").asText();
            harness.feed().sink().push(CatchUpTest.hello("ana", connection, 9, 40));
            await().until(() -> harness.asked().size() == 1);
            assertThat(harness.asked().get(0)).containsExactly(new Position(7, 31, null), new Position(9, 40, null));
            harness.missed().complete(new Missed.Changes(List.of(Harness.item("ana", 8, "missed")), 9, 2, 40, 3));

            assertThat(ana.expect("item").path("seq").asLong()).isEqualTo(8);
            ana.expect("caught_up");
            assertThat(ana.lines()).contains("id: 9.40.3");
        }
    }

    @Test
    void reportsPresenceAndNoticesWhenTheClientIsGone() throws Exception {
        start(Map.of("heartbeat.ms", "50"));
        try (StreamClient ana = open("ana")) {
            ana.expect("welcome");
            await().until(() -> ana.lines().contains(":"));
        }
        await().until(() -> harness.log().presence.size() == 2);
        assertThat(harness.log().presence)
                .extracting(PresenceChanged::getState)
                .containsExactly(PresenceState.CONNECTED, PresenceState.DISCONNECTED);
    }

    /** A client that only listens is not taken for one that is gone. */
    @Test
    void doesNotExpectAnswersToHeartbeats() throws Exception {
        start(Map.of("heartbeat.ms", "20"));
        try (StreamClient ana = open("ana")) {
            await().until(() -> ana.lines().stream().filter(":"::equals).count() > 10);

            assertThat(harness.log().presence).hasSize(1);
        }
    }

    @Test
    void endsWithTheToken() throws Exception {
        start(Map.of());
        String almostOver = harness.issuer()
                .es256(Issuer.claims("ana", "phone")
                        .notBeforeTime(null)
                        .expirationTime(
                                java.util.Date.from(java.time.Instant.now().minusSeconds(28))));
        try (StreamClient ana = StreamClient.open(harness.port(), "Authorization", "Bearer " + almostOver)) {
            assertThat(ana.expect("close").path("code").asInt()).isEqualTo(4401);
            ana.expectEnd();
            assertThat(ana.lines()).contains("event: close");
        }
    }

    /** A peer that takes nothing, not even the end, keeps neither the connection nor its room. */
    @Test
    void cutsAStreamWhoseClientDoesNotRead() throws Exception {
        start(Map.of("outbound.max.bytes", "4096", "outbound.wait.ms", "50"));
        try (Socket ana = new Socket()) {
            ana.setReceiveBufferSize(4_096);
            ana.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), harness.port()));
            ana.getOutputStream()
                    .write("GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n"
                            .formatted(harness.issuer().token("ana", "phone"))
                            .getBytes(ISO_8859_1));
            await().until(() -> harness.log().presence.size() == 1);
            String large = "x".repeat(3_000);
            await().until(() -> {
                for (int seq = 1; seq < 100; seq++) {
                    harness.feed().sink().push(Harness.item("ana", seq, large));
                }
                return harness.health("/metrics").body().contains("type=\"dropped\"");
            });

            // A peer that is there takes bytes; one that has cut refuses them.
            await().until(() -> catchThrowable(() -> ana.getOutputStream().write(new byte[16])) != null);
            await().until(() ->
                    harness.health("/metrics").body().contains("herald_ws_connections{state=\"open\"} 0.0"));
        }
    }

    @Test
    void endsOneStreamTooManyAndTellsTheRestToComeBackLater() throws Exception {
        start(Map.of("connections.per.user.max", "1", "connections.max", "2"));
        try (StreamClient first = open("ana");
                StreamClient second = open("ana")) {
            assertThat(first.expect("close").path("code").asInt()).isEqualTo(4409);
            second.expect("welcome");
            first.expectEnd();
            // Its room is free once it has ended.
            await().until(() -> harness.log().presence.size() == 3);
            try (StreamClient third = open("bo");
                    StreamClient refused = open("cy")) {
                third.expect("welcome");
                assertThat(refused.status()).isEqualTo(503);
                assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(2, 15);
            }
        }
    }

    @ParameterizedTest(name = "{0} {2}: {3} -> {4}")
    @CsvSource(nullValues = "-", textBlock = """
            GET,  /v1/events,         Authorization, -,                      401
            GET,  /v1/events,         Authorization, Bearer x,               401
            GET,  /v1/events,         Authorization, Basic YTpi,             401
            GET,  /v1/events?token=x, Authorization, Bearer good,            400
            GET,  /v1/events,         Last-Event-ID, ../../etc,              400
            GET,  /v1/events,         Last-Event-ID, 99999999999999999999,   400
            GET,  /v1/events,         Origin,        https://evil.test,      403
            POST, /v1/events,         Authorization, Bearer good,            405
            GET,  /v1/acks,           Authorization, Bearer good,            405
            GET,  /v1/other,          Authorization, Bearer good,            404
            """)
    void refuses(String method, String path, String header, String value, int status) throws Exception {
        start(Map.of());
        String good = harness.issuer().token("ana", "phone");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + harness.port() + path))
                .method(method, BodyPublishers.noBody());
        if (!header.equals("Authorization")) {
            request.header("Authorization", "Bearer " + good);
        }
        if (value != null) {
            request.header(header, value.replace("good", good));
        }

        HttpResponse<String> answer = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(answer.body()).doesNotContain("evil", "etc");
        assertThat(harness.log().presence).isEmpty();
    }

    @Test
    void letsPagesOnTheListReadAnswersAndNoOthers() throws Exception {
        start(Map.of());
        HttpResponse<String> allowed = preflight(Harness.PAGE);
        HttpResponse<String> other = preflight("https://evil.test");

        assertThat(allowed.statusCode()).isEqualTo(204);
        assertThat(allowed.headers().firstValue("access-control-allow-origin")).contains(Harness.PAGE);
        assertThat(allowed.headers().firstValue("access-control-allow-headers").orElseThrow())
                .contains("authorization");
        assertThat(allowed.headers()
                        .firstValue("access-control-expose-headers")
                        .orElseThrow()
                        .split(", ", -1))
                .containsExactlyInAnyOrder("herald-receipt", "herald-behind", "retry-after");
        assertThat(other.headers().firstValue("access-control-allow-origin")).isEmpty();
    }

    private HttpResponse<String> preflight(String origin) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + harness.port() + "/v1/events"))
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "authorization")
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    @Test
    void takesAcknowledgementsOfTheSameHolderOnly() throws Exception {
        start(Map.of("ack.timeout.ms", "600000"));
        try (StreamClient ana = open("ana")) {
            String connection = ana.expect("welcome").path("connection").asText();
            harness.feed()
                    .sink()
                    .push(Realtime.newBuilder(Harness.item("ana", 4, "title"))
                            .setAskGateways(List.of("gateway-under-test"))
                            .setNotificationId("n4")
                            .build());
            ana.expect("item");

            assertThat(ack("bo", "{\"connection\":\"%s\",\"upTo\":4}".formatted(connection)))
                    .isEqualTo(404);
            assertThat(ack("ana", "{\"connection\":\"another\",\"upTo\":4}")).isEqualTo(404);
            assertThat(ack("ana", "{\"connection\":\"%s\"}".formatted(connection)))
                    .isEqualTo(400);
            assertThat(ack("ana", "x".repeat(2_000))).isEqualTo(413);
            assertThat(harness.log().reports).isEmpty();
            assertThat(ack("ana", "{\"connection\":\"%s\",\"upTo\":4}".formatted(connection)))
                    .isEqualTo(204);

            assertThat(harness.log().reports)
                    .extracting(SocketReported::getOutcome)
                    .containsExactly(SocketOutcome.SHOWN);
        }
    }

    private int ack(String user, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + harness.port() + "/v1/acks"))
                .header("Authorization", "Bearer " + harness.issuer().token(user, "phone"))
                .POST(BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }
}
