package io.herald.topology.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.LedgerState;
import io.herald.schema.OpenNotification;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerRowsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:01:00Z");

    @Test
    void aNotificationWithOpenDeliveriesIsOpen() {
        OpenNotification notification = OpenDeliveriesTest.notification("n-1", "a", "b");
        notification.setAccepted(1);
        notification.setSkipped(2);
        assertThat(LedgerRows.row(notification, NOW))
                .isEqualTo(LedgerState.newBuilder()
                        .setSource("blog")
                        .setEventId("e-1")
                        .setCategory("comment")
                        .setState("OPEN")
                        .setSeq(7L)
                        .setAccepted(1)
                        .setSkipped(2)
                        .setDead(0)
                        .setExpired(0)
                        .setCancelled(0)
                        .setOpen(2)
                        .setReasons("")
                        .setDecidedAt(notification.getDecidedAt())
                        .setEndedAt(null)
                        .setMailboxPartition(3)
                        .setMailboxOffset(42)
                        .build());
    }

    @Test
    void oneWithoutHasEnded() {
        OpenNotification notification = OpenDeliveriesTest.notification("n-1");
        notification.setDead(3);
        notification.setExpired(4);
        notification.setCancelled(5);
        notification.setReasons(List.of("EMAIL:REJECTED", "PUSH:NO_REPORT"));
        LedgerState row = LedgerRows.row(notification, NOW);
        assertThat(row.getState()).isEqualTo("ENDED");
        assertThat(row.getEndedAt()).isEqualTo(NOW);
        assertThat(row.getOpen()).isZero();
        assertThat(row.getDead()).isEqualTo(3);
        assertThat(row.getExpired()).isEqualTo(4);
        assertThat(row.getCancelled()).isEqualTo(5);
        assertThat(row.getReasons()).isEqualTo("EMAIL:REJECTED PUSH:NO_REPORT");
    }

    @Test
    void reasonsFitIntoTheirColumn() {
        OpenNotification notification = OpenDeliveriesTest.notification("n-1");
        notification.setReasons(Collections.nCopies(100, "PUSH:CHANNEL_OPTED_OUT"));
        assertThat(LedgerRows.row(notification, NOW).getReasons())
                .hasSize(1_000)
                .startsWith("PUSH:CHANNEL_OPTED_OUT PUSH:");
    }
}
