package io.herald.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.local.Infrastructure;
import io.herald.local.Installation;
import io.herald.local.Ports;
import io.herald.local.Progress;
import io.herald.local.StateFolder;
import io.herald.local.page.DemoTokens;
import io.herald.local.story.Cast;
import io.herald.schema.Channel;
import io.herald.schema.NotificationRequested;
import io.herald.schema.RuleChanged;
import io.herald.schema.TemplateChanged;
import io.herald.topic.Topics;
import io.herald.topology.app.TopologyApp;
import io.herald.websocket.GatewayApp;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * kill -9 of the gateway, of Connect and of PostgreSQL amid traffic: afterwards every client and the table hold each
 * notification once, without gaps.
 */
@Timeout(420)
class InboxFaultsIT {
    private static final Logger LOG = LoggerFactory.getLogger(InboxFaultsIT.class);
    private static final String CATEGORY = "news";
    private static final List<String> USERS =
            IntStream.range(0, 12).mapToObj(user -> "user-" + user).toList();
    /** For each user; an inbox keeps a hundred items. */
    private static final int EVENTS = 90;

    private static final Duration APART = Duration.ofMillis(35);

    private final List<SocketClient> clients = new ArrayList<>();
    private Infrastructure stack;
    private HeraldProcess topology;
    private HeraldProcess gateway;
    private Wire wire;
    private int sent;

    @BeforeEach
    void start() throws IOException {
        Path root = Files.createTempDirectory(Path.of("target"), "faults").toAbsolutePath();
        StateFolder folder = StateFolder.at(root);
        stack = new Infrastructure(Installation.find(), folder, Ports.free());
        try (Progress progress = new Progress(LOG::info)) {
            stack.start(progress);
        }
        wire = new Wire(stack.kafka().bootstrap(), stack.registry().url());
        topology = new HeraldProcess(
                TopologyApp.class,
                "HERALD_TOPOLOGY_",
                Map.of(
                        "bootstrap.servers", stack.kafka().bootstrap(),
                        "schema.registry.url", stack.registry().url(),
                        "state.dir", folder.data("streams").toString(),
                        "health.port", "0"),
                root.resolve("topology.log"));
        topology.start();
        startGateways(root);
    }

    private void startGateways(Path root) throws IOException {
        DemoTokens tokens = DemoTokens.in(root.resolve("issuer"));
        int port = freePort();
        gateway = new HeraldProcess(
                GatewayApp.class,
                "HERALD_GATEWAY_",
                Map.ofEntries(
                        Map.entry("id", "gateway-1"),
                        Map.entry("port", Integer.toString(port)),
                        Map.entry("health.port", "0"),
                        Map.entry("bootstrap.servers", stack.kafka().bootstrap()),
                        Map.entry("schema.registry.url", stack.registry().url()),
                        Map.entry("jwt.keys", tokens.keys().toString()),
                        Map.entry("jwt.issuer", DemoTokens.ISSUER),
                        Map.entry("jwt.audience", DemoTokens.AUDIENCE),
                        Map.entry("database.url", stack.postgres().jdbcUrl().substring("jdbc:".length())),
                        Map.entry("database.user", stack.postgres().user()),
                        Map.entry("database.password", stack.postgres().password())),
                root.resolve("gateway.log"));
        gateway.start();
        HttpClient http = HttpClient.newHttpClient();
        URI address = URI.create("http://127.0.0.1:" + port);
        USERS.forEach(user -> clients.add(new SocketClient(http, address, tokens.sign(user, "test"))));
    }

    @AfterEach
    void stop() {
        clients.forEach(SocketClient::close);
        gateway.close();
        topology.close();
        wire.close();
        stack.close();
    }

    @Test
    void everyClientAndTheTableHoldEachNotificationOnce() {
        category();
        await("all clients to be connected").atMost(Duration.ofMinutes(1)).until(() -> clients.stream()
                .allMatch(client -> client.connections() > 0));

        traffic(0.15);
        gateway.kill();
        traffic(0.1);
        gateway.start();
        traffic(0.15);
        stack.connect().kill();
        traffic(0.1);
        stack.connect().start();
        stack.connect().deploy(stack.postgres(), stack.registry());
        traffic(0.15);
        stack.postgres().kill();
        traffic(0.05);
        gateway.kill();
        gateway.start();
        traffic(0.05);
        stack.postgres().start();
        traffic(0.15);
        gateway.kill();
        gateway.start();
        traffic(1);

        await("the table to have everything")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofSeconds(1))
                .until(this::tableIsComplete);
        await("the clients to have everything").atMost(Duration.ofMinutes(1)).until(() -> clients.stream()
                .allMatch(client -> client.held().size() >= EVENTS));
        for (int user = 0; user < USERS.size(); user++) {
            SocketClient client = clients.get(user);
            Map<Long, String> rows = rows(USERS.get(user));
            assertThat(rows.keySet())
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, EVENTS).boxed().toList());
            assertThat(new HashSet<>(rows.values()))
                    .as("each notification once")
                    .hasSize(EVENTS);
            assertThat(client.held()).as(USERS.get(user)).isEqualTo(rows);
            assertThat(client.connections()).as("it was cut off by each kill").isGreaterThanOrEqualTo(4);
        }
        LOG.info(
                "{} items; connected {}, told to read anew {}, items again {}",
                sent,
                sum(SocketClient::connections),
                sum(SocketClient::resyncs),
                sum(SocketClient::repeats));
    }

    /** Sends some more of all events, a share of them or what is left. */
    private void traffic(double share) {
        int all = USERS.size() * EVENTS;
        int upTo = Math.min(all, sent + (int) (all * share));
        long start = System.nanoTime();
        for (int first = sent; sent < upTo; sent++) {
            long due = start + (sent - first) * APART.toNanos();
            await().pollInterval(Duration.ofMillis(2)).until(() -> System.nanoTime() >= due);
            String user = USERS.get(sent % USERS.size());
            wire.send(
                    Topics.NOTIFICATION_REQUESTED,
                    NotificationRequested.newBuilder()
                            .setTenant(Cast.TENANT)
                            .setSource("test")
                            .setId("event-" + sent)
                            .setRecipients(List.of(user))
                            .setCategory(CATEGORY)
                            .setData(Map.of("text", "number " + sent))
                            .build());
        }
        wire.flush();
    }

    private void category() {
        wire.send(
                Topics.RULE_CHANGED,
                RuleChanged.newBuilder()
                        .setTenant(Cast.TENANT)
                        .setCategory(CATEGORY)
                        .setChannels(List.of(Channel.INBOX))
                        .build());
        wire.send(
                Topics.TEMPLATE_CHANGED,
                new TemplateChanged(Cast.TENANT, CATEGORY, Channel.INBOX, "en", "News", "{{text}}", null));
        wire.flush();
    }

    private boolean tableIsComplete() throws SQLException {
        // As the supervisor of the local stack, or an operator's alert, does: Connect never restarts them by itself.
        stack.connect().restartFailedTasks();
        for (String user : USERS) {
            if (rows(user).size() < EVENTS) {
                return false;
            }
        }
        return true;
    }

    private Map<Long, String> rows(String user) {
        Map<Long, String> rows = new TreeMap<>();
        try (Connection connection = stack.postgres().connect();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT seq, notification_id FROM inbox_item WHERE user_id = ?")) {
            statement.setString(1, user);
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    rows.put(found.getLong(1), found.getString(2));
                }
            }
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
        return rows;
    }

    private int sum(ToIntFunction<SocketClient> count) {
        return clients.stream().mapToInt(count).sum();
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }
}
