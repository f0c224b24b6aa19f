package io.herald.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.herald.schema.Channel;
import io.herald.schema.Decision;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryState;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Environment;
import io.herald.schema.LedgerEntry;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Platform;
import io.herald.schema.Reason;
import io.herald.schema.TemplateChanged;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.app.HeraldConfig;
import io.herald.topology.app.StartRefusedException;
import io.herald.topology.app.TopologyApp;
import io.herald.topology.growth.Growth;
import io.herald.topology.guarantee.Guarantee;
import io.herald.topology.replay.Replay;
import io.herald.topology.router.RouterStores;
import io.herald.topology.snapshot.Cluster;
import io.herald.topology.snapshot.ToolRefusedException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * From four partitions of the mailbox to eight in mid-life, the first attempt cut short: every event is decided once,
 * copies are known as such on the other side, what waits comes due, and inboxes count on.
 */
@Timeout(420)
class GrowthIT {
    private static final String TENANT = "acme";
    private static final int USERS = 200;
    private static final int EVENTS = 1_000;
    private static final Duration LATER = Duration.ofSeconds(45);

    @TempDir
    Path snapshots;

    private final List<Guarantee> guarantees = new ArrayList<>(Guarantee.ofOutputs());
    private final TopologyStack stack = new TopologyStack("growth");
    private final Wire wire = stack.wire();
    private final List<String> told = new ArrayList<>();
    private Cluster cluster;

    @AfterEach
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
        stack.close();
    }

    @Test
    void nothingIsLostAndNothingIsDoubled() {
        cluster = new Cluster(HeraldConfig.from(stack.settings()), Clock.systemUTC());
        stack.topology().start();
        prepare();
        stack.awaitQuiet();
        Instant due = Instant.now().plus(LATER);
        eachUser(user -> request("scheduled-" + user, user, due));
        produce("before");
        wire.flush();
        stack.awaitQuiet();
        // The ticks of its last moments, and these, the router has not decided.
        produce("last");
        wire.flush();
        stack.topology().kill();

        growCutShort();
        grow("again");
        assertThat(told).contains("giving the mailbox 8 partitions");
        Instant grown = Instant.now();

        stack.topology().start();
        produce("after");
        // Second copies, of what was decided on the other side.
        produce("before");
        produce("last");
        wire.flush();
        stack.awaitQuiet();
        await("what was scheduled before").atMost(Duration.ofMinutes(2)).until(() -> sentOfScheduled() == USERS);

        checkLedger();
        assertThat(cluster.partitions(Topics.MAILBOX.name())).hasSize(8);
        assertThat(cluster.committed("herald-router").values())
                .as("all eight are read")
                .hasSize(8)
                .allMatch(place -> place.offset() > 0);

        // The state that was cut anew is also what a replay begins with.
        Replay.Request request = new Replay.Request("grown", grown, Instant.now(), List.of(), snapshots, false);
        try (Replay replay = new Replay(cluster, stack.settings(), request, told::add)) {
            List<String> differences = new ArrayList<>();
            Replay.Outcome outcome = replay.run(differences::add);
            assertThat(differences).isEmpty();
            assertThat(outcome.same()).as(outcome.toString()).isTrue();
            assertThat(outcome.snapshot()).isEqualTo("first");
            assertThat(outcome.compared()).isGreaterThanOrEqualTo(EVENTS);
        }
    }

    // As when the machine dies in the middle of it: nothing starts then, and the next attempt does the rest.
    private void growCutShort() {
        Growth growth = new Growth(cluster, stack.settings(), snapshots, line -> {
            told.add(line);
            if (line.contains(RouterStores.PENDING)) {
                throw new IllegalStateException("cut short");
            }
        });
        assertThatThrownBy(() -> growth.grow("first", Optional.empty())).hasMessage("cut short");
        assertThatThrownBy(() ->
                        TopologyApp.start(HeraldConfig.from(stack.settings())).close())
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("the mailbox is being given 8 partitions instead of 4")
                .hasMessageContaining("scripts/grow-partitions");
        assertThatThrownBy(() ->
                        new Growth(cluster, stack.settings(), snapshots, told::add).grow("other", Optional.of(16)))
                .isInstanceOf(ToolRefusedException.class)
                .hasMessageContaining("a growth to 8 partitions is under way");
    }

    private void grow(String id) {
        new Growth(cluster, stack.settings(), snapshots, told::add).grow(id, Optional.empty());
    }

    private void checkLedger() {
        for (Topic topic : List.of(Topics.LEDGER, Topics.INBOX_ITEM)) {
            wire.readAll(topic)
                    .forEach(read -> guarantees.forEach(
                            guarantee -> guarantee.written(topic, read.raw().key(), read.value())));
        }
        guarantees.forEach(Guarantee::checkAtRest);
        List<Decision> decisions = wire.readAll(Topics.LEDGER, LedgerEntry.class).stream()
                .map(read -> read.value().getBody())
                .filter(Decision.class::isInstance)
                .map(Decision.class::cast)
                .toList();
        Set<String> duplicates = decisions.stream()
                .filter(decision -> decision.getReason() == Reason.DUPLICATE)
                .map(Decision::getEventId)
                .collect(Collectors.toSet());
        assertThat(duplicates)
                .isEqualTo(IntStream.range(0, EVENTS)
                        .boxed()
                        .flatMap(event -> Stream.of("before" + event, "last" + event))
                        .collect(Collectors.toSet()));
        assertThat(decisions.stream().filter(decision -> decision.getEventId().startsWith("after")))
                .as("devices are still known")
                .hasSize(EVENTS)
                .allMatch(decision -> decision.getVerdicts().stream()
                        .anyMatch(verdict ->
                                verdict.getChannel() == Channel.PUSH && verdict.getState() == DeliveryState.ROUTED));
    }

    // Each of them once.
    private int sentOfScheduled() {
        Set<String> ids = wire.readAll(Topics.LEDGER, LedgerEntry.class).stream()
                .filter(read -> read.value().getBody() instanceof Decision decision
                        && decision.getEventId().startsWith("scheduled-"))
                .map(read -> read.value().getNotificationId())
                .collect(Collectors.toSet());
        List<String> sent = wire.readAll(Topics.DELIVERY_APNS, Delivery.class).stream()
                .map(read -> read.value().getNotificationId())
                .filter(ids::contains)
                .toList();
        assertThat(new HashSet<>(sent)).hasSameSizeAs(sent);
        return sent.size();
    }

    private void prepare() {
        for (Channel channel : List.of(Channel.INBOX, Channel.PUSH)) {
            wire.send(
                    Topics.TEMPLATE_CHANGED,
                    new TemplateChanged(TENANT, "comment", channel, "en", "{{actor}} wrote", "{{text}}", null));
        }
        eachUser(user -> wire.send(
                Topics.DEVICE_CHANGED,
                new DeviceChanged(
                        TENANT,
                        user,
                        "phone",
                        Platform.APNS,
                        "token-" + user,
                        "com.acme.app",
                        Environment.PRODUCTION)));
        wire.flush();
    }

    private static void eachUser(Consumer<String> what) {
        IntStream.range(0, USERS).forEach(user -> what.accept("user" + user));
    }

    private void produce(String name) {
        IntStream.range(0, EVENTS).forEach(event -> request(name + event, "user" + event * 7 % USERS, null));
    }

    private void request(String id, String user, Instant sendAt) {
        NotificationRequested event = NotificationRequested.newBuilder()
                .setTenant(TENANT)
                .setSource("test")
                .setId(id)
                .setRecipients(List.of(user))
                .setCategory("comment")
                .setActor("bo")
                .setSendAt(sendAt)
                .setData(Map.of("text", "hello"))
                .build();
        guarantees.forEach(guarantee -> guarantee.requested(event));
        wire.send(Topics.NOTIFICATION_REQUESTED, event);
    }
}
