package io.herald.topology.story;

import static io.herald.topology.story.Ledger.cancelled;
import static io.herald.topology.story.Ledger.waiting;
import static io.herald.topology.testing.HeraldDriver.TENANT;
import static io.herald.topology.testing.HeraldDriver.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.Delivery;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Environment;
import io.herald.schema.Erased;
import io.herald.schema.InboxItem;
import io.herald.schema.InboxMark;
import io.herald.schema.NotificationCancelled;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Platform;
import io.herald.schema.Reason;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.TokenReleased;
import io.herald.schema.UserErased;
import io.herald.topic.Topics;
import io.herald.topology.router.RouterStores;
import io.herald.topology.testing.HeraldDriver;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is scheduled, taken back, replaced, forgotten. */
class TakenBackStoryTest {
    private final HeraldDriver herald = new HeraldDriver("taken-back");
    private final Ledger ledger = new Ledger(herald);

    @BeforeEach
    void setUp() {
        herald.template("trip", Channel.INBOX, "Your trip", "{{text}}")
                .template("trip", Channel.PUSH, "Your trip", "{{text}}")
                .device("ana", "phone", Platform.APNS, "token-1");
    }

    @AfterEach
    void close() {
        herald.close();
    }

    @Test
    void whatIsScheduledComesInItsTime() {
        tomorrow("e1").advance(Duration.ofHours(23));
        assertThat(herald.read(Topics.INBOX_ITEM, InboxItem.class)).isEmpty();
        herald.advance(Duration.ofMinutes(61));

        assertThat(herald.read(Topics.INBOX_ITEM, InboxItem.class)).hasSize(1);
        assertThat(only(herald.deliveries(Topics.DELIVERY_APNS)).getSeq()).isEqualTo(1);
    }

    @Test
    void aCancelBeforeItsTimeWins() {
        tomorrow("e1").cancels("e1", "ana").advance(Duration.ofHours(25));

        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).isEmpty();
        assertThat(ledger.of("e1", "ana", Channel.PUSH))
                .containsExactly(waiting(Reason.SEND_AT), cancelled(Reason.CANCELLED_BY_SOURCE));
    }

    @Test
    void aCancelKeyTakesBackAllThatHaveIt() {
        herald.event("e1", "trip", event -> keyed(event, "trip-7"), "ana")
                .event("e2", "trip", event -> keyed(event, "trip-7"), "ana")
                .event("e3", "trip", event -> keyed(event, "trip-8"), "ana")
                .send(
                        Topics.NOTIFICATION_CANCELLED,
                        new NotificationCancelled(TENANT, "shop", List.of("ana"), null, "trip-7"))
                .advance(Duration.ofHours(25));

        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).hasSize(1);
    }

    @Test
    void aCancelThatOvertakesItsEventWinsToo() {
        herald.cancels("e1", "ana").event("e1", "trip", "bo", "ana");

        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).isEmpty();
        assertThat(ledger.reasons("e1")).containsExactly(Reason.CANCELLED_BY_SOURCE);
    }

    @Test
    void aCancelThatIsSaidAgainADayLaterStillWins() {
        herald.cancels("e1", "ana")
                .advance(Duration.ofHours(25))
                .cancels("e1", "ana")
                .event("e1", "trip", "bo", "ana");

        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).isEmpty();
        assertThat(ledger.reasons("e1")).containsExactly(Reason.CANCELLED_BY_SOURCE);
    }

    @Test
    void whatIsCancelledAfterItWasSentIsPutAwayAndNotSentAgain() {
        herald.event("e1", "trip", "bo", "ana");
        Delivery push = only(herald.deliveries(Topics.DELIVERY_APNS));
        herald.cancels("e1", "ana").reports(push, ReportedOutcome.RETRY).advance(Duration.ofMinutes(20));

        assertThat(herald.deliveries(Topics.DELIVERY_APNS).stream().filter(delivery -> !delivery.getSilent()))
                .hasSize(1);
        assertThat(only(herald.read(Topics.INBOX_MARK, InboxMark.class)).getArchived())
                .isTrue();
    }

    @Test
    void aNewOneTakesThePlaceOfTheOld() {
        herald.event("e1", "trip", event -> event.setCollapseKey("eta"), "ana")
                .event("e2", "trip", event -> event.setCollapseKey("eta"), "ana");

        assertThat(herald.deliveries(Topics.DELIVERY_APNS))
                .extracting(Delivery::getCollapseKey)
                .containsExactly("eta", "eta");
        assertThat(only(herald.read(Topics.INBOX_MARK, InboxMark.class)).getArchived())
                .isTrue();
    }

    @Test
    void whatNobodyWantsToHearTakesNothingsPlace() {
        herald.event("e1", "trip", event -> event.setCollapseKey("eta"), "ana")
                .block("ana", "troll")
                .event(
                        "e2",
                        "trip",
                        event -> {
                            event.setActor("troll");
                            event.setCollapseKey("eta");
                        },
                        "ana");

        assertThat(ledger.of("e2", "ana", Channel.INBOX)).containsExactly(Ledger.skipped(Reason.BLOCKED_ACTOR));
        assertThat(herald.read(Topics.INBOX_MARK, InboxMark.class)).isEmpty();
    }

    @Test
    void whatWaitsIsReplaced() {
        herald.event("e1", "trip", event -> keyed(event, null).setCollapseKey("eta"), "ana")
                .event("e2", "trip", event -> event.setCollapseKey("eta"), "ana")
                .advance(Duration.ofHours(25));

        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).hasSize(1);
        assertThat(ledger.of("e1", "ana", Channel.PUSH))
                .containsExactly(waiting(Reason.SEND_AT), cancelled(Reason.REPLACED));
    }

    @Test
    void itemsGoAfterThirtyDays() {
        herald.event("e1", "trip", "bo", "ana").advance(Duration.ofDays(32));

        assertThat(herald.read(Topics.INBOX_ITEM, InboxItem.class)).hasSize(2).endsWith((InboxItem) null);
    }

    @Test
    void aTokenThatIsRegisteredAgainIsNotGivenUpByWhatIsLate() {
        herald.advance(Duration.ofSeconds(1))
                .send(
                        Topics.DEVICE_CHANGED,
                        new DeviceChanged(
                                TENANT, "ana", "phone", Platform.APNS, null, "com.acme.app", Environment.PRODUCTION))
                .advance(Duration.ofSeconds(1))
                .device("ana", "phone", Platform.APNS, "token-1");
        TokenReleased late = only(herald.read(Topics.TOKEN_RELEASED, TokenReleased.class));
        herald.send(Topics.TOKEN_RELEASED, late)
                .advance(Duration.ofSeconds(1))
                .device("bo", "phone", Platform.APNS, "token-1")
                .event("e1", "trip", "cy", "ana");

        assertThat(ledger.of("e1", "ana", Channel.PUSH))
                .as("it is bo's phone by now")
                .containsExactly(Ledger.skipped(Reason.NO_ADDRESS));
    }

    @Test
    void nothingIsOnTheAgendaOfWhoIsErasedThoughWhatWasOutHasEnded() {
        herald.event("e1", "trip", "bo", "ana")
                .reports(only(herald.deliveries(Topics.DELIVERY_APNS)), ReportedOutcome.ACCEPTED)
                .send(Topics.USER_ERASED, new UserErased(TENANT, "ana"))
                .advance(Duration.ofMinutes(61));

        try (KeyValueIterator<Object, Object> due =
                herald.router().getKeyValueStore(RouterStores.AGENDA).all()) {
            assertThat(due).isExhausted();
        }
    }

    @Test
    void whoIsErasedIsGoneForGood() {
        tomorrow("e1").event("e2", "trip", "bo", "ana").send(Topics.USER_ERASED, new UserErased(TENANT, "ana"));
        Erased done = only(herald.read(Topics.ERASED, Erased.class));
        assertThat(done.getDevices()).isEqualTo(1);
        assertThat(done.getInboxItems()).isEqualTo(1);
        assertThat(done.getWaiting()).isEqualTo(2);
        assertThat(done.getCopies()).isNotEmpty();
        assertThat(herald.raw(Topics.USER_FORGOTTEN)).hasSize(1);
        try (KeyValueIterator<Object, Object> owners =
                herald.router().getKeyValueStore(RouterStores.TOKENS).all()) {
            assertThat(owners).isExhausted();
        }

        herald.device("ana", "phone", Platform.APNS, "token-1");
        try (KeyValueIterator<Object, Object> owners =
                herald.router().getKeyValueStore(RouterStores.TOKENS).all()) {
            assertThat(owners).as("what was refused").isExhausted();
        }
        herald.event("e3", "trip", "bo", "ana").event("e2", "trip", "bo", "ana").advance(Duration.ofHours(25));
        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).hasSize(1);
        assertThat(ledger.reasons("e3")).containsExactly(Reason.ERASED);
        assertThat(herald.raw(Topics.USER_FORGOTTEN))
                .as("rows that were on their way have arrived by then")
                .hasSize(2);
    }

    @Test
    void aTokenThatMovesToSomeoneElseLeavesTheOtherOne() {
        herald.advance(Duration.ofSeconds(5))
                .send(
                        Topics.DEVICE_CHANGED,
                        new DeviceChanged(
                                TENANT,
                                "bea",
                                "phone",
                                Platform.APNS,
                                "token-1",
                                "com.acme.app",
                                Environment.PRODUCTION))
                .event("e1", "trip", "bo", "ana", "bea");

        assertThat(only(herald.deliveries(Topics.DELIVERY_APNS)).getUser()).isEqualTo("bea");
        assertThat(ledger.of("e1", "ana", Channel.PUSH)).containsExactly(Ledger.skipped(Reason.NO_ADDRESS));
    }

    private HeraldDriver tomorrow(String id) {
        return herald.event(id, "trip", event -> keyed(event, null), "ana");
    }

    private NotificationRequested keyed(NotificationRequested event, String cancelKey) {
        event.setSendAt(herald.now().plus(Duration.ofHours(24)));
        event.setCancelKey(cancelKey);
        return event;
    }
}
