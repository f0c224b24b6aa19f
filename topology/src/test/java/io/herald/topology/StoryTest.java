package io.herald.topology;

import static io.herald.topology.testing.HeraldDriver.TENANT;
import static io.herald.topology.testing.HeraldDriver.anEvent;
import static io.herald.topology.testing.HeraldDriver.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.herald.schema.Channel;
import io.herald.schema.ChannelVerdict;
import io.herald.schema.Decision;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryState;
import io.herald.schema.InboxAct;
import io.herald.schema.InboxItem;
import io.herald.schema.InboxUser;
import io.herald.schema.LedgerState;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Platform;
import io.herald.schema.Reason;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Transition;
import io.herald.topic.Topics;
import io.herald.topology.guarantee.GaplessInbox;
import io.herald.topology.guarantee.OneDecisionEach;
import io.herald.topology.guarantee.OneEndEach;
import io.herald.topology.testing.HeraldDriver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to events, from a producer's record to what senders and tables get. */
class StoryTest {
    private final HeraldDriver herald = new HeraldDriver("story");

    @BeforeEach
    void setUp() {
        herald.template("comment", Channel.INBOX, "{{actor}} wrote", "{{text}}")
                .template("comment", Channel.PUSH, "{{actor}} wrote", "{{text}}")
                .template("comment", Channel.EMAIL, "{{actor}} wrote", "Dear {{recipient}}, {{text}}")
                .device("ana", "phone", Platform.APNS, "token-1")
                .email("ana", "ana@example.org");
    }

    @AfterEach
    void close() {
        herald.close();
    }

    @Test
    void anEventReachesInboxPhoneAndMailbox() {
        herald.event("e1", "comment", "bo", "ana");

        Delivery push = only(herald.deliveries(Topics.DELIVERY_APNS));
        assertThat(push.getAddress()).isEqualTo("token-1");
        assertThat(push.getTitle()).isEqualTo("bo wrote");
        assertThat(push.getSeq()).isEqualTo(1);
        assertThat(only(herald.deliveries(Topics.DELIVERY_EMAIL)).getBody()).isEqualTo("Dear ana, hello");
        assertThat(only(herald.read(Topics.INBOX_ITEM, InboxItem.class)).getBody())
                .isEqualTo("hello");
        assertThat(only(herald.read(Topics.INBOX_USER, InboxUser.class)).getUnread())
                .isEqualTo(1);
        assertThat(decision("e1").getVerdicts())
                .extracting(ChannelVerdict::getChannel, ChannelVerdict::getState)
                .containsExactly(
                        tuple(Channel.INBOX, DeliveryState.ACCEPTED),
                        tuple(Channel.PUSH, DeliveryState.ROUTED),
                        tuple(Channel.EMAIL, DeliveryState.ROUTED));
    }

    @Test
    void everyDeviceOfAUserGetsItOnItsOwnRoute() {
        herald.device("ana", "tablet", Platform.APNS, "token-2")
                .device("ana", "droid", Platform.FCM, "token-3")
                .event("e1", "comment", "bo", "ana");

        assertThat(herald.deliveries(Topics.DELIVERY_APNS))
                .extracting(Delivery::getAddress)
                .containsExactly("token-1", "token-2");
        assertThat(herald.deliveries(Topics.DELIVERY_FCM))
                .extracting(Delivery::getAddress)
                .containsExactly("token-3");
        assertThat(herald.deliveries(Topics.DELIVERY_APNS))
                .extracting(Delivery::getDeliveryId)
                .doesNotHaveDuplicates();
    }

    @Test
    void aDuplicateIsSkippedAndNamesItsFirstCopy() {
        herald.event("e1", "comment", "bo", "ana").event("e1", "comment", "bo", "ana");

        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).hasSize(1);
        assertThat(herald.read(Topics.INBOX_ITEM, InboxItem.class)).hasSize(1);
        List<Decision> decisions = decisions();
        assertThat(decisions.get(1).getReason()).isEqualTo(Reason.DUPLICATE);
        assertThat(decisions.get(1).getFirstOffset())
                .isEqualTo(herald.ledger().get(0).getMailboxOffset());
    }

    @Test
    void theSameIdentityWithOtherContentIsAReusedId() {
        herald.event("e1", "comment", "bo", "ana").event("e1", "comment", "cy", "ana");

        assertThat(decisions().get(1).getReason()).isEqualTo(Reason.ID_REUSED);
        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).hasSize(1);
    }

    @Test
    void anIdentityIsFreeAgainAfterADay() {
        // Decided twice, because Herald promises to know an identity for a day and no longer.
        herald.without(OneDecisionEach.class)
                .without(GaplessInbox.class)
                .without(OneEndEach.class)
                .event("e1", "comment", "bo", "ana")
                .advance(Duration.ofHours(23))
                .event("e1", "comment", "bo", "ana")
                .advance(Duration.ofHours(2))
                .event("e1", "comment", "bo", "ana");

        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).hasSize(2);
    }

    @Test
    void noOneHearsOfTheirOwnActOrOfABlockedActor() {
        herald.block("ana", "troll").event("e1", "comment", "ana", "ana").event("e2", "comment", "troll", "ana");

        assertThat(decision("e1").getVerdicts())
                .extracting(ChannelVerdict::getReason)
                .containsOnly(Reason.OWN_ACT);
        assertThat(decision("e2").getVerdicts())
                .extracting(ChannelVerdict::getReason)
                .containsOnly(Reason.BLOCKED_ACTOR);
        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).isEmpty();
        assertThat(herald.read(Topics.INBOX_ITEM, InboxItem.class)).isEmpty();
    }

    @Test
    void anOptOutSilencesItsChannelOnly() {
        herald.optOut("ana", null, Channel.EMAIL).event("e1", "comment", "bo", "ana");

        assertThat(herald.deliveries(Topics.DELIVERY_EMAIL)).isEmpty();
        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).hasSize(1);
        assertThat(decision("e1").getVerdicts().get(2).getReason()).isEqualTo(Reason.CHANNEL_OPTED_OUT);
    }

    @Test
    void aDeadTokenIsForgottenAndNotSentToAgain() {
        herald.advance(Duration.ofMinutes(1)).event("e1", "comment", "bo", "ana");
        Delivery push = only(herald.deliveries(Topics.DELIVERY_APNS));
        herald.advance(Duration.ofSeconds(1))
                .reports(push, ReportedOutcome.ADDRESS_GONE, herald.now(), null)
                .event("e2", "comment", "bo", "ana");

        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).hasSize(1);
        assertThat(lastTransition().getReason()).isEqualTo(Reason.ADDRESS_GONE);
        assertThat(decision("e2").getVerdicts().get(1).getReason()).isEqualTo(Reason.NO_ADDRESS);
    }

    @Test
    void aTokenRenewedInTheMeantimeSurvives() {
        herald.event("e1", "comment", "bo", "ana");
        Delivery push = only(herald.deliveries(Topics.DELIVERY_APNS));
        herald.advance(Duration.ofSeconds(1))
                .device("ana", "phone", Platform.APNS, "token-new")
                .advance(Duration.ofSeconds(1))
                .reports(push, ReportedOutcome.ADDRESS_GONE, herald.now(), null)
                .event("e2", "comment", "bo", "ana");

        assertThat(herald.deliveries(Topics.DELIVERY_APNS))
                .extracting(Delivery::getAddress)
                .containsExactly("token-1", "token-new");
    }

    @Test
    void retriesComeLaterEachTimeAndEndAsADeadLetter() {
        herald.optOut("ana", null, Channel.EMAIL).event("e1", "comment", "bo", "ana");
        for (int longest : new int[] {5, 10, 20, 40}) {
            Delivery last = lastPush();
            herald.reports(last, ReportedOutcome.RETRY);
            Instant due = lastTransition().getDueAt();
            assertThat(due).isBetween(herald.now(), herald.now().plusSeconds(longest));
            herald.advance(Duration.between(herald.now(), due).minusMillis(1));
            assertThat(lastPush()).isEqualTo(last);
            herald.advance(Duration.ofMillis(251));
            assertThat(lastPush().getAttempt()).isEqualTo(last.getAttempt() + 1);
            assertThat(lastPush().getDeliveryId()).isEqualTo(last.getDeliveryId());
        }
        herald.reports(lastPush(), ReportedOutcome.RETRY);

        assertThat(lastTransition().getState()).isEqualTo(DeliveryState.DEAD);
        assertThat(only(herald.deadLetters()).getReason()).isEqualTo(Reason.ATTEMPTS_EXHAUSTED);
        LedgerState row = lastRow();
        assertThat(row.getState()).isEqualTo("ENDED");
        assertThat(row.getReasons()).isEqualTo("EMAIL:CHANNEL_OPTED_OUT PUSH:ATTEMPTS_EXHAUSTED");
        assertThat(herald.wire()
                        .read(
                                Topics.DELIVERY_APNS,
                                Delivery.class,
                                herald.deadLetters().get(0).getValue().array())
                        .getFailures())
                .isEqualTo(4);
    }

    @Test
    void whatHappensBeforeARetryWins() {
        herald.device("bo", "phone", Platform.FCM, "token-b")
                .device("cy", "phone", Platform.FCM, "token-c")
                .event("e1", "comment", "di", "ana", "bo", "cy");
        herald.reports(lastPush(), ReportedOutcome.RETRY);
        herald.deliveries(Topics.DELIVERY_FCM).forEach(push -> herald.reports(push, ReportedOutcome.RETRY));
        herald.acts("ana", InboxAct.READ, 1)
                .optOut("bo", "comment", Channel.PUSH)
                .device("cy", "phone", Platform.FCM, null)
                .advance(Duration.ofSeconds(6));

        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).hasSize(1);
        assertThat(herald.deliveries(Topics.DELIVERY_FCM)).hasSize(2);
        assertThat(transitions())
                .filteredOn(moved -> moved.getState() == DeliveryState.CANCELLED)
                .extracting(Transition::getReason)
                .containsExactlyInAnyOrder(Reason.READ_ELSEWHERE, Reason.CATEGORY_OPTED_OUT, Reason.ADDRESS_CHANGED);
    }

    @Test
    void aReportCountsOnce() {
        herald.event("e1", "comment", "bo", "ana");
        Delivery push = lastPush();
        herald.reports(push, ReportedOutcome.ACCEPTED)
                .reports(push, ReportedOutcome.ACCEPTED)
                .reports(push, ReportedOutcome.RETRY)
                .advance(Duration.ofMinutes(1));

        assertThat(transitions()).extracting(Transition::getLate).containsExactly(false, true, true);
        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).hasSize(1);
    }

    @Test
    void aStaleDeliveryIsDecidedAnewWithoutBurningAnAttempt() {
        herald.event("e1", "comment", "bo", "ana");
        herald.advance(Duration.ofMinutes(2)).reports(lastPush(), ReportedOutcome.STALE);

        assertThat(lastPush().getAttempt()).isEqualTo(2);
        assertThat(lastPush().getFailures()).isZero();
        assertThat(lastPush().getValidUntil()).isAfter(herald.now());
    }

    @Test
    void aBacklogThatWaitsInKafkaForHoursIsDecidedAnew() {
        herald.event("e1", "comment", "bo", "ana")
                .advance(Duration.ofHours(5))
                .reports(lastPush(), ReportedOutcome.STALE);

        assertThat(lastPush().getAttempt()).isEqualTo(2);
        assertThat(transitions()).extracting(Transition::getState).containsExactly(DeliveryState.ROUTED);
    }

    @Test
    void whatIsStaleAgainAndAgainWaitsLongerEachTime() {
        herald.event("e1", "comment", "bo", "ana").reports(lastPush(), ReportedOutcome.STALE);
        assertThat(lastPush().getAttempt()).isEqualTo(2);
        herald.reports(lastPush(), ReportedOutcome.STALE);
        Instant due = lastTransition().getDueAt();
        herald.advance(Duration.between(herald.now(), due).minusMillis(1));
        assertThat(lastPush().getAttempt()).isEqualTo(2);
        herald.advance(Duration.ofMillis(251));
        assertThat(lastPush().getAttempt()).isEqualTo(3);
        assertThat(lastPush().getFailures()).isZero();
    }

    @Test
    void aDeliveryThatNobodyReportsOnExpires() {
        herald.event("e1", "comment", "bo", "ana").advance(Duration.ofDays(3)).advance(Duration.ofMinutes(25));

        assertThat(transitions())
                .extracting(Transition::getState, Transition::getReason)
                .containsOnly(tuple(DeliveryState.EXPIRED, Reason.NO_REPORT))
                .hasSize(2);
        assertThat(lastRow().getExpired()).isEqualTo(2);
    }

    @Test
    void anEventOfAnUnknownCategoryWaitsForItsTemplate() {
        herald.event("e1", "order", "bo", "ana")
                .advance(Duration.ofSeconds(20))
                .template("order", Channel.PUSH, "Order", "shipped")
                .advance(Duration.ofSeconds(15));

        assertThat(only(herald.deliveries(Topics.DELIVERY_APNS)).getBody()).isEqualTo("shipped");
        assertThat(herald.deadLetters()).isEmpty();
    }

    @Test
    void anEventWhoseTemplateNeverComesIsADeadLetter() {
        herald.event("e1", "order", "bo", "ana").advance(Duration.ofSeconds(62));

        assertThat(only(herald.deadLetters()).getReason()).isEqualTo(Reason.UNKNOWN_CATEGORY);
        assertThat(lastRow().getDead()).isEqualTo(1);
    }

    @Test
    void whatIsPastItsExpiryIsNotSent() {
        herald.send(
                Topics.NOTIFICATION_REQUESTED,
                NotificationRequested.newBuilder(anEvent("e1", "comment", "bo", "ana"))
                        .setExpiresAt(Instant.EPOCH)
                        .build());

        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).isEmpty();
        assertThat(lastRow().getExpired()).isEqualTo(3);
    }

    @Test
    void readingClearsTheUnreadCount() {
        herald.event("e1", "comment", "bo", "ana")
                .event("e2", "comment", "bo", "ana")
                .acts("ana", InboxAct.READ, 1)
                .acts("ana", InboxAct.READ, 1);

        List<InboxUser> summaries = herald.read(Topics.INBOX_USER, InboxUser.class);
        assertThat(summaries).extracting(InboxUser::getUnread).containsExactly(1, 2, 1, 1);
        assertThat(summaries).extracting(InboxUser::getLastSeq).containsExactly(1L, 2L, 2L, 2L);
        assertThat(summaries)
                .extracting(InboxUser::getVersion)
                .as("the last only says that the act was heard")
                .containsExactly(1L, 2L, 3L, 3L);
    }

    @Test
    void anInboxKeepsTheNewestHundred() {
        for (int event = 1; event <= 102; event++) {
            herald.event("e" + event, "comment", "bo", "ana");
            herald.deliveries(Topics.DELIVERY_APNS);
        }
        assertThat(herald.read(Topics.INBOX_ITEM, InboxItem.class))
                .filteredOn(item -> item == null)
                .hasSize(2);
        assertThat(herald.read(Topics.INBOX_USER, InboxUser.class).get(101).getUnread())
                .isEqualTo(100);
    }

    @Test
    void namesOfAllKindsGoThroughUnharmed() {
        String name = "Zoë O'Hara 🎈 שלום";
        herald.named("ana", name)
                .template("hello", Channel.PUSH, "{{actorName}}", "Hi {{recipient}}")
                .send(
                        Topics.NOTIFICATION_REQUESTED,
                        NotificationRequested.newBuilder(anEvent("e1", "hello", "bo", "ana"))
                                .setData(Map.of("actorName", name))
                                .build());

        assertThat(lastPush().getTitle()).isEqualTo(name);
        assertThat(lastPush().getBody()).isEqualTo("Hi " + name);
    }

    private Delivery lastPush() {
        List<Delivery> pushes = herald.deliveries(Topics.DELIVERY_APNS);
        return pushes.get(pushes.size() - 1);
    }

    private List<Transition> transitions() {
        return herald.ledger().stream()
                .filter(entry -> entry.getBody() instanceof Transition)
                .map(entry -> (Transition) entry.getBody())
                .toList();
    }

    private Transition lastTransition() {
        return transitions().get(transitions().size() - 1);
    }

    private List<Decision> decisions() {
        return herald.ledger().stream()
                .filter(entry -> entry.getBody() instanceof Decision)
                .map(entry -> (Decision) entry.getBody())
                .toList();
    }

    private Decision decision(String eventId) {
        return decisions().stream()
                .filter(decision -> decision.getEventId().equals(eventId))
                .findFirst()
                .orElseThrow();
    }

    private LedgerState lastRow() {
        List<LedgerState> rows = herald.read(Topics.LEDGER_STATE, LedgerState.class);
        assertThat(herald.ledger().get(0).getTenant()).isEqualTo(TENANT);
        return rows.get(rows.size() - 1);
    }
}
