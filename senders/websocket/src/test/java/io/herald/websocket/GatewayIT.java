package io.herald.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.herald.schema.GatewayLeased;
import io.herald.schema.InboxAct;
import io.herald.schema.InboxActed;
import io.herald.schema.PresenceChanged;
import io.herald.schema.PresenceState;
import io.herald.schema.Realtime;
import io.herald.schema.SocketOutcome;
import io.herald.schema.SocketReported;
import io.herald.testkit.Issuer;
import io.herald.topic.TopicAdmin;
import io.herald.topic.Topics;
import io.herald.wire.GatewayKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole gateway: real sockets on one side, a real broker on the other. Each test has a user of its own. */
@Timeout(120)
class GatewayIT {
    @TempDir
    private static Path folder;

    private static Issuer issuer;
    private static Broker broker;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        issuer = new Issuer();
        issuer.publish(folder.resolve("keys.json"));
        broker = new Broker(folder.resolve("kafka"));
        gateway = Gateway.start(config("gateway-1"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        broker.close();
    }

    private static GatewayConfig config(String id) {
        return GatewayConfig.from(Map.ofEntries(
                Map.entry("id", id),
                Map.entry("port", "0"),
                Map.entry("health.port", "0"),
                Map.entry("jwt.keys", folder.resolve("keys.json").toUri().toString()),
                Map.entry("jwt.issuer", Issuer.NAME),
                Map.entry("jwt.audience", Issuer.AUDIENCE),
                Map.entry("drain.ms", "0"),
                Map.entry("reconnect.grace.ms", "0"),
                Map.entry("bootstrap.servers", broker.bootstrap()),
                Map.entry("kafka.request.timeout.ms", "1000"),
                Map.entry("kafka.delivery.timeout.ms", "2000"),
                Map.entry("kafka.max.block.ms", "2000"),
                Map.entry("schema.registry.url", Broker.REGISTRY),
                Map.entry("registry.auto.register.schemas", "true")));
    }

    private static Client connect(Gateway to, String user, String device) throws Exception {
        return Client.welcomed(to.port(), issuer.token(user, device));
    }

    private static List<Long> seqs(Client client) {
        return client.received().stream()
                .filter(frame -> frame.path("type").asText().equals("item"))
                .map(frame -> frame.path("seq").asLong())
                .toList();
    }

    @Test
    void pushesInTheOrderOfTheLog() throws Exception {
        try (Client ana = connect(gateway, "order", "phone")) {
            for (long seq = 1; seq <= 100; seq++) {
                broker.commit(Harness.item("order", seq, "n" + seq));
            }

            ana.expect(frame -> frame.path("seq").asLong() == 100);
            assertThat(seqs(ana)).hasSize(100).isSorted();
        }
    }

    @Test
    void pushesNothingThatWasNotCommitted() throws Exception {
        try (Client ana = connect(gateway, "aborted", "phone")) {
            broker.abort(Harness.item("aborted", 1, "never happened"));
            broker.commit(Harness.item("aborted", 2, "happened"));

            ana.expect("item");
            assertThat(seqs(ana)).containsExactly(2L);
        }
    }

    @Test
    void pushesThroughEveryGatewayFromItsStartOn() throws Exception {
        broker.commit(Harness.item("moving", 1, "before"));
        Gateway second = Gateway.start(config("gateway-2"));
        try (Client here = connect(gateway, "moving", "phone");
                Client there = connect(second, "moving", "laptop")) {
            broker.commit(Harness.item("moving", 2, "after"));

            here.expect("item");
            there.expect("item");
            assertThat(seqs(there)).containsExactly(2L);
        } finally {
            second.close();
        }
    }

    @Test
    void dropsWhatIsForAnotherGatewayInItsPartition() throws Exception {
        GatewayKey neighbour = IntStream.range(0, 100)
                .mapToObj(number -> new GatewayKey("neighbour-" + number))
                .filter(key -> key.partition(4) == new GatewayKey("gateway-1").partition(4))
                .findFirst()
                .orElseThrow();
        try (Client ana = connect(gateway, "elsewhere", "phone")) {
            broker.commit(Harness.item("elsewhere", 1, "for the neighbour"), neighbour);
            broker.commit(Harness.item("elsewhere", 2, "for this one"));

            ana.expect("item");
            assertThat(seqs(ana)).containsExactly(2L);
        }
    }

    @Test
    void goesOnAfterBytesThatAreNoChange() throws Exception {
        try (Client ana = connect(gateway, "garbage", "phone")) {
            broker.commitGarbage();
            broker.commit(Harness.item("garbage", 1, "after"));

            ana.expect("item");
        }
    }

    @Test
    void hasAnActInKafkaBeforeItSaysOk() throws Exception {
        try (Client ana = connect(gateway, "acts", "phone")) {
            ana.send("{\"type\":\"read\",\"id\":\"a1\",\"seqs\":[4,5]}").expect("ok");

            assertThat(broker.read(Topics.INBOX_ACTED, InboxActed.class))
                    .filteredOn(acted -> acted.getUser().equals("acts"))
                    .singleElement()
                    .satisfies(acted -> {
                        assertThat(acted.getTenant()).isEqualTo("demo");
                        assertThat(acted.getAct()).isEqualTo(InboxAct.READ);
                        assertThat(acted.getSeqs()).containsExactly(4L, 5L);
                        assertThat(acted.getDevice()).isEqualTo("phone");
                    });
        }
    }

    @Test
    void tellsTheRouterWhetherItShowedWhatItWasAskedAbout() throws Exception {
        try (Client ana = connect(gateway, "asked", "phone")) {
            broker.commit(
                    asking("asked", "gateway-1"), asking("asked-away", "gateway-1"), asking("asked-away", "gateway-x"));
            ana.expect("item");
            ana.send("{\"type\":\"ack\",\"upTo\":1}");

            await().untilAsserted(() -> assertThat(broker.read(Topics.SOCKET_REPORTED, SocketReported.class))
                    .extracting(SocketReported::getUser, SocketReported::getGateway, SocketReported::getOutcome)
                    .containsExactlyInAnyOrder(
                            tuple("asked", "gateway-1", SocketOutcome.SHOWN),
                            tuple("asked-away", "gateway-1", SocketOutcome.NO_SOCKET)));
            assertThat(broker.keys(Topics.SOCKET_REPORTED)).containsExactlyInAnyOrder("demo/asked", "demo/asked-away");
        }
    }

    private static Realtime asking(String user, String id) {
        return Realtime.newBuilder(Harness.item(user, 1, "title"))
                .setAskGateways(List.of(id))
                .setNotificationId("5c6f3a5e-0000-0000-0000-000000000001")
                .build();
    }

    @Test
    void takesWhatWasDismissed() throws Exception {
        try (Client ana = connect(gateway, "dismisses", "phone")) {
            ana.send("{\"type\":\"dismiss\",\"id\":\"a1\",\"seqs\":[4]}").expect("ok");

            assertThat(broker.read(Topics.INBOX_ACTED, InboxActed.class))
                    .filteredOn(acted -> acted.getUser().equals("dismisses"))
                    .extracting(InboxActed::getAct)
                    .containsExactly(InboxAct.DISMISSED);
        }
    }

    @Test
    void keepsTheOrderOfActs() throws Exception {
        try (Client ana = connect(gateway, "toggles", "phone")) {
            for (int i = 0; i < 30; i++) {
                ana.send("{\"type\":\"%s\",\"id\":\"%d\",\"seqs\":[%d]}"
                        .formatted(i % 2 == 0 ? "read" : "unread", i, i + 1));
            }
            ana.expect(frame -> frame.path("type").asText().equals("ok")
                    && frame.path("id").asText().equals("29"));

            assertThat(broker.read(Topics.INBOX_ACTED, InboxActed.class).stream()
                            .filter(acted -> acted.getUser().equals("toggles"))
                            .map(acted -> acted.getSeqs().get(0)))
                    .hasSize(30)
                    .isSorted();
        }
    }

    @Test
    void writesPresence() throws Exception {
        try (Client ana = connect(gateway, "presence", "phone")) {
            ana.socket().sendClose(1000, "bye").join();
        }

        await().untilAsserted(() -> assertThat(broker.read(Topics.PRESENCE_CHANGED, PresenceChanged.class))
                .filteredOn(change -> change.getUser().equals("presence"))
                .extracting(PresenceChanged::getState)
                .containsExactly(PresenceState.CONNECTED, PresenceState.DISCONNECTED));
    }

    @Test
    void holdsALeaseAndGivesItBack() {
        Gateway.start(config("gateway-leased")).close();

        await().untilAsserted(() -> assertThat(broker.read(Topics.GATEWAY_LEASED, GatewayLeased.class))
                .filteredOn(lease -> lease.getGateway().equals("gateway-leased"))
                .extracting(GatewayLeased::getTtlMs)
                .startsWith(15_000L)
                .endsWith(0L));
        assertThat(broker.keys(Topics.GATEWAY_LEASED)).contains("gateway-leased");
    }

    @Test
    void writesThatItsSocketsAreGoneWhenItStops() throws Exception {
        Gateway second = Gateway.start(config("gateway-3"));
        try (Client ana = connect(second, "stopped", "phone")) {
            second.close();

            assertThat(ana.expectClose()).isEqualTo(1012);
            assertThat(broker.read(Topics.PRESENCE_CHANGED, PresenceChanged.class))
                    .filteredOn(change -> change.getUser().equals("stopped"))
                    .extracting(PresenceChanged::getState)
                    .containsExactly(PresenceState.CONNECTED, PresenceState.DISCONNECTED);
        }
    }

    @Test
    void outlivesARestartOfTheBroker() throws Exception {
        try (Client ana = connect(gateway, "outage", "phone")) {
            broker.kafka().pause();
            JsonNode error =
                    ana.send("{\"type\":\"read\",\"id\":\"lost\",\"seqs\":[1]}").expect("error");
            assertThat(error.path("code").asText()).isEqualTo("unavailable");
            assertThat(error.path("id").asText()).isEqualTo("lost");
            broker.kafka().resume();

            ana.send("{\"type\":\"read\",\"id\":\"again\",\"seqs\":[1]}");
            await().atMost(Duration.ofSeconds(30)).until(() -> ana.received().stream()
                    .anyMatch(frame -> frame.path("id").asText().equals("again")));
            broker.commit(Harness.item("outage", 1, "after the restart"));
            ana.expect("item");
        }
    }

    @Test
    void refusesToStartWithoutItsTopic() throws Exception {
        Path elsewhere = folder.resolve("without-topic");
        try (Broker bare = new Broker(elsewhere);
                Admin admin = Admin.create(Map.of("bootstrap.servers", bare.bootstrap()))) {
            admin.deleteTopics(List.of(Topics.REALTIME.name())).all().get();
            await().until(() ->
                    new TopicAdmin(admin).faults(List.of(Topics.REALTIME)).size() == 1);
            GatewayConfig config = config("gateway-4");
            GatewayConfig there = new GatewayConfig(
                    config.id(),
                    config.host(),
                    0,
                    config.healthHost(),
                    0,
                    config.origins(),
                    config.issuers(),
                    config.limits(),
                    config.admittance(),
                    config.drain(),
                    config.others(),
                    Map.of("bootstrap.servers", bare.bootstrap()),
                    config.registry());

            assertThatThrownBy(() -> Gateway.start(there)).hasMessageContaining("realtime");
        }
    }
}
