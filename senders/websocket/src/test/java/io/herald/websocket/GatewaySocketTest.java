package io.herald.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.herald.schema.InboxAct;
import io.herald.schema.InboxActed;
import io.herald.schema.PresenceChanged;
import io.herald.schema.PresenceState;
import io.herald.schema.Realtime;
import io.herald.testkit.Issuer;
import io.herald.websocket.Client.Handshake;
import io.herald.wire.Heard;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients see, through real sockets. */
@Timeout(60)
class GatewaySocketTest {
    @TempDir
    private static Path folder;

    private Harness harness;

    @BeforeEach
    void start() {
        harness = new Harness(folder, Map.of());
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    @Test
    void takesATokenFromTheSubprotocolAndDoesNotEchoIt() throws Exception {
        try (Client ana = harness.connect("ana", "phone")) {
            JsonNode welcome = ana.expect("welcome");

            assertThat(ana.subprotocol()).isEqualTo("herald.v1");
            assertThat(welcome.path("user").asText()).isEqualTo("ana");
            assertThat(welcome.path("device").asText()).isEqualTo("phone");
        }
    }

    @Test
    void takesATokenFromTheFirstMessage() throws Exception {
        try (Client ana = Client.open(harness.port(), Handshake.withoutToken())) {
            ana.send("{\"type\":\"auth\",\"token\":\"%s\"}"
                    .formatted(harness.issuer().token("ana", "phone")));

            assertThat(ana.expect("welcome").path("user").asText()).isEqualTo("ana");
        }
    }

    @Test
    void closesASocketWithABadToken() throws Exception {
        String unsigned = Issuer.unsigned(Issuer.claims("ana", "phone"));
        try (Client ana = Client.open(harness.port(), Handshake.withToken(unsigned))) {
            assertThat(ana.expectClose()).isEqualTo(4401);
            assertThat(ana.closeReason()).isEqualTo("token refused");
            assertThat(ana.received()).isEmpty();
        }
    }

    @Test
    void doesNothingForASocketThatHasNotShownItsToken() throws Exception {
        try (Client nobody = Client.open(harness.port(), Handshake.withoutToken())) {
            nobody.send("{\"type\":\"read\",\"id\":\"1\",\"seqs\":[1]}");

            assertThat(nobody.expectClose()).isEqualTo(4401);
            assertThat(harness.log().acts).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8081",
                "https://127.0.0.1:8080",
                "http://127.0.0.1:80801",
                "http://evil-127.0.0.1:8080",
                "http://127.0.0.1:8080.evil.test",
                "http://127.0.0.1:8080/",
                "null"
            })
    void refusesAnOriginThatIsNotExactlyOnTheList(String origin) {
        Handshake handshake = Handshake.withToken(harness.issuer().token("ana", "phone"));

        assertThatThrownBy(() -> Client.open(harness.port(), handshake.from(origin)))
                .isInstanceOfSatisfying(WebSocketHandshakeException.class, refused -> assertThat(
                                refused.getResponse().statusCode())
                        .isEqualTo(403));
    }

    @Test
    void takesAnOriginOnTheList() throws Exception {
        Handshake handshake =
                Handshake.withToken(harness.issuer().token("ana", "phone")).from(Harness.PAGE);
        try (Client ana = Client.open(harness.port(), handshake)) {
            ana.expect("welcome");
        }
    }

    @Test
    void refusesATokenInTheAddress() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/v1/socket?token=%s"
                        .formatted(harness.port(), harness.issuer().token("ana", "phone"))))
                .header("Sec-WebSocket-Version", "13")
                .build();

        assertThat(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.discarding())
                        .statusCode())
                .isBetween(400, 499);
    }

    @Test
    void pushesToAllSocketsOfTheUserAndToNobodyElse() throws Exception {
        try (Client phone = harness.connect("ana", "phone");
                Client laptop = harness.connect("ana", "laptop");
                Client bo = harness.connect("bo", "phone")) {
            assertThat(harness.feed().sink().push(Harness.item("ana", 7, "Zoë O'Hara-שלום 🎈")))
                    .isEqualTo(2);
            harness.feed().sink().push(Harness.item("bo", 1, "for bo"));

            for (Client client : List.of(phone, laptop)) {
                JsonNode item = client.expect("item");
                assertThat(item.path("seq").asLong()).isEqualTo(7);
                assertThat(item.path("unread").asInt()).isEqualTo(3);
                assertThat(item.path("item").path("title").asText()).isEqualTo("Zoë O'Hara-שלום 🎈");
            }
            bo.expect("item");
            assertThat(bo.received().stream()
                            .filter(frame -> frame.path("type").asText().equals("item"))
                            .map(frame -> frame.path("item").path("title").asText()))
                    .containsExactly("for bo");
        }
    }

    @Test
    void pushesMarksAndSummaries() throws Exception {
        try (Client ana = harness.connect("ana", "phone")) {
            harness.feed().sink().push(Harness.mark("ana", List.of(2L, 5L)));
            harness.feed()
                    .sink()
                    .push(Harness.change("ana")
                            .setUnread(1)
                            .setLastSeq(9)
                            .setSeqs(List.of())
                            .build());

            JsonNode mark = ana.expect("mark");
            assertThat(mark.path("seqs")).extracting(JsonNode::asLong).containsExactly(2L, 5L);
            assertThat(mark.path("mark").path("read").asBoolean()).isTrue();
            assertThat(mark.path("mark").path("dismissed").asBoolean()).isTrue();
            assertThat(ana.expect("user").path("unread").asInt()).isEqualTo(1);
        }
    }

    @Test
    void pushesToUsersItHoldsAlone() throws Exception {
        Realtime change = Harness.item("ana", 1, "title");
        assertThat(harness.feed().sink().push(change)).isZero();
        try (Client client = harness.connect("ana", "phone")) {
            client.expect("welcome");
            assertThat(harness.feed().sink().push(change)).isOne();
            assertThat(harness.feed()
                            .sink()
                            .push(Realtime.newBuilder(change).setTenant("other").build()))
                    .isZero();
        }
        await().until(() -> harness.feed().sink().push(change) == 0);
    }

    @Test
    void takesATokenThatIsGoodForEver() throws Exception {
        String token = harness.issuer()
                .es256(Issuer.claims("ana", "phone").expirationTime(Date.from(Instant.parse("9999-12-31T23:59:59Z"))));
        try (Client ana = Client.open(harness.port(), Handshake.withToken(token))) {
            ana.expect("welcome");
            await().until(() -> harness.log().presence.size() == 1);
        }
    }

    @Test
    void tellsEveryoneWhenChangesMayHaveBeenMissed() throws Exception {
        try (Client ana = harness.connect("ana", "phone");
                Client bo = harness.connect("bo", "phone")) {
            harness.feed().sink().gap();

            ana.expect("resync");
            bo.expect("resync");
        }
    }

    @Test
    void answersAnActOnlyOnceItIsInTheLog() throws Exception {
        try (Client ana = harness.connect("ana", "phone")) {
            ana.send("{\"type\":\"read\",\"id\":\"a1\",\"seqs\":[4,5]}");
            await().until(() -> harness.log().acts.size() == 1);
            // The answer to a ping comes after whatever was sent before it.
            ana.send("{\"type\":\"ping\"}").expect("pong");
            assertThat(ana.received())
                    .noneMatch(frame -> frame.path("type").asText().equals("ok"));

            harness.log().acknowledged.complete(Heard.parse("a3.1042"));

            assertThat(ana.expect("ok").path("id").asText()).isEqualTo("a1");
            assertThat(ana.expect("ok").path("receipt").asText()).isEqualTo("a3.1042");
            InboxActed acted = harness.log().acts.get(0);
            assertThat(acted.getTenant()).isEqualTo("demo");
            assertThat(acted.getUser()).isEqualTo("ana");
            assertThat(acted.getDevice()).isEqualTo("phone");
            assertThat(acted.getAct()).isEqualTo(InboxAct.READ);
            assertThat(acted.getSeqs()).containsExactly(4L, 5L);
            assertThat(acted.getUpToSeq()).isNull();
        }
    }

    @Test
    void actsOnlyForTheUserOfTheToken() throws Exception {
        try (Client ana = harness.connect("ana", "phone")) {
            ana.send("{\"type\":\"read\",\"id\":\"a1\",\"upTo\":9,\"user\":\"bo\",\"tenant\":\"other\"}");

            await().until(() -> harness.log().acts.size() == 1);
            assertThat(harness.log().acts.get(0).getUser()).isEqualTo("ana");
            assertThat(harness.log().acts.get(0).getTenant()).isEqualTo("demo");
        }
    }

    @Test
    void saysSoWhenTheLogDoesNotTakeAnAct() throws Exception {
        try (Client ana = harness.connect("ana", "phone")) {
            harness.log().acknowledged.completeExceptionally(new IllegalStateException("no broker"));
            ana.send("{\"type\":\"archive\",\"id\":\"a1\",\"seqs\":[1]}");

            JsonNode error = ana.expect("error");
            assertThat(error.path("code").asText()).isEqualTo("unavailable");
            assertThat(error.path("id").asText()).isEqualTo("a1");
        }
    }

    @Test
    void namesTheBadFieldAndKeepsTheSocket() throws Exception {
        try (Client ana = harness.connect("ana", "phone")) {
            ana.send("{\"type\":\"read\",\"id\":\"a1\",\"seqs\":[\"x\"]}");

            JsonNode error = ana.expect("error");
            assertThat(error.path("field").asText()).isEqualTo("seqs");
            assertThat(error.path("id").asText()).isEqualTo("a1");
            ana.send("{\"type\":\"ping\"}").expect("pong");
        }
    }

    @Test
    void reportsPresenceByConnection() throws Exception {
        try (Client first = harness.connect("ana", "phone");
                Client second = harness.connect("ana", "phone")) {
            await().until(() -> harness.log().presence.size() == 2);
            first.socket().sendClose(1000, "bye").join();
            await().until(() -> harness.log().presence.size() == 3);

            List<PresenceChanged> presence = harness.log().presence;
            assertThat(presence)
                    .extracting(PresenceChanged::getState)
                    .containsExactly(PresenceState.CONNECTED, PresenceState.CONNECTED, PresenceState.DISCONNECTED);
            assertThat(presence.get(2).getConnectionId())
                    .isEqualTo(first.expect("welcome").path("connection").asText())
                    .isNotEqualTo(second.expect("welcome").path("connection").asText());
            assertThat(presence).allSatisfy(change -> {
                assertThat(change.getGateway()).isEqualTo("gateway-under-test");
                assertThat(change.getDevice()).isEqualTo("phone");
            });
        }
    }

    @Test
    void renewsATokenOfTheSameDevice() throws Exception {
        try (Client ana = harness.connect("ana", "phone")) {
            ana.send("{\"type\":\"auth\",\"token\":\"%s\"}"
                    .formatted(harness.issuer().token("ana", "phone")));

            ana.expect("renewed");
        }
    }

    @Test
    void closesASocketThatChangesItsUser() throws Exception {
        try (Client ana = harness.connect("ana", "phone")) {
            ana.send("{\"type\":\"auth\",\"token\":\"%s\"}"
                    .formatted(harness.issuer().token("bo", "phone")));

            assertThat(ana.expectClose()).isEqualTo(4401);
        }
    }

    @Test
    void saysGoodbyeWhenItStops() throws Exception {
        try (Client ana = harness.connect("ana", "phone")) {
            harness.gateway().close();

            assertThat(ana.expectClose()).isEqualTo(1012);
            assertThat(harness.log().presence)
                    .extracting(PresenceChanged::getState)
                    .containsExactly(PresenceState.CONNECTED, PresenceState.DISCONNECTED);
            assertThatThrownBy(() -> Client.open(harness.port(), Handshake.withoutToken()))
                    .isInstanceOf(java.io.IOException.class);
        }
    }

    @Test
    void showsHealthAndMetrics() throws Exception {
        try (Client ana = harness.connect("ana", "phone")) {
            ana.expect("welcome");
            assertThat(harness.health("/live").statusCode()).isEqualTo(200);
            assertThat(harness.health("/ready").statusCode()).isEqualTo(200);
            harness.feed().healthy = false;
            assertThat(harness.health("/ready").statusCode()).isEqualTo(503);
            assertThat(harness.health("/live").statusCode()).isEqualTo(200);
            assertThat(harness.health("/metrics").body())
                    .contains("herald_ws_connections{state=\"authenticated\"} 1.0")
                    .contains("herald_ws_handshakes_total{result=\"accepted\"} 1.0")
                    .contains("herald_ws_tokens_total{result=\"ok\"} 1.0");
        }
    }
}
