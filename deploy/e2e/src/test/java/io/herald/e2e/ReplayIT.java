package io.herald.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.herald.schema.Channel;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Environment;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Platform;
import io.herald.schema.RuleChanged;
import io.herald.schema.TemplateChanged;
import io.herald.schema.UserErased;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.app.HeraldConfig;
import io.herald.topology.replay.Replay;
import io.herald.topology.snapshot.Cluster;
import io.herald.topology.snapshot.Snapshot;
import io.herald.topology.snapshot.Snapshots;
import io.herald.topology.snapshot.ToolRefusedException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log is enough: from a snapshot taken in full flight, the same mailbox gives the same bytes. */
@Timeout(300)
class ReplayIT {
    private static final String TENANT = "acme";
    private static final int USERS = 300;
    private static final int EVENTS = 6_000;
    private static final List<Topic> COMPARED =
            List.of(Topics.LEDGER, Topics.LEDGER_STATE, Topics.INBOX_ITEM, Topics.INBOX_USER, Topics.DELIVERY_APNS);

    @TempDir
    Path snapshots;

    private final TopologyStack stack = new TopologyStack("replay");
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
    void aStretchOfTheMailboxIsDecidedAsItWas() {
        cluster = new Cluster(HeraldConfig.from(stack.settings()), Clock.systemUTC());
        Instant beginning = Instant.now();
        stack.topology().start();
        prepare();
        stack.awaitQuiet();

        // Written while the checkpoint passes, so that there are records on both sides of it in one transaction.
        produce("early", EVENTS);
        Snapshot snapshot = new Snapshots(cluster, told::add).atCheckpoint("first", snapshots, Duration.ofMinutes(2));
        Instant from = Instant.now();
        produce("late", EVENTS / 10);
        stack.awaitQuiet();
        Instant to = Instant.now();

        assertThat(snapshot.manifest().mailboxOffsets().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .as("the cut is in the middle of the early events")
                .isBetween(1_000L, stack.mailboxWritten() - EVENTS / 10);
        List<String> differences = new ArrayList<>();
        Replay.Outcome outcome = replay(new Replay.Request("same", from, to, List.of(), snapshots, true), differences);
        assertThat(differences).isEmpty();
        assertThat(outcome.same()).as(outcome.toString()).isTrue();
        assertThat(outcome.compared()).isGreaterThanOrEqualTo(EVENTS / 10);
        COMPARED.forEach(this::checkSameBytes);
        assertThat(cluster.topics(Set.of("herald-replay-same-router-control-changelog")))
                .isEmpty();

        wire.send(Topics.USER_ERASED, new UserErased(TENANT, "user0"));
        wire.flush();
        await("the erasure").until(() -> !wire.readRaw(Topics.ERASED.name()).isEmpty());
        RuleChanged inboxOnly = RuleChanged.newBuilder()
                .setTenant(TENANT)
                .setCategory("comment")
                .setChannels(List.of(Channel.INBOX))
                .build();
        Replay.Outcome other =
                replay(new Replay.Request("rules", from, to, List.of(inboxOnly), snapshots, false), differences);
        long ofTheErased = events(EVENTS / 10).filter("user0"::equals).count();
        assertThat(other.differing()).isEqualTo(EVENTS / 10 - ofTheErased);
        assertThat(other.before()).isZero();
        assertThat(differences)
                .anyMatch(line -> line.startsWith("acme/user7 comment late1 "))
                .noneMatch(line -> line.startsWith("acme/user0 "));
        assertThat(cluster.topics(Set.of("replay.rules.ledger"))).isEmpty();

        assertThatThrownBy(() ->
                        replay(new Replay.Request("none", beginning, to, List.of(), snapshots, false), differences))
                .isInstanceOf(ToolRefusedException.class)
                .hasMessageContaining("a replay begins with a snapshot from before --from")
                .hasMessageContaining(
                        "snapshot first is of " + snapshot.manifest().at() + ", after --from");
    }

    private Replay.Outcome replay(Replay.Request request, List<String> differences) {
        try (Replay replay = new Replay(cluster, stack.settings(), request, told::add)) {
            return replay.run(differences::add);
        }
    }

    // Since nothing came after the stretch, what it led to is the end of each topic.
    private void checkSameBytes(Topic topic) {
        List<List<Raw>> was = raw(topic.name());
        List<List<Raw>> is = raw("replay.same." + topic.name());
        assertThat(is.stream().mapToInt(List::size).sum()).as(topic.name()).isPositive();
        for (int partition = 0; partition < is.size(); partition++) {
            List<Raw> all = was.get(partition);
            List<Raw> replayed = is.get(partition);
            assertThat(replayed)
                    .as("%s-%d", topic.name(), partition)
                    .isEqualTo(all.subList(all.size() - replayed.size(), all.size()));
        }
    }

    private record Raw(Bytes key, Bytes value, long timestamp) {}

    private List<List<Raw>> raw(String topic) {
        List<List<Raw>> partitions =
                Stream.<List<Raw>>generate(ArrayList::new).limit(4).toList();
        wire.readRaw(topic).forEach(record -> partitions
                .get(record.partition())
                .add(new Raw(Bytes.wrap(record.key()), Bytes.wrap(record.value()), record.timestamp())));
        return partitions;
    }

    private void prepare() {
        for (Channel channel : List.of(Channel.INBOX, Channel.PUSH)) {
            wire.send(
                    Topics.TEMPLATE_CHANGED,
                    new TemplateChanged(TENANT, "comment", channel, "en", "{{actor}} wrote", "{{text}}", null));
        }
        for (int user = 0; user < USERS; user++) {
            wire.send(
                    Topics.DEVICE_CHANGED,
                    new DeviceChanged(
                            TENANT,
                            "user" + user,
                            "phone",
                            Platform.APNS,
                            "token" + user,
                            "com.acme.app",
                            Environment.PRODUCTION));
        }
        wire.flush();
    }

    private void produce(String name, int events) {
        int[] number = {0};
        events(events)
                .forEach(user -> wire.send(
                        Topics.NOTIFICATION_REQUESTED,
                        NotificationRequested.newBuilder()
                                .setTenant(TENANT)
                                .setSource("test")
                                .setId(name + number[0]++)
                                .setRecipients(List.of(user))
                                .setCategory("comment")
                                .setActor("bo")
                                .setData(Map.of("text", "hello"))
                                .build()));
        wire.flush();
    }

    // Whom each event is for.
    private static Stream<String> events(int events) {
        return IntStream.range(0, events).mapToObj(event -> "user" + event * 7 % USERS);
    }
}
