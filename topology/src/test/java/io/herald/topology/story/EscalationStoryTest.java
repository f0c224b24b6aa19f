package io.herald.topology.story;

import static io.herald.topology.story.Ledger.cancelled;
import static io.herald.topology.story.Ledger.routed;
import static io.herald.topology.story.Ledger.skipped;
import static io.herald.topology.story.Ledger.waiting;
import static io.herald.topology.testing.HeraldDriver.TENANT;
import static io.herald.topology.testing.HeraldDriver.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.Delivery;
import io.herald.schema.DigestRule;
import io.herald.schema.Frequency;
import io.herald.schema.InboxAct;
import io.herald.schema.Mail;
import io.herald.schema.Platform;
import io.herald.schema.Realtime;
import io.herald.schema.Reason;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.RuleChanged;
import io.herald.schema.SocketOutcome;
import io.herald.schema.SocketReported;
import io.herald.schema.Step;
import io.herald.schema.Tick;
import io.herald.schema.Unless;
import io.herald.topic.Topics;
import io.herald.topology.testing.HeraldDriver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In the inbox now; on the phone and by e-mail only if that was not enough. */
class EscalationStoryTest {
    private final HeraldDriver herald = new HeraldDriver("escalation");
    private final Ledger ledger = new Ledger(herald);

    @BeforeEach
    void setUp() {
        herald.template("task", Channel.INBOX, "A task", "{{text}}")
                .template("task", Channel.PUSH, "A task", "{{text}}")
                .template("task", Channel.EMAIL, "A task", "{{text}}")
                .device("ana", "phone", Platform.APNS, "token-1")
                .email("ana", "ana@example.org");
    }

    @AfterEach
    void close() {
        herald.close();
    }

    @Test
    void eachStepComesInItsTime() {
        steps();
        herald.event("e1", "task", "bo", "ana").advance(Duration.ofSeconds(110));
        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).isEmpty();
        herald.advance(Duration.ofSeconds(20));
        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).hasSize(1);
        herald.advance(Duration.ofHours(1));
        assertThat(herald.deliveries(Topics.DELIVERY_EMAIL)).hasSize(1);
        assertThat(ledger.of("e1", "ana", Channel.EMAIL)).containsExactly(waiting(Reason.STEP), routed());
    }

    @Test
    void whoReadsItIsLeftAlone() {
        steps();
        herald.event("e1", "task", "bo", "ana").acts("ana", InboxAct.READ, 1).advance(Duration.ofHours(2));

        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).isEmpty();
        assertThat(herald.deliveries(Topics.DELIVERY_EMAIL)).isEmpty();
        assertThat(ledger.of("e1", "ana", Channel.PUSH))
                .containsExactly(waiting(Reason.STEP), cancelled(Reason.READ_ELSEWHERE));
    }

    @Test
    void whoOnlySawItIsSparedTheMailAndNotThePush() {
        steps();
        herald.event("e1", "task", "bo", "ana").acts("ana", InboxAct.SEEN, 1).advance(Duration.ofHours(2));

        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).hasSize(1);
        assertThat(ledger.of("e1", "ana", Channel.EMAIL))
                .containsExactly(waiting(Reason.STEP), cancelled(Reason.SEEN_ELSEWHERE));
    }

    @Test
    void pushWaitsForWhoeverSitsAtTheScreen() {
        socketFirst();
        herald.connects("ana", "laptop", "gw-1").event("e1", "task", "bo", "ana");
        assertThat(herald.read(Topics.REALTIME, Realtime.class))
                .last()
                .extracting(Realtime::getAskGateways)
                .isEqualTo(List.of("gw-1"));
        assertThat(ledger.of("e1", "ana", Channel.PUSH)).containsExactly(waiting(Reason.ON_SOCKET));

        shown("e1", SocketOutcome.SHOWN).advance(Duration.ofSeconds(19));
        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).isEmpty();
        herald.advance(Duration.ofSeconds(2));
        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).as("nobody looked").hasSize(1);
    }

    @Test
    void whoLooksAtTheScreenGetsNoPush() {
        socketFirst();
        herald.connects("ana", "laptop", "gw-1").event("e1", "task", "bo", "ana");
        shown("e1", SocketOutcome.SHOWN).acts("ana", InboxAct.SEEN, 1).advance(Duration.ofMinutes(5));

        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).isEmpty();
        assertThat(ledger.of("e1", "ana", Channel.PUSH))
                .containsExactly(waiting(Reason.ON_SOCKET), cancelled(Reason.SEEN_ELSEWHERE));
    }

    @Test
    void aSocketThatIsGoneMeansPushAtOnce() {
        socketFirst();
        herald.connects("ana", "laptop", "gw-1").event("e1", "task", "bo", "ana");
        shown("e1", SocketOutcome.NO_SOCKET);

        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).hasSize(1);
    }

    @Test
    void aGatewayThatSaysNothingDoesNotKeepPushBack() {
        socketFirst();
        herald.connects("ana", "laptop", "gw-1")
                .event("e1", "task", "bo", "ana")
                .advance(Duration.ofSeconds(31));

        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).hasSize(1);
    }

    @Test
    void aGatewayThatIsAskedLateIsNotTakenForASilentOne() {
        socketFirst();
        herald.connects("ana", "laptop", "gw-1").event("e1", "task", "bo", "ana");
        Instant later = herald.now().plusSeconds(35);
        Mail behind = new Mail(null, later, new Tick(later, 0, 0, 500));
        herald.mail(null, herald.wire().value(Topics.MAILBOX, behind));
        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).isEmpty();

        shown("e1", SocketOutcome.SHOWN).acts("ana", InboxAct.SEEN, 1).advance(Duration.ofMinutes(5));
        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).isEmpty();
    }

    @Test
    void theMailComesWhenPushHasFailed() {
        herald.rule("task", rule -> rule.setChannels(List.of(Channel.INBOX))
                        .setFailover(List.of(Channel.PUSH, Channel.EMAIL)))
                .event("e1", "task", "bo", "ana");
        Delivery push = only(herald.deliveries(Topics.DELIVERY_APNS));
        assertThat(herald.deliveries(Topics.DELIVERY_EMAIL)).isEmpty();

        herald.reports(push, ReportedOutcome.ADDRESS_GONE, herald.now().plusSeconds(1), null);
        assertThat(herald.deliveries(Topics.DELIVERY_EMAIL)).hasSize(1);
        assertThat(ledger.of("e1", "ana", Channel.EMAIL)).containsExactly(waiting(Reason.FAILOVER), routed());
    }

    @Test
    void noMailIsNeededWhenPushArrived() {
        herald.rule("task", rule -> rule.setFailover(List.of(Channel.PUSH, Channel.EMAIL)))
                .event("e1", "task", "bo", "ana");
        herald.reports(only(herald.deliveries(Topics.DELIVERY_APNS)), ReportedOutcome.ACCEPTED);

        assertThat(ledger.of("e1", "ana", Channel.EMAIL))
                .containsExactly(waiting(Reason.FAILOVER), skipped(Reason.NOT_NEEDED));
    }

    @Test
    void theMailComesEvenWhenItIsTheFirstToBeTriedByThen() {
        pushBeforeMail("e1");
        herald.rule("task", rule -> rule.setFailover(List.of(Channel.EMAIL, Channel.PUSH)))
                .reports(only(herald.deliveries(Topics.DELIVERY_APNS)), ReportedOutcome.ADDRESS_GONE);

        assertThat(ledger.of("e1", "ana", Channel.EMAIL)).containsExactly(waiting(Reason.FAILOVER), routed());
    }

    @Test
    void norIsItNeededWhenItIsTheFirstToBeTriedByThen() {
        pushBeforeMail("e1");
        herald.rule("task", rule -> rule.setFailover(List.of(Channel.EMAIL, Channel.PUSH)))
                .reports(only(herald.deliveries(Topics.DELIVERY_APNS)), ReportedOutcome.ACCEPTED);

        assertThat(ledger.of("e1", "ana", Channel.EMAIL))
                .containsExactly(waiting(Reason.FAILOVER), skipped(Reason.NOT_NEEDED));
    }

    private void pushBeforeMail(String id) {
        herald.rule("task", rule -> rule.setFailover(List.of(Channel.PUSH, Channel.EMAIL)))
                .event(id, "task", "bo", "ana");
    }

    @Test
    void whatWaitedForASocketGoesIntoOneDigestWhenItIsGone() {
        socketFirst(rule -> rule.setDigest(DigestRule.newBuilder()
                .setChannels(List.of(Channel.PUSH))
                .setFrequency(Frequency.WINDOW)
                .setWindowMs(Duration.ofHours(1).toMillis())
                .build()));
        herald.connects("ana", "laptop", "gw-1")
                .event("e1", "task", "bo", "ana")
                .event("e2", "task", "bo", "ana");
        shown("e1", SocketOutcome.NO_SOCKET).advance(Duration.ofMinutes(61));

        assertThat(only(herald.deliveries(Topics.DELIVERY_APNS)).getDigestCount())
                .isEqualTo(2);
    }

    @Test
    void whoHasNoPhoneGetsTheMailAtOnce() {
        herald.rule("task", rule -> rule.setFailover(List.of(Channel.PUSH, Channel.EMAIL)))
                .email("bea", "bea@example.org")
                .event("e1", "task", "bo", "bea");

        assertThat(ledger.of("e1", "bea", Channel.PUSH)).containsExactly(skipped(Reason.NO_ADDRESS));
        assertThat(herald.deliveries(Topics.DELIVERY_EMAIL)).hasSize(1);
    }

    @Test
    void theMailComesWhenThePhoneIsGoneByTheTime() {
        herald.rule("task", rule -> rule.setFailover(List.of(Channel.PUSH, Channel.EMAIL)))
                .event("e1", "task", event -> event.setSendAt(herald.now().plus(Duration.ofHours(1))), "ana")
                .device("ana", "phone", Platform.APNS, null)
                .advance(Duration.ofMinutes(61));

        assertThat(ledger.of("e1", "ana", Channel.PUSH))
                .containsExactly(waiting(Reason.SEND_AT), skipped(Reason.NO_ADDRESS));
        assertThat(ledger.of("e1", "ana", Channel.EMAIL)).containsExactly(waiting(Reason.FAILOVER), routed());
    }

    @Test
    void theMailComesWhenThePhoneIsGoneBeforeTheRetry() {
        herald.rule("task", rule -> rule.setFailover(List.of(Channel.PUSH, Channel.EMAIL)))
                .event("e1", "task", "bo", "ana");
        herald.reports(only(herald.deliveries(Topics.DELIVERY_APNS)), ReportedOutcome.RETRY)
                .device("ana", "phone", Platform.APNS, null)
                .advance(Duration.ofMinutes(10));

        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).hasSize(1);
        assertThat(ledger.of("e1", "ana", Channel.EMAIL)).containsExactly(waiting(Reason.FAILOVER), routed());
    }

    @Test
    void noMailIsNeededWhenWhatIsPlannedGoesIntoADigest() {
        herald.rule("task", rule -> rule.setFailover(List.of(Channel.PUSH, Channel.EMAIL))
                        .setDigest(DigestRule.newBuilder()
                                .setChannels(List.of(Channel.PUSH))
                                .setFrequency(Frequency.WINDOW)
                                .build()))
                .event("e1", "task", event -> event.setSendAt(herald.now().plus(Duration.ofHours(1))), "ana")
                .advance(Duration.ofMinutes(61));

        assertThat(ledger.of("e1", "ana", Channel.EMAIL))
                .containsExactly(waiting(Reason.FAILOVER), skipped(Reason.NOT_NEEDED));
    }

    @Test
    void whatIsReadDisappearsFromThePhone() {
        herald.event("e1", "task", "bo", "ana").acts("ana", InboxAct.READ, 1).advance(Duration.ofSeconds(11));

        Delivery clear = herald.deliveries(Topics.DELIVERY_APNS).get(1);
        assertThat(clear.getSilent()).isTrue();
        assertThat(clear.getClearSeqs()).containsExactly(1L);
    }

    private void steps() {
        herald.rule("task", rule -> rule.setChannels(List.of(Channel.INBOX))
                .setSteps(List.of(
                        new Step(Channel.PUSH, Duration.ofMinutes(2).toMillis(), Unless.READ),
                        new Step(Channel.EMAIL, Duration.ofHours(1).toMillis(), Unless.SEEN))));
    }

    private void socketFirst() {
        socketFirst(rule -> {});
    }

    private void socketFirst(Consumer<RuleChanged.Builder> more) {
        herald.rule("task", rule -> {
            rule.setChannels(List.of(Channel.INBOX, Channel.PUSH))
                    .setAcknowledgeWithinMs(Duration.ofSeconds(20).toMillis());
            more.accept(rule);
        });
    }

    private HeraldDriver shown(String eventId, SocketOutcome outcome) {
        String notification = herald.ledger().get(0).getNotificationId();
        assertThat(ledger.of(eventId, "ana", Channel.PUSH)).isNotEmpty();
        return herald.send(Topics.SOCKET_REPORTED, new SocketReported(TENANT, "ana", notification, "gw-1", outcome));
    }
}
