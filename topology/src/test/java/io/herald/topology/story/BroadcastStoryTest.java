package io.herald.topology.story;

import static io.herald.topology.story.Ledger.cancelled;
import static io.herald.topology.testing.HeraldDriver.TENANT;
import static io.herald.topology.testing.HeraldDriver.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Attribute;
import io.herald.schema.AttributeFilter;
import io.herald.schema.BroadcastAction;
import io.herald.schema.BroadcastControlled;
import io.herald.schema.BroadcastRequested;
import io.herald.schema.BroadcastState;
import io.herald.schema.Channel;
import io.herald.schema.DeadLetter;
import io.herald.schema.Delivery;
import io.herald.schema.LedgerEntry;
import io.herald.schema.Mail;
import io.herald.schema.OptOut;
import io.herald.schema.Platform;
import io.herald.schema.Reason;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Tick;
import io.herald.schema.Transition;
import io.herald.topic.Topics;
import io.herald.topology.testing.HeraldDriver;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One event for many. */
class BroadcastStoryTest {
    private static final int USERS = 60;

    private final HeraldDriver herald = new HeraldDriver("broadcast");
    private final Ledger ledger = new Ledger(herald);

    @BeforeEach
    void setUp() {
        herald.template("news", Channel.PUSH, "News", "{{text}}");
        IntStream.range(0, USERS).forEach(user -> herald.device("u" + user, "phone", Platform.APNS, "token-" + user));
    }

    @AfterEach
    void close() {
        herald.close();
    }

    @Test
    void everyoneGetsItOnce() {
        herald.broadcast("b1", "news", terms -> {}).advance(Duration.ofSeconds(5));

        assertThat(herald.deliveries(Topics.DELIVERY_APNS_BULK))
                .extracting(Delivery::getUser)
                .doesNotHaveDuplicates()
                .hasSize(USERS);
        BroadcastState state = last();
        assertThat(state.getPhase()).isEqualTo("DONE");
        assertThat(state.getNotified()).isEqualTo(USERS);
    }

    @Test
    void theSameBroadcastAgainIsNone() {
        herald.broadcast("b1", "news", terms -> {})
                .broadcast("b1", "news", terms -> {})
                .advance(Duration.ofSeconds(5));

        assertThat(herald.deliveries(Topics.DELIVERY_APNS_BULK)).hasSize(USERS);
    }

    @Test
    void aSmallOneDoesNotWaitBehindALargeOne() {
        IntStream.range(USERS, 500).forEach(user -> herald.device("u" + user, "phone", Platform.APNS, "token-" + user));
        herald.subscribes("u7", "sports")
                .broadcast("a-large", "news", terms -> {})
                .broadcast("b-small", "news", terms -> terms.setTopic("sports"))
                .advance(Duration.ofMillis(250));

        List<Delivery> first = herald.deliveries(Topics.DELIVERY_APNS_BULK);
        assertThat(first).hasSizeLessThan(500);
        assertThat(first)
                .filteredOn(delivery -> delivery.getUser().equals("u7"))
                .isNotEmpty();
        assertThat(first.stream().filter(delivery -> "sports".equals(delivery.getTopic())))
                .hasSize(1);
    }

    @Test
    void anotherBroadcastOfTheSameIdIsRefusedAndToldSo() {
        herald.broadcast("b1", "news", terms -> {})
                .broadcast("b1", "news", terms -> terms.setTopic("sports"))
                .advance(Duration.ofSeconds(5));

        assertThat(herald.deliveries(Topics.DELIVERY_APNS_BULK)).hasSize(USERS);
        DeadLetter letter = only(herald.deadLetters());
        assertThat(letter.getReason()).isEqualTo(Reason.ID_REUSED);
        assertThat(letter.getField()).isEqualTo("id");
    }

    @Test
    void aTopicReachesWhoSubscribesToItOrAboveItOnce() {
        herald.subscribes("u1", "sports")
                .subscribes("u2", "sports/football/arsenal")
                .subscribes("u2", "sports")
                .subscribes("u3", "sports/tennis")
                .subscribes("u4", "sports/football")
                .broadcast("b1", "news", terms -> terms.setTopic("sports/football/arsenal"))
                .advance(Duration.ofSeconds(5));

        assertThat(herald.deliveries(Topics.DELIVERY_APNS_BULK))
                .extracting(Delivery::getUser)
                .containsExactlyInAnyOrder("u1", "u2", "u4");
    }

    @Test
    void whoMutedTheTopicIsSpared() {
        herald.subscribes("u1", "sports")
                .subscribes("u2", "sports")
                .prefers(
                        "u1",
                        change -> change.setOptOuts(List.of(new OptOut(null, null, true, "sports/football", null))))
                .broadcast("b1", "news", terms -> terms.setTopic("sports/football"))
                .advance(Duration.ofSeconds(5));

        assertThat(only(herald.deliveries(Topics.DELIVERY_APNS_BULK)).getUser()).isEqualTo("u2");
        assertThat(ledger.of("b1", "u1", Channel.PUSH)).containsExactly(Ledger.skipped(Reason.TOPIC_OPTED_OUT));
    }

    @Test
    void aFilterAsksForAttributes() {
        herald.prefers("u7", change -> change.setAttributes(List.of(new Attribute("plan", "pro"))))
                .prefers("u8", change -> change.setAttributes(List.of(new Attribute("plan", "free"))))
                .broadcast(
                        "b1", "news", terms -> terms.setFilters(List.of(new AttributeFilter("plan", List.of("pro")))))
                .advance(Duration.ofSeconds(5));

        assertThat(only(herald.deliveries(Topics.DELIVERY_APNS_BULK)).getUser()).isEqualTo("u7");
    }

    @Test
    void spreadOverAnHourHalfAreReachedAfterHalfOfIt() {
        herald.broadcast(
                        "b1",
                        "news",
                        terms -> terms.setSpreadOverMs(Duration.ofHours(1).toMillis()))
                .advance(Duration.ofMinutes(30));
        assertThat(herald.deliveries(Topics.DELIVERY_APNS_BULK)).hasSizeBetween(USERS / 4, USERS * 3 / 4);
        herald.advance(Duration.ofMinutes(31));
        assertThat(herald.deliveries(Topics.DELIVERY_APNS_BULK)).hasSize(USERS);
    }

    @Test
    void pausedItStandsAndResumedItGoesOn() {
        herald.broadcast(
                        "b1",
                        "news",
                        terms -> terms.setSpreadOverMs(Duration.ofHours(1).toMillis()))
                .advance(Duration.ofMinutes(20));
        control(BroadcastAction.PAUSE);
        int reached = herald.deliveries(Topics.DELIVERY_APNS_BULK).size();
        herald.advance(Duration.ofHours(3));
        assertThat(herald.deliveries(Topics.DELIVERY_APNS_BULK)).hasSize(reached);
        control(BroadcastAction.RESUME);
        herald.advance(Duration.ofSeconds(5));
        assertThat(herald.deliveries(Topics.DELIVERY_APNS_BULK).size())
                .as("the pause is no part of the hour")
                .isLessThan(USERS);
        herald.advance(Duration.ofMinutes(45));
        assertThat(herald.deliveries(Topics.DELIVERY_APNS_BULK)).hasSize(USERS);
    }

    @Test
    void cancelledItDoesNotGoToThoseForWhomItWaitsForATemplate() {
        herald.broadcast("b1", "offer", terms -> {}).advance(Duration.ofSeconds(2));
        control(BroadcastAction.CANCEL);
        herald.template("offer", Channel.PUSH, "An offer", "{{text}}").advance(Duration.ofMinutes(2));

        assertThat(herald.deliveries(Topics.DELIVERY_APNS_BULK)).isEmpty();
        assertThat(ledger.of("b1", "u7", Channel.PUSH)).containsExactly(cancelled(Reason.BROADCAST_CANCELLED));
    }

    @Test
    void cancelledItGoesNoFurther() {
        herald.broadcast(
                        "b1",
                        "news",
                        terms -> terms.setSpreadOverMs(Duration.ofHours(1).toMillis()))
                .advance(Duration.ofMinutes(20));
        control(BroadcastAction.CANCEL);
        int reached = herald.deliveries(Topics.DELIVERY_APNS_BULK).size();
        herald.advance(Duration.ofHours(3));

        assertThat(herald.deliveries(Topics.DELIVERY_APNS_BULK)).hasSize(reached);
        assertThat(last().getPhase()).isEqualTo("CANCELLED");
    }

    @Test
    void cancelledItIsNotHandedOutAgain() {
        herald.broadcast("b1", "news", terms -> {}).advance(Duration.ofSeconds(5));
        Delivery waited = herald.deliveries(Topics.DELIVERY_APNS_BULK).get(0);
        control(BroadcastAction.CANCEL);
        herald.reports(waited, ReportedOutcome.STALE);

        assertThat(herald.deliveries(Topics.DELIVERY_APNS_BULK)).hasSize(USERS);
        assertThat(herald.ledger())
                .extracting(LedgerEntry::getBody)
                .filteredOn(Transition.class::isInstance)
                .extracting(body -> ((Transition) body).getReason())
                .containsExactly(Reason.BROADCAST_CANCELLED);
    }

    @Test
    void whoSubscribesToSomethingNearerWhileItIsWalkedIsNotLeftOut() {
        String ana = "ana";
        String neighbour = neighbourOf(ana);
        herald.device(ana, "phone", Platform.APNS, "token-ana")
                .device(neighbour, "phone", Platform.APNS, "token-neighbour")
                .subscribes(ana, "sports")
                .subscribes(neighbour, "sports/football")
                .broadcast("b1", "news", terms -> terms.setTopic("sports/football"));
        tick(1);
        assertThat(only(herald.deliveries(Topics.DELIVERY_APNS_BULK)).getUser()).isEqualTo(neighbour);

        herald.subscribes(ana, "sports/football")
                .subscribes(neighbour, "sports")
                .advance(Duration.ofSeconds(5));
        assertThat(herald.deliveries(Topics.DELIVERY_APNS_BULK))
                .extracting(Delivery::getUser)
                .containsExactly(neighbour, ana);
    }

    @Test
    void usersOfOtherTenantsAreLookedAtAFewAtATime() {
        IntStream.range(0, 2_000).forEach(user -> herald.named("other" + user, "Nobody"));
        herald.send(
                Topics.BROADCAST_REQUESTED,
                BroadcastRequested.newBuilder()
                        .setTenant("tiny")
                        .setSource("shop")
                        .setId("b1")
                        .setCategory("news")
                        .build());
        tick(1);
        assertThat(last().getPhase()).isEqualTo("RUNNING");
        tick(1);
        assertThat(last().getPhase()).isEqualTo("DONE");
    }

    // Behind them in the same shard.
    private static String neighbourOf(String user) {
        int shard = new UserKey(TENANT, user).shard();
        return IntStream.iterate(0, number -> number + 1)
                .mapToObj(number -> "neighbour" + number)
                .filter(other -> new UserKey(TENANT, other).shard() == shard)
                .findFirst()
                .orElseThrow();
    }

    private void tick(int credit) {
        Mail tick = new Mail(null, herald.now(), new Tick(herald.now(), 0, credit, credit));
        herald.mail(null, herald.wire().value(Topics.MAILBOX, tick));
    }

    private void control(BroadcastAction action) {
        herald.send(Topics.BROADCAST_CONTROLLED, new BroadcastControlled(TENANT, "shop", "b1", action));
    }

    private BroadcastState last() {
        List<BroadcastState> states = herald.read(Topics.BROADCAST_STATE, BroadcastState.class);
        return states.get(states.size() - 1);
    }
}
