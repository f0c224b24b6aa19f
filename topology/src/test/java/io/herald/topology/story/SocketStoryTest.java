package io.herald.topology.story;

import static io.herald.topology.testing.HeraldDriver.TENANT;
import static io.herald.topology.testing.HeraldDriver.only;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.herald.schema.Channel;
import io.herald.schema.InboxAct;
import io.herald.schema.Platform;
import io.herald.schema.PresenceChanged;
import io.herald.schema.PresenceState;
import io.herald.schema.Realtime;
import io.herald.schema.SocketOutcome;
import io.herald.schema.SocketReported;
import io.herald.topic.Topics;
import io.herald.topology.testing.HeraldDriver;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gateways hear of the users whose sockets they hold, and are believed for as long as they live. */
class SocketStoryTest {
    private final HeraldDriver herald = new HeraldDriver("socket");

    @BeforeEach
    void setUp() {
        herald.template("task", Channel.INBOX, "A task", "{{text}}")
                .template("task", Channel.PUSH, "A task", "{{text}}")
                .device("ana", "phone", Platform.APNS, "token-1")
                .rule("task", rule -> rule.setChannels(List.of(Channel.INBOX, Channel.PUSH))
                        .setAcknowledgeWithinMs(Duration.ofSeconds(20).toMillis()));
    }

    @AfterEach
    void close() {
        herald.close();
    }

    @Test
    void nobodyIsToldOfAUserWithoutASocket() {
        herald.event("e1", "task", "bo", "ana").acts("ana", InboxAct.READ, 1);
        assertThat(changes()).isEmpty();
    }

    @Test
    void aGatewayIsToldOnceHoweverManySocketsItHolds() {
        herald.connects("ana", "laptop", "gw-1")
                .connects("ana", "tablet", "gw-1")
                .connects("ana", "tv", "gw-2")
                .event("e1", "task", "bo", "ana");

        assertThat(changes().subList(3, changes().size()))
                .extracting(Change::gateway, change -> change.value().getSeqs())
                .containsExactly(tuple("gw-1", List.of(1L)), tuple("gw-2", List.of(1L)));
    }

    @Test
    void aSocketIsGreetedWithWhereItsUserIs() {
        herald.event("e1", "task", "bo", "ana")
                .event("e2", "task", "bo", "ana")
                .acts("ana", InboxAct.READ, 2)
                .connects("ana", "laptop", "gw-1");

        Change hello = only(changes());
        assertThat(hello.gateway()).isEqualTo("gw-1");
        assertThat(hello.value().getConnectionId()).isEqualTo("laptop-1");
        assertThat(hello.value().getLastSeq()).isEqualTo(2);
        assertThat(hello.value().getUnread()).isEqualTo(1);
        assertThat(hello.value().getSeqs()).isEmpty();
        assertThat(hello.value().getItem()).isNull();
        assertThat(hello.value().getMark()).isNull();
    }

    @Test
    void whatIsDecidedAfterTheGreetingFollowsIt() {
        herald.event("e1", "task", "bo", "ana")
                .connects("ana", "laptop", "gw-1")
                .event("e2", "task", "bo", "ana")
                .acts("ana", InboxAct.READ, 1);

        assertThat(changes())
                .extracting(Change::value)
                .extracting(Realtime::getConnectionId, Realtime::getLastSeq, Realtime::getSeqs)
                .containsExactly(
                        tuple("laptop-1", 1L, List.of()), tuple(null, 2L, List.of(2L)), tuple(null, 2L, List.of(1L)));
    }

    @Test
    void aGatewayHearsNothingOfAUserWhoLeft() {
        herald.connects("ana", "laptop", "gw-1");
        herald.send(
                Topics.PRESENCE_CHANGED,
                new PresenceChanged(
                        TENANT, "ana", "laptop", "laptop-1", "gw-1", PresenceState.DISCONNECTED, herald.now(), null));
        herald.event("e1", "task", "bo", "ana");

        assertThat(only(changes()).value().getConnectionId()).isEqualTo("laptop-1");
        assertThat(pushes()).isEqualTo(1);
    }

    @Test
    void pushWaitsWhileTheGatewayLives() {
        herald.leases("gw-1", "life-1", Duration.ofSeconds(15))
                .connects("ana", "laptop", "gw-1", "life-1")
                .advance(Duration.ofSeconds(14))
                .event("e1", "task", "bo", "ana");
        assertThat(pushes()).isZero();

        herald.advance(Duration.ofSeconds(2)).event("e2", "task", "bo", "ana");
        assertThat(pushes()).as("the lease is over").isEqualTo(1);
        assertThat(changes()).as("and the gateway is told all the same").hasSize(3);

        herald.leases("gw-1", "life-1", Duration.ofSeconds(15)).event("e3", "task", "bo", "ana");
        assertThat(pushes()).as("it lives on").isEqualTo(1);
    }

    @Test
    void aGatewayThatStopsInOrderIsNotWaitedFor() {
        herald.leases("gw-1", "life-1", Duration.ofSeconds(15))
                .connects("ana", "laptop", "gw-1", "life-1")
                .leases("gw-1", "life-1", Duration.ZERO)
                .event("e1", "task", "bo", "ana");
        assertThat(pushes()).isEqualTo(1);
    }

    @Test
    void theSocketsOfAnEarlierLifeAreGone() {
        herald.leases("gw-1", "life-1", Duration.ofSeconds(15))
                .connects("ana", "laptop", "gw-1", "life-1")
                .advance(Duration.ofSeconds(1))
                .leases("gw-1", "life-2", Duration.ofSeconds(15))
                .event("e1", "task", "bo", "ana");
        assertThat(pushes()).isEqualTo(1);
        assertThat(changes()).as("only the greeting").hasSize(1);

        herald.connects("ana", "laptop", "gw-1", "life-2").event("e2", "task", "bo", "ana");
        assertThat(pushes()).isEqualTo(1);
        assertThat(changes()).hasSize(3);
    }

    @Test
    void aGatewayThatShowedNothingIsToldButNotWaitedForUntilItShowsSomething() {
        herald.connects("ana", "laptop", "gw-1").event("e1", "task", "bo", "ana");
        answers("e1", SocketOutcome.NO_SOCKET);
        assertThat(pushes()).isEqualTo(1);

        herald.event("e2", "task", "bo", "ana");
        assertThat(pushes()).as("nobody waits").isEqualTo(2);
        assertThat(changes().get(2).value().getAskGateways()).containsExactly("gw-1");

        answers("e2", SocketOutcome.SHOWN);
        herald.event("e3", "task", "bo", "ana");
        assertThat(pushes()).as("somebody is there again").isEqualTo(2);
    }

    private void answers(String event, SocketOutcome outcome) {
        String notification = herald.notification(event);
        herald.send(Topics.SOCKET_REPORTED, new SocketReported(TENANT, "ana", notification, "gw-1", outcome));
    }

    private int pushes() {
        return herald.deliveries(Topics.DELIVERY_APNS).size();
    }

    private record Change(String gateway, Realtime value) {}

    private List<Change> changes() {
        return herald.raw(Topics.REALTIME).stream()
                .map(written -> new Change(
                        new String(written.key().get(), UTF_8),
                        herald.wire()
                                .read(
                                        Topics.REALTIME,
                                        Realtime.class,
                                        written.value().get())))
                .toList();
    }
}
