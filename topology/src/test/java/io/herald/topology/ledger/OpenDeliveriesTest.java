package io.herald.topology.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.schema.DeliveryState;
import io.herald.schema.OpenDelivery;
import io.herald.schema.OpenNotification;
import io.herald.schema.Route;
import io.herald.topology.ledger.OpenDeliveries.Found;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OpenDeliveriesTest {
    private static final Instant DEADLINE = Instant.parse("2026-03-01T12:15:00Z");

    @Test
    void findsADeliveryOfAnyNotification() {
        OpenDeliveries open = new OpenDeliveries(List.of(notification("n-1", "a", "b"), notification("n-2", "c")));
        assertThat(open.find("c"))
                .hasValueSatisfying(found ->
                        assertThat(found.notification().getNotificationId()).isEqualTo("n-2"));
        assertThat(open.find("d")).isEmpty();
    }

    @Test
    void aDeliveryEndsOnce() {
        OpenDeliveries open = new OpenDeliveries(List.of(notification("n-1", "a", "b")));
        OpenNotification left = open.end(open.find("a").orElseThrow(), DeliveryState.ACCEPTED, null);
        assertThat(left.getOpen()).extracting(OpenDelivery::getDeliveryId).containsExactly("b");
        assertThat(left.getAccepted()).isEqualTo(1);
        assertThat(open.find("a")).isEmpty();
        assertThat(open.asList()).containsExactly(left);
    }

    @Test
    void aNotificationIsOpenUntilItsLastDeliveryEnds() {
        OpenDeliveries open = new OpenDeliveries(List.of(notification("n-1", "a", "b"), notification("n-2", "c")));
        open.end(open.find("a").orElseThrow(), DeliveryState.ACCEPTED, null);
        OpenNotification ended = open.end(open.find("b").orElseThrow(), DeliveryState.EXPIRED, "PUSH:NO_REPORT");
        assertThat(ended.getOpen()).isEmpty();
        assertThat(ended.getAccepted()).isEqualTo(1);
        assertThat(ended.getExpired()).isEqualTo(1);
        assertThat(open.asList())
                .extracting(OpenNotification::getNotificationId)
                .containsExactly("n-2");
    }

    @Test
    void whatIsKnownOfAnEarlierStateCannotBeEnded() {
        OpenDeliveries open = new OpenDeliveries(List.of(notification("n-1", "a", "b")));
        Found stale = open.find("b").orElseThrow();
        open.end(open.find("a").orElseThrow(), DeliveryState.ACCEPTED, null);
        assertThatThrownBy(() -> open.end(stale, DeliveryState.ACCEPTED, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(open.find("a")).isEmpty();
    }

    @Test
    void reasonsAreSortedAndEachIsNamedOnce() {
        OpenDeliveries open = new OpenDeliveries(List.of(notification("n-1", "a", "b", "c", "d")));
        open.end(open.find("a").orElseThrow(), DeliveryState.DEAD, "PUSH:REJECTED");
        open.end(open.find("b").orElseThrow(), DeliveryState.DEAD, "EMAIL:REJECTED");
        open.end(open.find("c").orElseThrow(), DeliveryState.DEAD, "PUSH:REJECTED");
        assertThat(open.asList().get(0).getReasons()).containsExactly("EMAIL:REJECTED", "PUSH:REJECTED");
        assertThat(open.asList().get(0).getDead()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(DeliveryState.class)
    void aTerminalStateIsCountedAndAnOpenOneIsNot(DeliveryState state) {
        OpenNotification notification = notification("n-1", "a");
        OpenDeliveries.count(notification, state);
        int counted = notification.getAccepted()
                + notification.getSkipped()
                + notification.getDead()
                + notification.getExpired()
                + notification.getCancelled();
        boolean terminal =
                switch (state) {
                    case ROUTED, WAITING -> false;
                    case ACCEPTED, SKIPPED, DEAD, EXPIRED, CANCELLED -> true;
                };
        assertThat(counted).isEqualTo(terminal ? 1 : 0);
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(textBlock = """
            false, -1, false, there is time
            false,  0, true,  it is over just now
            false,  1, true,  it is over
            true,   1, false, it waits for its retry: no sender has it
            """)
    void aDeliveryIsOverdueWhenASenderHasHadItTooLong(boolean waiting, long millis, boolean overdue, String why) {
        OpenNotification notification = notification("n-1", "a");
        notification.getOpen().get(0).setWaiting(waiting);
        OpenDeliveries open = new OpenDeliveries(List.of(notification));
        assertThat(open.overdue(DEADLINE.plusMillis(millis))).hasSize(overdue ? 1 : 0);
    }

    @Test
    void overdueOnesComeInAFixedOrder() {
        OpenDeliveries open = new OpenDeliveries(List.of(notification("n-2", "z", "b"), notification("n-1", "a")));
        assertThat(open.overdue(DEADLINE).stream().map(found -> found.delivery().getDeliveryId()))
                .containsExactly("z", "b", "a");
    }

    @Test
    void aHandOutIsNotedOnItsDeliveryAlone() {
        OpenDeliveries open = new OpenDeliveries(List.of(notification("n-1", "a", "b")));
        Instant later = DEADLINE.plusSeconds(900);
        open.update(open.find("a").orElseThrow(), 2, true, later);
        OpenDelivery changed = open.find("a").orElseThrow().delivery();
        assertThat(changed.getAttempt()).isEqualTo(2);
        assertThat(changed.getWaiting()).isTrue();
        assertThat(changed.getDeadline()).isEqualTo(later);
        assertThat(open.find("b").orElseThrow().delivery())
                .isEqualTo(notification("n-1", "b").getOpen().get(0));
        assertThat(open.hasDeadline(later)).isTrue();
        assertThat(open.hasDeadline(DEADLINE)).isTrue();
        assertThat(open.hasDeadline(later.plusMillis(1))).isFalse();
    }

    @Test
    void aDraftDoesNotTouchWhatItWasMadeFrom() {
        List<OpenNotification> state = new ArrayList<>(List.of(notification("n-1", "a", "b")));
        OpenDeliveries open = new OpenDeliveries(state);
        open.update(open.find("a").orElseThrow(), 2, true, DEADLINE);
        open.end(open.find("b").orElseThrow(), DeliveryState.DEAD, "PUSH:REJECTED");
        open.put(notification("n-2", "c"));
        assertThat(state).containsExactly(notification("n-1", "a", "b"));
    }

    @Test
    void aUserHasNoMoreThanSoManyOpen() {
        OpenDeliveries open = new OpenDeliveries(List.of());
        for (int number = 0; number < OpenDeliveries.MOST; number++) {
            assertThat(open.isFull(0)).isFalse();
            open.put(notification("n-" + number, "d-" + number));
        }
        assertThat(open.isFull(0)).isTrue();
        assertThat(new OpenDeliveries(List.of()).isFull(OpenDeliveries.MOST)).isTrue();
    }

    @Property(tries = 200)
    void everyDeliveryIsCountedInOneStateAndOnce(@ForAll @Size(min = 1, max = 12) List<DeliveryState> states) {
        OpenNotification notification = notification(
                "n-1",
                Stream.iterate(0, number -> number + 1)
                        .limit(states.size())
                        .map(number -> "d-" + number)
                        .toArray(String[]::new));
        OpenDeliveries open = new OpenDeliveries(List.of(notification));
        int ended = 0;
        for (int number = 0; number < states.size(); number++) {
            DeliveryState state = states.get(number);
            if (state == DeliveryState.ROUTED || state == DeliveryState.WAITING) {
                continue;
            }
            OpenNotification now = open.end(open.find("d-" + number).orElseThrow(), state, null);
            ended++;
            assertThat(now.getAccepted() + now.getSkipped() + now.getDead() + now.getExpired() + now.getCancelled())
                    .isEqualTo(ended);
            assertThat(now.getOpen()).hasSize(states.size() - ended);
        }
        assertThat(open.asList()).hasSize(ended == states.size() ? 0 : 1);
    }

    static OpenNotification notification(String id, String... deliveries) {
        return OpenNotification.newBuilder()
                .setNotificationId(id)
                .setSource("blog")
                .setEventId("e-1")
                .setCategory("comment")
                .setSeq(7L)
                .setDecidedAt(DEADLINE.minusSeconds(900))
                .setMailboxPartition(3)
                .setMailboxOffset(42)
                .setAccepted(0)
                .setSkipped(0)
                .setDead(0)
                .setExpired(0)
                .setCancelled(0)
                .setReasons(new ArrayList<>())
                .setOpen(Stream.of(deliveries)
                        .map(delivery -> new OpenDelivery(delivery, Route.APNS, "phone", 1, false, DEADLINE))
                        .toList())
                .build();
    }
}
