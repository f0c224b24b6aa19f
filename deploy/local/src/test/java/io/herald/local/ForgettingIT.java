package io.herald.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.inbox.Sink;
import io.herald.schema.BroadcastState;
import io.herald.schema.BroadcastStateKey;
import io.herald.schema.Forgotten;
import io.herald.schema.InboxItem;
import io.herald.schema.InboxKey;
import io.herald.schema.InboxMark;
import io.herald.schema.InboxUser;
import io.herald.schema.InboxUserKey;
import io.herald.schema.LedgerState;
import io.herald.schema.LedgerStateKey;
import io.herald.schema.ProfileState;
import io.herald.topic.Topics;
import io.herald.topology.identity.Ids;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left of users in PostgreSQL once they are to be forgotten, and what broadcasts leave there. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ForgettingIT {
    private static final Instant NOON = Instant.parse("2026-03-29T12:00:00.123Z");
    /** Rows of a user in all tables that hold any. */
    private static final String ROWS = """
            SELECT tenant, count(*) FROM (
                SELECT tenant, user_id FROM inbox_item UNION ALL SELECT tenant, user_id FROM inbox_mark
                UNION ALL SELECT tenant, user_id FROM inbox_user UNION ALL SELECT tenant, user_id FROM ledger_state
                UNION ALL SELECT tenant, user_id FROM user_profile
                UNION ALL SELECT tenant, user_id FROM user_forgotten) every
            WHERE user_id = ? GROUP BY tenant ORDER BY tenant""";

    @TempDir
    private static Path folder;

    private static SinkHarness harness;

    private final String user = "u-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        harness = SinkHarness.start(folder);
    }

    @AfterAll
    static void stop() {
        if (harness != null) {
            harness.close();
        }
    }

    @AfterEach
    void sinksStillRun() {
        assertThat(Sink.values()).allMatch(harness.stack().connect()::runs);
    }

    @Test
    void removesAllRowsOfAUserAndOfNobodyElse() {
        writeRows("acme", user);
        writeRows("other", user);
        harness.expect(ROWS, user, List.of("acme", 9L), List.of("other", 9L));

        forget("acme", user);

        harness.expect(ROWS, user, List.of("other", 9L));
    }

    @Test
    void keepsAHashForAName() throws Exception {
        String name = "Zoë O'Brien/" + user;
        writeRows("acme", name);
        harness.expect(ROWS, name, List.of("acme", 9L));
        forget("acme", name);
        harness.expect(ROWS, name);

        try (Connection connection = harness.stack().postgres().connect();
                PreparedStatement found =
                        connection.prepareStatement("SELECT count(*) FROM forgotten WHERE user_hash = ? AND at = ?")) {
            found.setBytes(1, Ids.hash("acme", name).bytes());
            found.setObject(2, NOON.atOffset(ZoneOffset.UTC));
            try (ResultSet rows = found.executeQuery()) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getLong(1)).as("the hash that topic erased has").isEqualTo(1);
            }
        }
    }

    @Test
    void forgetsManyAtOnceAndAgain() {
        for (int i = 0; i < 20; i++) {
            writeRows("t" + i, user);
        }
        harness.expect("SELECT count(*) FROM inbox_item WHERE user_id = ?", user, List.of(40L));
        harness.expect("SELECT count(*) FROM ledger_state WHERE user_id = ?", user, List.of(60L));

        for (int i = 0; i < 40; i++) {
            forget("t" + i % 20, user);
        }

        harness.expect(ROWS, user);
    }

    /** The other sinks have positions of their own: one that was away for hours brings rows of long ago. */
    @Test
    void keepsOutWhatALedgerThatLagsBringsLater() {
        forget("acme", user);
        harness.expect("SELECT count(*) FROM forgotten WHERE user_hash = user_hash('acme', ?)", user, List.of(1L));

        ledger("acme", user);
        ledger("other", user);

        harness.expect("SELECT tenant FROM ledger_state WHERE user_id = ?", user, List.of("other"));
        ledger("acme", user);
        ledger("other", user);
        harness.expect("SELECT tenant FROM ledger_state WHERE user_id = ?", user, List.of("other"), List.of("other"));
    }

    /** Only what lags is looked at: what does not is there when the router says it again, an hour later. */
    @Test
    void removesAYoungLedgerRowWhenItIsSaidAgain() {
        forget("acme", user);
        harness.expect("SELECT count(*) FROM forgotten WHERE user_hash = user_hash('acme', ?)", user, List.of(1L));
        ledger("acme", user, 1, Instant.now().minus(Duration.ofMinutes(5)));
        harness.expect(ROWS, user, List.of("acme", 1L));

        forget("acme", user);

        harness.expect(ROWS, user);
    }

    /** An inbox that lags ends by the router's tombstones; what neither reached is removed when it is said again. */
    @Test
    void removesWhatCameInBetweenWhenItIsSaidAgain() {
        forget("acme", user);
        harness.expect("SELECT count(*) FROM forgotten WHERE user_hash = user_hash('acme', ?)", user, List.of(1L));
        harness.send(Topics.INBOX_ITEM, new InboxKey("acme", user, 1L), item());
        harness.send(Topics.INBOX_ITEM, new InboxKey("acme", user, 2L), item());
        harness.expect("SELECT count(*) FROM inbox_item WHERE user_id = ?", user, List.of(2L));

        harness.send(Topics.INBOX_ITEM, new InboxKey("acme", user, 1L), null);
        harness.expect("SELECT seq FROM inbox_item WHERE user_id = ?", user, List.of(2L));
        forget("acme", user);

        harness.expect(ROWS, user);
    }

    /** A wait for another sink's rows could be a deadlock, at which a sink stops for good. */
    @Test
    void waitsForNoRowThatIsBeingWritten() throws Exception {
        writeRows("acme", user);
        harness.expect(ROWS, user, List.of("acme", 9L));

        try (Connection other = harness.stack().postgres().connect();
                PreparedStatement write =
                        other.prepareStatement("UPDATE ledger_state SET open = open WHERE user_id = ? AND seq = 1")) {
            other.setAutoCommit(false);
            write.setString(1, user);
            assertThat(write.executeUpdate()).isEqualTo(1);
            forget("acme", user);
            harness.expect(ROWS, user, List.of("acme", 1L));
            other.commit();
        }
        forget("acme", user);

        harness.expect(ROWS, user);
    }

    @Test
    void keepsTheNewestStateOfABroadcastInEachPartition() {
        BroadcastStateKey first = new BroadcastStateKey("acme", "news", user, 0);
        BroadcastStateKey second = new BroadcastStateKey("acme", "news", user, 1);
        harness.send(Topics.BROADCAST_STATE, first, broadcast("RUNNING", 10, NOON));
        harness.send(Topics.BROADCAST_STATE, second, broadcast("WAITING", 0, NOON));
        harness.send(Topics.BROADCAST_STATE, first, broadcast("DONE", 25, NOON.plusSeconds(60)));
        String query = "SELECT mailbox_partition, phase, looked, ended_at FROM broadcast_state WHERE broadcast_id = ? "
                + "ORDER BY mailbox_partition";
        harness.expect(
                query, user, List.of(0, "DONE", 25L, NOON.plusSeconds(60)), Arrays.asList(1, "WAITING", 0L, null));

        harness.send(Topics.BROADCAST_STATE, first, broadcast("RUNNING", 10, NOON));
        harness.send(Topics.BROADCAST_STATE, second, broadcast("CANCELLED", 0, NOON.plusSeconds(1)));

        harness.expect(
                query,
                user,
                List.of(0, "DONE", 25L, NOON.plusSeconds(60)),
                List.of(1, "CANCELLED", 0L, NOON.plusSeconds(1)));
    }

    private static void forget(String tenant, String who) {
        harness.send(Topics.USER_FORGOTTEN, new InboxUserKey(tenant, who), new Forgotten(NOON));
    }

    /** Two items, two marks, a summary, a profile and three of the ledger. */
    private static void writeRows(String tenant, String who) {
        for (long seq = 1; seq <= 2; seq++) {
            harness.send(Topics.INBOX_ITEM, new InboxKey(tenant, who, seq), item());
            harness.send(
                    Topics.INBOX_MARK,
                    new InboxKey(tenant, who, seq),
                    new InboxMark(seq, true, true, false, NOON, false));
        }
        harness.send(Topics.INBOX_USER, new InboxUserKey(tenant, who), new InboxUser(2L, 2L, 0, 0L, 0L, 1, NOON, ""));
        harness.send(
                Topics.PROFILE_STATE,
                new InboxUserKey(tenant, who),
                new ProfileState(1L, "{}", "[]", "[]", "[]", "", NOON));
        for (long seq = 1; seq <= 3; seq++) {
            ledger(tenant, who, seq);
        }
    }

    private static void ledger(String tenant, String who) {
        ledger(tenant, who, 9);
    }

    private static void ledger(String tenant, String who, long seq) {
        ledger(tenant, who, seq, NOON);
    }

    private static void ledger(String tenant, String who, long seq, Instant decidedAt) {
        harness.send(
                Topics.LEDGER_STATE,
                new LedgerStateKey(tenant, who, UUID.randomUUID().toString()),
                LedgerState.newBuilder()
                        .setSource("orders")
                        .setEventId("e-" + seq)
                        .setCategory("order.shipped")
                        .setState("ENDED")
                        .setSeq(seq)
                        .setAccepted(1)
                        .setSkipped(0)
                        .setDead(0)
                        .setExpired(0)
                        .setCancelled(0)
                        .setOpen(0)
                        .setReasons("")
                        .setDecidedAt(decidedAt)
                        .setMailboxPartition(0)
                        .setMailboxOffset(seq)
                        .build());
    }

    private static InboxItem item() {
        return InboxItem.newBuilder()
                .setNotificationId(UUID.randomUUID().toString())
                .setCategory("order.shipped")
                .setTitle("title")
                .setBody("body")
                .setCreatedAt(NOON)
                .setExpiresAt(NOON)
                .build();
    }

    private static BroadcastState broadcast(String phase, long looked, Instant at) {
        return BroadcastState.newBuilder()
                .setCategory("news")
                .setPhase(phase)
                .setLooked(looked)
                .setNotified(looked)
                .setFailed(0)
                .setStartedAt(NOON)
                .setEndedAt(phase.equals("DONE") || phase.equals("CANCELLED") ? at : null)
                .setChangedAt(at)
                .build();
    }
}
