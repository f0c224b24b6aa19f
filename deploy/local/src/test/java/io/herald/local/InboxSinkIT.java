package io.herald.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.inbox.Sink;
import io.herald.schema.InboxItem;
import io.herald.schema.InboxKey;
import io.herald.schema.InboxMark;
import io.herald.schema.InboxUser;
import io.herald.schema.InboxUserKey;
import io.herald.schema.LedgerState;
import io.herald.schema.LedgerStateKey;
import io.herald.schema.ProfileState;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Topics to tables, through a real Kafka, registry, Connect and PostgreSQL. Each test has users of its own. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class InboxSinkIT {
    private static final Duration ARRIVAL = Duration.ofSeconds(60);
    private static final Instant NOON = Instant.parse("2026-03-29T12:00:00.123Z");

    @TempDir
    private static Path folder;

    private static SinkHarness harness;
    private static Infrastructure stack;

    private final String user = "u-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        harness = SinkHarness.start(folder);
        stack = harness.stack();
    }

    @AfterAll
    static void stop() {
        if (harness != null) {
            harness.close();
        }
    }

    @AfterEach
    void sinksStillRun() {
        assertThat(Sink.values()).allMatch(stack.connect()::runs);
    }

    @Test
    void writesAnItemAsItIs() {
        UUID id = UUID.randomUUID();
        InboxItem item = item(id, "Zoë O'Brien 👩‍👩‍👧 liked “it”")
                .setActor("مريم")
                .setLink("https://example.com/a?b='c'&d=\"e\"\\")
                .build();

        send(Topics.INBOX_ITEM, key(1), item);

        expect(
                "SELECT notification_id, actor, title, link, created_at, expires_at FROM inbox_item WHERE user_id = ?",
                List.of(
                        id,
                        "مريم",
                        "Zoë O'Brien 👩‍👩‍👧 liked “it”",
                        "https://example.com/a?b='c'&d=\"e\"\\",
                        NOON,
                        NOON.plusSeconds(3600)));
    }

    @Test
    void takesTextsOfTheLargestSize() {
        // 200 UTF-16 units are at most 200 characters for PostgreSQL, whatever they are made of.
        InboxItem item = item(UUID.randomUUID(), "𝄞".repeat(100))
                .setBody("é".repeat(2000))
                .build();

        send(Topics.INBOX_ITEM, key(1), item);

        expect("SELECT length(title), length(body) FROM inbox_item WHERE user_id = ?", List.of(100, 2000));
    }

    @Test
    void takesTimesFarInThePastAndTheFuture() {
        Instant far = Instant.parse("9999-12-31T23:59:59.999Z");
        send(
                Topics.INBOX_ITEM,
                key(1),
                item(UUID.randomUUID(), "old")
                        .setCreatedAt(Instant.EPOCH)
                        .setExpiresAt(far)
                        .build());

        expect("SELECT created_at, expires_at FROM inbox_item WHERE user_id = ?", List.of(Instant.EPOCH, far));
    }

    @Test
    void removesWhatATombstoneNames() {
        send(Topics.INBOX_ITEM, key(1), item(UUID.randomUUID(), "one").build());
        send(Topics.INBOX_ITEM, key(2), item(UUID.randomUUID(), "two").build());
        expect("SELECT seq FROM inbox_item WHERE user_id = ? ORDER BY seq", List.of(1L), List.of(2L));

        send(Topics.INBOX_ITEM, key(1), null);

        expect("SELECT seq FROM inbox_item WHERE user_id = ?", List.of(2L));
    }

    @Test
    void keepsTheNewestVersionOfAMark() {
        send(Topics.INBOX_MARK, key(1), mark(4, false));
        send(Topics.INBOX_MARK, key(1), mark(5, true));
        expect("SELECT version, read FROM inbox_mark WHERE user_id = ?", List.of(5L, true));

        send(Topics.INBOX_MARK, key(1), mark(4, false));
        send(Topics.INBOX_MARK, key(2), mark(6, true));

        expect(
                "SELECT seq, version, read FROM inbox_mark WHERE user_id = ? ORDER BY seq",
                List.of(1L, 5L, true),
                List.of(2L, 6L, true));
    }

    @Test
    void takesManyChangesOfTheSameRowsAtOnce() {
        List<Future<RecordMetadata>> acknowledged = new ArrayList<>();
        for (int version = 1; version <= 2_000; version++) {
            acknowledged.add(
                    harness.producer().send(harness.record(Topics.INBOX_MARK, key(version % 10), mark(version, true))));
        }
        harness.producer().flush();

        assertThat(acknowledged).allMatch(Future::isDone);
        expect(
                "SELECT count(*), min(version), max(version) FROM inbox_mark WHERE user_id = ?",
                List.of(10L, 1_991L, 2_000L));
    }

    @Test
    void keepsTheNewestVersionOfAUser() {
        InboxUserKey key = new InboxUserKey("acme", user);
        send(Topics.INBOX_USER, key, summary(7, 0));
        expect("SELECT version, unread FROM inbox_user WHERE user_id = ?", List.of(7L, 0));

        send(Topics.INBOX_USER, key, summary(6, 3));
        send(Topics.INBOX_MARK, key(1), mark(8, true));
        expect("SELECT version FROM inbox_mark WHERE user_id = ?", List.of(8L));
        expect("SELECT version, unread FROM inbox_user WHERE user_id = ?", List.of(7L, 0));

        send(Topics.INBOX_USER, key, summary(8, 2));
        expect("SELECT version, unread FROM inbox_user WHERE user_id = ?", List.of(8L, 2));
    }

    @Test
    void tellsWhichWritesOfAUserAreIn() {
        InboxUserKey key = new InboxUserKey("acme", user);
        send(Topics.INBOX_USER, key, summary(7, 0));
        expect("SELECT version, heard FROM inbox_user WHERE user_id = ?", List.of(7L, "a0.7"));

        InboxUser again = summary(7, 0);
        again.setHeard("a0.9");
        send(Topics.INBOX_USER, key, again);

        expect("SELECT version, heard FROM inbox_user WHERE user_id = ?", List.of(7L, "a0.9"));
    }

    @Test
    void keepsWhatAUserTold() {
        InboxUserKey key = new InboxUserKey("acme", user);
        String preferences = "{\"locale\":\"de\",\"displayName\":\"Zoë O'Brien 👩‍👩‍👧\"}";
        send(Topics.PROFILE_STATE, key, new ProfileState(2L, preferences, "[]", "[]", "[]", "p0.1", NOON));
        expect(
                "SELECT version, preferences, heard, changed_at FROM user_profile WHERE user_id = ?",
                List.of(2L, preferences, "p0.1", NOON));

        send(Topics.PROFILE_STATE, key, new ProfileState(1L, "{}", "[]", "[]", "[]", "p0.0", NOON));
        send(Topics.PROFILE_STATE, key, new ProfileState(2L, preferences, "[]", "[]", "[]", "p0.2", NOON));
        expect(
                "SELECT version, preferences, heard FROM user_profile WHERE user_id = ?",
                List.of(2L, preferences, "p0.2"));

        send(Topics.PROFILE_STATE, key, null);
        expect("SELECT version FROM user_profile WHERE user_id = ?");
    }

    @Test
    void rewritesTheLedgerOfANotification() {
        UUID id = UUID.randomUUID();
        LedgerStateKey key = new LedgerStateKey("acme", user, id.toString());
        send(Topics.LEDGER_STATE, key, ledger("OPEN").build());
        expect(
                "SELECT notification_id, state, ended_at IS NULL FROM ledger_state WHERE user_id = ?",
                List.of(id, "OPEN", true));

        send(
                Topics.LEDGER_STATE,
                key,
                ledger("ENDED").setEndedAt(NOON).setSeq(9L).build());

        expect(
                "SELECT state, ended_at, seq, accepted, open FROM ledger_state WHERE user_id = ?",
                List.of("ENDED", NOON, 9L, 1, 0));
    }

    @Test
    void seesOnlyWhatWasCommitted() {
        Map<String, Object> transactional = new HashMap<>(harness.clients());
        transactional.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, user);
        try (Producer<byte[], byte[]> router = new KafkaProducer<>(transactional)) {
            router.initTransactions();
            router.beginTransaction();
            SinkHarness.sent(
                    router,
                    harness.record(
                            Topics.INBOX_ITEM,
                            key(1),
                            item(UUID.randomUUID(), "aborted").build()));
            router.abortTransaction();
            router.beginTransaction();
            SinkHarness.sent(
                    router,
                    harness.record(
                            Topics.INBOX_ITEM,
                            key(2),
                            item(UUID.randomUUID(), "committed").build()));
            router.commitTransaction();
        }

        expect("SELECT title FROM inbox_item WHERE user_id = ?", List.of("committed"));
    }

    @Test
    void showsAnInboxAsPeopleSeeIt() {
        for (long seq = 1; seq <= 3; seq++) {
            send(
                    Topics.INBOX_ITEM,
                    key(seq),
                    item(UUID.randomUUID(), "item " + seq).build());
        }
        send(Topics.INBOX_MARK, key(2), mark(4, true));
        send(Topics.INBOX_MARK, key(1), mark(5, false));

        expect(
                "SELECT title FROM inbox WHERE tenant = 'acme' AND user_id = ? AND NOT read AND NOT archived "
                        + "ORDER BY seq DESC LIMIT 20",
                List.of("item 3"),
                List.of("item 1"));
    }

    @Test
    void outlivesARestartOfTheDatabase() {
        send(Topics.INBOX_ITEM, key(1), item(UUID.randomUUID(), "before").build());
        expect("SELECT title FROM inbox_item WHERE user_id = ?", List.of("before"));
        stack.postgres().kill();
        send(Topics.INBOX_ITEM, key(2), item(UUID.randomUUID(), "meanwhile").build());
        assertThat(stack.postgres().alive()).isFalse();

        stack.postgres().start();
        send(Topics.INBOX_ITEM, key(3), item(UUID.randomUUID(), "after").build());

        expect(
                "SELECT title FROM inbox_item WHERE user_id = ? ORDER BY seq",
                List.of("before"),
                List.of("meanwhile"),
                List.of("after"));
    }

    @Test
    void goesOnAfterATaskThatFailedIsRestarted() throws SQLException {
        harness.execute("ALTER TABLE inbox_mark RENAME TO inbox_mark_away");
        try {
            send(Topics.INBOX_MARK, key(1), mark(1, true));
            await().atMost(ARRIVAL).until(() -> !stack.connect().runs(Sink.INBOX));
            assertThat(stack.connect().runs(Sink.LEDGER)).isTrue();
        } finally {
            harness.execute("ALTER TABLE inbox_mark_away RENAME TO inbox_mark");
        }

        // As the supervisor does every few seconds: a task may fail once more before it sees the table again.
        await().atMost(ARRIVAL).until(() -> {
            stack.connect().restartFailedTasks();
            return stack.connect().runs(Sink.INBOX);
        });

        expect("SELECT version FROM inbox_mark WHERE user_id = ?", List.of(1L));
    }

    @Test
    void goesOnWhereAKilledWorkerStopped() {
        for (long seq = 1; seq <= 50; seq++) {
            send(Topics.INBOX_ITEM, key(seq), item(UUID.randomUUID(), "before").build());
        }
        stack.connect().kill();
        for (long seq = 51; seq <= 100; seq++) {
            send(Topics.INBOX_ITEM, key(seq), item(UUID.randomUUID(), "after").build());
        }

        stack.connect().start();
        stack.connect().deploy(stack.postgres(), stack.registry());

        expect("SELECT count(*), min(seq), max(seq) FROM inbox_item WHERE user_id = ?", List.of(100L, 1L, 100L));
    }

    private InboxKey key(long seq) {
        return new InboxKey("acme", user, seq);
    }

    private static InboxItem.Builder item(UUID id, String title) {
        return InboxItem.newBuilder()
                .setNotificationId(id.toString())
                .setCategory("social.like")
                .setTitle(title)
                .setBody("")
                .setCreatedAt(NOON)
                .setExpiresAt(NOON.plusSeconds(3600));
    }

    @Test
    void tellsWhatWasDismissed() {
        send(Topics.INBOX_ITEM, key(1), item(UUID.randomUUID(), "kept").build());
        send(Topics.INBOX_ITEM, key(2), item(UUID.randomUUID(), "dismissed").build());
        send(Topics.INBOX_MARK, key(2), new InboxMark(3L, true, false, false, NOON, true));

        expect(
                "SELECT title, dismissed FROM inbox WHERE tenant = 'acme' AND user_id = ? ORDER BY seq",
                List.of("kept", false),
                List.of("dismissed", true));
    }

    private static InboxMark mark(long version, boolean read) {
        return new InboxMark(version, true, read, false, NOON, false);
    }

    private static InboxUser summary(long version, int unread) {
        return new InboxUser(version, 3L, unread, 0L, 0L, 1, NOON, "a0." + version);
    }

    private static LedgerState.Builder ledger(String state) {
        boolean ended = state.equals("ENDED");
        return LedgerState.newBuilder()
                .setSource("orders")
                .setEventId("e-1")
                .setCategory("order.shipped")
                .setState(state)
                .setAccepted(ended ? 1 : 0)
                .setSkipped(1)
                .setDead(0)
                .setExpired(0)
                .setCancelled(0)
                .setOpen(ended ? 0 : 1)
                .setReasons("EMAIL:OPTED_OUT")
                .setDecidedAt(NOON)
                .setMailboxPartition(3)
                .setMailboxOffset(42L);
    }

    private static void send(Topic topic, SpecificRecord key, SpecificRecord value) {
        harness.send(topic, key, value);
    }

    /** Waits until {@code query}, for this test's user, returns exactly {@code rows}. */
    private void expect(String query, List<?>... rows) {
        harness.expect(query, user, rows);
    }
}
