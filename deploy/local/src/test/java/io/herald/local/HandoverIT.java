package io.herald.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.local.story.Cast;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Environment;
import io.herald.schema.InboxAct;
import io.herald.schema.InboxActed;
import io.herald.schema.Lane;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Platform;
import io.herald.schema.Route;
import io.herald.schema.UserErased;
import io.herald.simulator.Push;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the router writes, senders and sinks take in: all of it runs, and each test has a user of its own. */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class HandoverIT {
    private static final Logger LOG = LoggerFactory.getLogger(HandoverIT.class);

    @TempDir
    private static Path folder;

    private static LocalStack stack;
    private static SinkHarness harness;

    private final String user = "u-" + UUID.randomUUID();
    private final String token = "token-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        stack = new LocalStack(Installation.find(), new StateFolder(folder), Ports.free(), new Progress(LOG::info));
        stack.start();
        harness = new SinkHarness(stack.infrastructure());
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @BeforeEach
    void registerPhone() {
        stack.simulators().fcm().register(token);
        harness.send(
                Topics.DEVICE_CHANGED,
                user,
                new DeviceChanged(Cast.TENANT, user, "phone", Platform.FCM, token, Cast.APP, Environment.PRODUCTION));
    }

    @Test
    void takesAwayFromThePhoneWhatWasReadElsewhere() {
        request(Topics.NOTIFICATION_REQUESTED);
        await().atMost(SinkHarness.ARRIVAL).until(() -> pushes().size() == 1);
        assertThat(pushes()).singleElement().satisfies(push -> {
            assertThat(push.silent()).isFalse();
            assertThat(push.seq()).isEqualTo(1);
        });

        harness.send(
                Topics.INBOX_ACTED,
                user,
                InboxActed.newBuilder()
                        .setTenant(Cast.TENANT)
                        .setUser(user)
                        .setAct(InboxAct.READ)
                        .setSeqs(List.of(1L))
                        .setDevice("browser")
                        .setAt(Instant.now())
                        .build());

        await().atMost(SinkHarness.ARRIVAL).until(() -> pushes().size() == 2);
        assertThat(pushes().get(1).silent()).isTrue();
        assertThat(pushes().get(1).clears()).containsExactly(1L);
    }

    @Test
    void sendsBulkByALaneOfItsOwn() throws Exception {
        long before = bulkDone();

        request(Topics.NOTIFICATION_REQUESTED_BULK);

        await().atMost(SinkHarness.ARRIVAL).until(() -> pushes().size() == 1);
        assertThat(pushes().get(0).priority()).isEqualToIgnoringCase("normal");
        await().atMost(SinkHarness.ARRIVAL).until(() -> bulkDone() > before);
    }

    @Test
    void forgetsAUserWhomTheRouterErased() {
        request(Topics.NOTIFICATION_REQUESTED);
        harness.expect("SELECT count(*) FROM inbox_item WHERE user_id = ?", user, List.of(1L));
        harness.expect("SELECT state FROM ledger_state WHERE user_id = ?", user, List.of("ENDED"));
        harness.expect("SELECT unread FROM inbox_user WHERE user_id = ?", user, List.of(1));

        harness.send(Topics.USER_ERASED, user, new UserErased(Cast.TENANT, user));

        harness.expect("SELECT * FROM ledger_state WHERE user_id = ?", user);
        harness.expect("SELECT * FROM inbox_item WHERE user_id = ?", user);
        harness.expect("SELECT * FROM inbox_user WHERE user_id = ?", user);
    }

    private void request(Topic by) {
        String id = UUID.randomUUID().toString();
        harness.send(
                by,
                id,
                NotificationRequested.newBuilder()
                        .setTenant(Cast.TENANT)
                        .setSource("handover")
                        .setId(id)
                        .setRecipients(List.of(user))
                        .setCategory("like")
                        .setData(Map.of("actorName", "Bo", "text", "nice"))
                        .build());
    }

    private List<Push> pushes() {
        return stack.simulators().fcm().received().stream()
                .filter(push -> push.token().equals(token))
                .toList();
    }

    /** Returns how many bulk records FCM's sender has behind it. */
    private static long bulkDone() throws Exception {
        String topic = Topics.delivery(Route.FCM, Lane.BULK).name();
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                stack.infrastructure().kafka().bootstrap()))) {
            return admin
                    .listConsumerGroupOffsets("herald-sender-fcm-bulk")
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .entrySet()
                    .stream()
                    .filter(each -> each.getKey().topic().equals(topic) && each.getValue() != null)
                    .mapToLong(each -> each.getValue().offset())
                    .sum();
        }
    }
}
