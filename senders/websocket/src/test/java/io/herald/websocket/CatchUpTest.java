package io.herald.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.herald.schema.PresenceChanged;
import io.herald.schema.Realtime;
import io.herald.websocket.Client.Handshake;
import io.herald.websocket.Missed.Why;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client comes back and says what it has. */
@Timeout(60)
class CatchUpTest {
    @TempDir
    private static Path folder;

    private Harness harness;

    private void start(Map<String, String> settings) {
        harness = new Harness(folder, settings);
    }

    @AfterEach
    void stop() {
        if (harness != null) {
            harness.close();
        }
    }

    /** The router's greeting: it has taken the connection in when the inbox was so far. */
    static Realtime hello(String user, String connection, long lastSeq, long version) {
        return Harness.change(user)
                .setUnread(2)
                .setLastSeq(lastSeq)
                .setSeqs(List.of())
                .setConnectionId(connection)
                .setVersion(version)
                .build();
    }

    private Client back(String since) throws Exception {
        return Client.open(
                harness.port(),
                Handshake.withToken(harness.issuer().token("ana", "phone")).since(since));
    }

    private void greet(Client client, long lastSeq, long version) {
        greet(client, "ana", lastSeq, version);
    }

    private void greet(Client client, String user, long lastSeq, long version) {
        String connection = client.expect("welcome").path("connection").asText();
        harness.feed().sink().push(hello(user, connection, lastSeq, version));
    }

    private static List<String> told(Client client) {
        return client.received().stream()
                .map(frame -> frame.path("type").asText()
                        + (frame.has("seq") ? frame.path("seq").asText() : ""))
                .toList();
    }

    @Test
    void sendsWhatWasMissedThenWhatChangedMeanwhileEachOnce() throws Exception {
        start(Map.of());
        try (Client ana = back("4.20.1")) {
            greet(ana, 6, 31);
            await().until(() -> harness.asked().size() == 1);
            assertThat(harness.asked().get(0)).containsExactly(new Position(4, 20, 1), new Position(6, 31, null));
            // The tables are further by now than when the router greeted, so they have 7 too.
            harness.feed().sink().push(Harness.item("ana", 7, "in both"));
            harness.feed().sink().push(Harness.mark("ana", List.of(2L)));
            harness.feed().sink().push(Harness.item("ana", 8, "live alone"));
            ana.send("{\"type\":\"ping\"}").expect("pong");
            assertThat(told(ana)).containsExactly("welcome", "pong");

            harness.missed()
                    .complete(new Missed.Changes(
                            List.of(
                                    Harness.item("ana", 5, "missed"),
                                    Harness.item("ana", 6, "missed"),
                                    Harness.item("ana", 7, "in both")),
                            7,
                            2,
                            33,
                            1));

            JsonNode done = ana.expect("caught_up");
            assertThat(told(ana))
                    .containsExactly("welcome", "pong", "item5", "item6", "item7", "mark", "item8", "caught_up8");
            assertThat(done.path("epoch").asInt()).isEqualTo(1);
            assertThat(done.path("version").asLong()).isEqualTo(33);
            harness.feed().sink().push(Harness.item("ana", 9, "after"));
            ana.expect(frame -> frame.path("seq").asLong() == 9);
        }
    }

    @Test
    void readsNothingBeforeTheRouterSaidUpToWhere() throws Exception {
        start(Map.of());
        try (Client ana = back("4")) {
            String connection = ana.expect("welcome").path("connection").asText();
            harness.feed().sink().push(hello("ana", "another", 6, 31));
            harness.feed().sink().push(hello("bo", connection, 6, 31));
            ana.send("{\"type\":\"ping\"}").expect("pong");

            assertThat(harness.asked()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"OTHER_EPOCH", "TOO_OLD", "BEHIND", "UNAVAILABLE"})
    void tellsTheClientToReadAnewWhereThatCannotBe(Why why) throws Exception {
        start(Map.of());
        try (Client ana = back("4")) {
            greet(ana, 6, 31);
            await().until(() -> harness.asked().size() == 1);
            harness.feed().sink().push(Harness.item("ana", 7, "meanwhile"));
            harness.missed().complete(new Missed.Unknown(why));

            ana.expect("item");
            assertThat(told(ana)).containsExactly("welcome", "resync", "item7");
            assertThat(harness.health("/metrics").body())
                    .contains("herald_ws_resumes_total{result=\"" + why.name().toLowerCase(java.util.Locale.ROOT)
                            + "\"} 1.0");
        }
    }

    @Test
    void tellsTheClientToReadAnewWhereTheReadFails() throws Exception {
        start(Map.of());
        try (Client ana = back("4")) {
            greet(ana, 6, 31);
            harness.missed().fail("no database");

            ana.expect("resync");
        }
    }

    @Test
    void keepsNoMoreThanMayWait() throws Exception {
        start(Map.of("outbound.max.bytes", "2048"));
        try (Client ana = back("4")) {
            greet(ana, 6, 31);
            for (int seq = 7; seq < 20; seq++) {
                harness.feed().sink().push(Harness.item("ana", seq, "x".repeat(200)));
            }
            ana.send("{\"type\":\"ping\"}").expect("pong");
            harness.missed().complete(new Missed.Changes(List.of(), 6, 2, 31, 1));

            ana.expect("resync");
            assertThat(told(ana)).containsExactly("welcome", "pong", "resync");
        }
    }

    @Test
    void bringsASocketUpToDateThatAsksLater() throws Exception {
        start(Map.of());
        try (Client ana = harness.connect("ana", "phone")) {
            greet(ana, 6, 31);
            assertThat(ana.expect("user").path("unread").asInt()).isEqualTo(2);
            ana.send("{\"type\":\"resume\",\"since\":\"5.20.1\"}");
            ana.send("{\"type\":\"resume\",\"since\":\"5.20.1\"}");
            assertThat(ana.expect("error").path("field").asText()).isEqualTo("type");
            harness.missed().complete(new Missed.Changes(List.of(Harness.item("ana", 6, "missed")), 6, 2, 31, 1));

            ana.expect("caught_up");
            assertThat(harness.asked()).hasSize(1);
        }
    }

    @Test
    void asksForWhatWasPushedSinceTheGreetingToo() throws Exception {
        start(Map.of());
        try (Client ana = harness.connect("ana", "phone")) {
            greet(ana, 6, 31);
            harness.feed().sink().push(Harness.item("ana", 7, "live"));
            harness.feed().sink().push(Harness.item("ana", 9, "live, but the one before it got lost"));
            ana.expect(frame -> frame.path("seq").asLong() == 9);
            ana.send("{\"type\":\"resume\",\"since\":\"7.32\"}");

            await().until(() -> harness.asked().size() == 1);
            assertThat(harness.asked().get(0)).containsExactly(new Position(7, 32, null), new Position(9, 31, null));
        }
    }

    /** The word to the router may have been lost, and then nothing would ever be directed here. */
    @Test
    void tellsTheRouterAgainOfAConnectionThatItDidNotGreet() throws Exception {
        start(Map.of());
        try (Client ana = back("4");
                Client bo = harness.connect("bo", "phone")) {
            String connection = ana.expect("welcome").path("connection").asText();
            greet(bo, "bo", 1, 1);
            await().until(() -> harness.log().presence.size() == 3);
            ana.expect("resync");
            assertThat(harness.log().presence)
                    .extracting(changed -> changed.getUser() + changed.getState())
                    .containsExactlyInAnyOrder("anaCONNECTED", "boCONNECTED", "anaCONNECTED");
            assertThat(harness.log().presence)
                    .filteredOn(changed -> changed.getUser().equals("ana"))
                    .extracting(PresenceChanged::getConnectionId)
                    .containsOnly(connection);

            harness.feed().sink().push(hello("ana", connection, 6, 31));
            JsonNode again = ana.expect(frame -> frame.path("type").asText().equals("resync") && frame.has("lastSeq"));
            assertThat(again.path("lastSeq").asLong()).isEqualTo(6);
        }
    }

    @Test
    void tellsTheRouterEverMoreRarely() {
        Greeting greeting = new Greeting();
        assertThat(greeting.isOverdue(Long.MAX_VALUE - 1)).as("not known yet").isFalse();
        greeting.asked(0);
        List<Long> told = LongStream.rangeClosed(0, 200)
                .filter(second -> greeting.isOverdue(Duration.ofSeconds(second).toNanos()))
                .boxed()
                .toList();
        assertThat(told).containsExactly(5L, 15L, 35L, 75L, 135L, 195L);
        assertThat(greeting.came(new Position(3, 1, null))).isTrue();
        assertThat(greeting.came(new Position(3, 1, null))).isFalse();
        assertThat(greeting.isOverdue(Duration.ofHours(1).toNanos())).isFalse();
    }

    @Test
    void refusesAPositionThatIsNone() throws Exception {
        start(Map.of());
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> back("soon")))
                .isInstanceOfSatisfying(java.net.http.WebSocketHandshakeException.class, refused -> assertThat(
                                refused.getResponse().statusCode())
                        .isEqualTo(400));
        try (Client ana = harness.connect("ana", "phone")) {
            ana.send("{\"type\":\"resume\",\"since\":\"-1\"}");

            assertThat(ana.expect("error").path("field").asText()).isEqualTo("since");
        }
    }

    @Test
    void givesUpAfterABound() {
        CatchUp waiting = new CatchUp(new Position(0, 0, null), 0, 100);

        assertThat(waiting.isLate(Duration.ofMillis(4_999).toNanos())).isFalse();
        assertThat(waiting.isLate(Duration.ofSeconds(5).toNanos())).isTrue();
        assertThat(waiting.startReading()).isTrue();
        assertThat(waiting.startReading()).isFalse();
        assertThat(waiting.isLate(Duration.ofSeconds(5).toNanos())).isFalse();
        assertThat(waiting.isLate(Duration.ofSeconds(11).toNanos())).isTrue();
    }

    @ParameterizedTest(name = "position {0}")
    @CsvSource(nullValues = "-", textBlock = """
            0,                    0,  0, -
            7,                    7,  0, -
            7.31,                 7, 31, -
            7.31.2,               7, 31, 2
            '',                   -,  -, -
            -1,                   -,  -, -
            7.,                   -,  -, -
            7.31.x,               -,  -, -
            7.31.2.9,             -,  -, -
            9999999999999999999,  -,  -, -
            7.31.99999999999,     -,  -, -
            """)
    void readsPositions(String text, Long seq, Long version, Integer epoch) {
        assertThat(Position.parse(text)).isEqualTo(seq == null ? null : new Position(seq, version, epoch));
    }
}
