package io.herald.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.schema.InboxItem;
import io.herald.schema.InboxKey;
import io.herald.schema.LedgerState;
import io.herald.schema.LedgerStateKey;
import io.herald.topic.Topics;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ledger waits by the hundred thousand; the inbox does not. */
@Timeout(600)
class LedgerBacklogIT {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerBacklogIT.class);
    private static final int ROWS = Integer.getInteger("herald.backlog.rows", 60_000);
    private static final Duration BEARABLE = Duration.ofSeconds(2);
    private static final int ITEMS = 40;
    private static final String USER = "reader";

    @TempDir
    private Path folder;

    @Test
    void theInboxDoesNotWaitForTheLedger() throws Exception {
        try (SinkHarness harness = SinkHarness.start(folder)) {
            Infrastructure stack = harness.stack();
            arrives(harness, 1);
            stack.connect().kill();
            fill(harness);
            stack.connect().start();
            stack.connect().deploy(stack.postgres(), stack.registry());

            // A sink that was killed joins its group anew: that takes as long without any ledger.
            arrives(harness, 2);
            List<Long> millis = new ArrayList<>();
            for (int item = 3; item <= ITEMS; item++) {
                millis.add(arrives(harness, item).toMillis());
            }
            long there = ledgerRows(harness);
            LOG.info("{} of {} ledger rows were written when items took {} ms", there, ROWS, millis);
            assertThat(there).as("the ledger was behind all the time").isLessThan(ROWS);
            assertThat(millis).allMatch(took -> took < BEARABLE.toMillis());

            await("the ledger to be written as well")
                    .atMost(Duration.ofMinutes(8))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> ledgerRows(harness) == ROWS);
        }
    }

    /** Writes an item and returns how long its row took. */
    private static Duration arrives(SinkHarness harness, long seq) {
        Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
        long start = System.nanoTime();
        harness.send(
                Topics.INBOX_ITEM,
                new InboxKey("acme", USER, seq),
                InboxItem.newBuilder()
                        .setNotificationId(UUID.randomUUID().toString())
                        .setCategory("news")
                        .setTitle("title")
                        .setBody("body")
                        .setCreatedAt(now)
                        .setExpiresAt(now.plusSeconds(3_600))
                        .build());
        await("the row")
                .atMost(SinkHarness.ARRIVAL)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> harness.select("SELECT seq FROM inbox_item WHERE user_id = ?", USER)
                        .contains(List.of(seq)));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void fill(SinkHarness harness) throws Exception {
        Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
        Future<RecordMetadata> last = null;
        for (int row = 0; row < ROWS; row++) {
            String id = new UUID(7, row).toString();
            last = harness.producer()
                    .send(harness.record(
                            Topics.LEDGER_STATE,
                            new LedgerStateKey("acme", "user-" + row % 1_000, id),
                            ledger(row, now)));
        }
        harness.producer().flush();
        assertThat(last).as("the last row").succeedsWithin(Duration.ofMinutes(1));
    }

    private static LedgerState ledger(int row, Instant now) {
        return LedgerState.newBuilder()
                .setSource("test")
                .setEventId("event-" + row)
                .setCategory("news")
                .setState("ENDED")
                .setAccepted(1)
                .setSkipped(0)
                .setDead(0)
                .setExpired(0)
                .setCancelled(0)
                .setOpen(0)
                .setReasons("")
                .setDecidedAt(now)
                .setEndedAt(now)
                .setMailboxPartition(0)
                .setMailboxOffset(row)
                .build();
    }

    private static long ledgerRows(SinkHarness harness) throws SQLException {
        return (Long) harness.select("SELECT count(*) FROM ledger_state WHERE source = ?", "test")
                .get(0)
                .get(0);
    }
}
