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
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.wire.WireFormat;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Topics to tables, through a real Kafka, registry, Connect and PostgreSQL. Each test has users of its own. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class InboxSinkIT {
    private static final Logger LOG = LoggerFactory.getLogger(InboxSinkIT.class);
    private static final Duration ARRIVAL = Duration.ofSeconds(60);
    private static final Instant NOON = Instant.parse("2026-03-29T12:00:00.123Z");

    @TempDir
    private static Path folder;

    private static Infrastructure stack;
    private static WireFormat wire;
    private static Producer<byte[], byte[]> producer;

    private final String user = "u-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        stack = new Infrastructure(Installation.find(), new StateFolder(folder), Ports.free());
        try (Progress progress = new Progress(LOG::info)) {
            stack.start(progress);
        }
        wire = new WireFormat(Map.of("schema.registry.url", stack.registry().url(), "auto.register.schemas", false));
        producer = new KafkaProducer<>(clients());
    }

    @AfterAll
    static void stop() {
        if (producer != null) {
            producer.close();
        }
        stack.close();
    }

    @AfterEach
    void sinksStillRun() {
        assertThat(stack.connect().runs(Sink.INBOX)).isTrue();
        assertThat(stack.connect().runs(Sink.LEDGER)).isTrue();
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
            acknowledged.add(producer.send(record(Topics.INBOX_MARK, key(version % 10), mark(version, true))));
        }
        producer.flush();

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
        Map<String, Object> transactional = new HashMap<>(clients());
        transactional.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, user);
        try (Producer<byte[], byte[]> router = new KafkaProducer<>(transactional)) {
            router.initTransactions();
            router.beginTransaction();
            sent(
                    router,
                    record(
                            Topics.INBOX_ITEM,
                            key(1),
                            item(UUID.randomUUID(), "aborted").build()));
            router.abortTransaction();
            router.beginTransaction();
            sent(
                    router,
                    record(
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
        execute("ALTER TABLE inbox_mark RENAME TO inbox_mark_away");
        try {
            send(Topics.INBOX_MARK, key(1), mark(1, true));
            await().atMost(ARRIVAL).until(() -> !stack.connect().runs(Sink.INBOX));
            assertThat(stack.connect().runs(Sink.LEDGER)).isTrue();
        } finally {
            execute("ALTER TABLE inbox_mark_away RENAME TO inbox_mark");
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

    private static Map<String, Object> clients() {
        return Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, stack.kafka().bootstrap(),
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
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

    private static InboxMark mark(long version, boolean read) {
        return new InboxMark(version, true, read, false, NOON, false);
    }

    private static InboxUser summary(long version, int unread) {
        return new InboxUser(version, 3L, unread, 0L, 0L, 1, NOON);
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
        sent(producer, record(topic, key, value));
    }

    private static void sent(Producer<byte[], byte[]> by, ProducerRecord<byte[], byte[]> record) {
        try {
            by.send(record).get();
        } catch (ExecutionException failure) {
            throw new AssertionError(failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    private static ProducerRecord<byte[], byte[]> record(Topic topic, SpecificRecord key, SpecificRecord value) {
        byte[] bytes = value == null ? null : wire.value(topic, value);
        return new ProducerRecord<>(topic.name(), 0, wire.key(topic, key), bytes);
    }

    /** Waits until {@code query}, for this test's user, returns exactly {@code rows}. */
    private void expect(String query, List<?>... rows) {
        await().atMost(ARRIVAL).untilAsserted(() -> assertThat(select(query)).isEqualTo(List.of(rows)));
    }

    private static void execute(String command) throws SQLException {
        try (Connection connection = stack.postgres().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
    }

    private List<List<Object>> select(String query) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        try (Connection connection = stack.postgres().connect();
                PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, user);
            try (ResultSet found = statement.executeQuery()) {
                int columns = found.getMetaData().getColumnCount();
                while (found.next()) {
                    List<Object> row = new ArrayList<>();
                    for (int column = 1; column <= columns; column++) {
                        Object value = found.getObject(column);
                        row.add(value instanceof Timestamp time ? time.toInstant() : value);
                    }
                    rows.add(row);
                }
            }
        }
        return rows;
    }
}
