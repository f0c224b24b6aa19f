package io.herald.topology.story;

import static io.herald.topology.story.Ledger.routed;
import static io.herald.topology.story.Ledger.skipped;
import static io.herald.topology.story.Ledger.waiting;
import static io.herald.topology.testing.HeraldDriver.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryState;
import io.herald.schema.Gate;
import io.herald.schema.InboxItem;
import io.herald.schema.OptOut;
import io.herald.schema.Platform;
import io.herald.schema.QuietBehaviour;
import io.herald.schema.QuietWindow;
import io.herald.schema.Reason;
import io.herald.schema.ReportedOutcome;
import io.herald.topic.Topics;
import io.herald.topology.testing.HeraldDriver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** It is eleven in the evening in Berlin, and Ana sleeps from ten to seven. */
class QuietHoursStoryTest {
    private static final Instant ELEVEN = Instant.parse("2026-03-02T22:00:00Z");

    private final HeraldDriver herald = new HeraldDriver("quiet", 1_000, ELEVEN);
    private final Ledger ledger = new Ledger(herald);

    @BeforeEach
    void setUp() {
        herald.template("comment", Channel.INBOX, "{{actor}} wrote", "{{text}}")
                .template("comment", Channel.PUSH, "{{actor}} wrote", "{{text}}")
                .device("ana", "phone", Platform.APNS, "token-1")
                .prefers("ana", change -> change.setZone("Europe/Berlin")
                        .setQuietHours(List.of(window(22 * 60, 7 * 60))));
    }

    @AfterEach
    void close() {
        herald.close();
    }

    @Test
    void pushWaitsForTheMorningAndTheInboxDoesNot() {
        herald.event("e1", "comment", "bo", "ana");
        assertThat(herald.read(Topics.INBOX_ITEM, InboxItem.class)).hasSize(1);
        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).isEmpty();

        herald.advance(Duration.ofHours(8).minusMinutes(1));
        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).isEmpty();
        herald.advance(Duration.ofMinutes(2));
        assertThat(only(herald.deliveries(Topics.DELIVERY_APNS)).getSeq()).isEqualTo(1);
        assertThat(ledger.of("e1", "ana", Channel.PUSH)).containsExactly(waiting(Reason.QUIET_HOURS), routed());
    }

    @Test
    void anOptOutInTheNightWins() {
        herald.event("e1", "comment", "bo", "ana")
                .prefers(
                        "ana",
                        change -> change.setOptOuts(List.of(new OptOut("comment", Channel.PUSH, true, null, null))))
                .advance(Duration.ofHours(9));

        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).isEmpty();
        assertThat(ledger.of("e1", "ana", Channel.PUSH))
                .containsExactly(waiting(Reason.QUIET_HOURS), skipped(Reason.CATEGORY_OPTED_OUT));
    }

    @Test
    void whatExpiresInTheNightIsNotSentInTheMorning() {
        herald.event("e1", "comment", event -> event.setExpiresAt(ELEVEN.plus(Duration.ofHours(2))), "ana")
                .advance(Duration.ofHours(9));

        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).isEmpty();
        assertThat(ledger.of("e1", "ana", Channel.PUSH))
                .containsExactly(
                        waiting(Reason.QUIET_HOURS), new Ledger.Said(DeliveryState.EXPIRED, Reason.PAST_EXPIRY));
    }

    @Test
    void aRuleMayDropInsteadOfHolding() {
        herald.rule("comment", rule -> rule.setQuietHours(QuietBehaviour.DROP)).event("e1", "comment", "bo", "ana");

        assertThat(ledger.of("e1", "ana", Channel.PUSH)).containsExactly(skipped(Reason.QUIET_HOURS));
    }

    @Test
    void aCriticalCategoryPassesQuietHoursAndNothingElse() {
        herald.rule("comment", rule -> rule.setPasses(List.of(Gate.QUIET_HOURS)))
                .event("e1", "comment", "bo", "ana")
                .prefers("ana", change -> change.setOptOuts(List.of(new OptOut("comment", null, true, null, null))))
                .event("e2", "comment", "bo", "ana");

        assertThat(only(herald.deliveries(Topics.DELIVERY_APNS)).getValidUntil())
                .isEqualTo(ELEVEN.plusSeconds(60));
        assertThat(ledger.of("e2", "ana", Channel.PUSH)).containsExactly(skipped(Reason.CATEGORY_OPTED_OUT));
    }

    @Test
    void whoFliesToTokyoGetsItAtOnce() {
        herald.event("e1", "comment", "bo", "ana")
                .prefers("ana", change -> change.setZone("Asia/Tokyo"))
                .advance(Duration.ofSeconds(1));

        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).hasSize(1);
    }

    @Test
    void doNotDisturbHoldsWhateverTheHour() {
        herald.prefers("ana", change -> change.setQuietHours(List.of())
                        .setDoNotDisturbUntil(ELEVEN.plus(Duration.ofHours(1))))
                .event("e1", "comment", "bo", "ana");
        assertThat(ledger.of("e1", "ana", Channel.PUSH)).containsExactly(waiting(Reason.DO_NOT_DISTURB));

        herald.advance(Duration.ofMinutes(61));
        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).hasSize(1);
    }

    @Test
    void aDecisionIsGoodUntilTheNightBeginsAndNoLonger() {
        herald.prefers("ana", change -> change.setQuietHours(List.of(window(23 * 60, 7 * 60))))
                .advance(Duration.ofHours(24).minusSeconds(10))
                .event("e1", "comment", "bo", "ana");

        // Decided ten seconds before eleven; the sender asks again past it, and the router lets it wait.
        Delivery push = only(herald.deliveries(Topics.DELIVERY_APNS));
        assertThat(push.getValidUntil()).isEqualTo(ELEVEN.plus(Duration.ofDays(1)));
        herald.advance(Duration.ofSeconds(11)).reports(push, ReportedOutcome.STALE);
        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).hasSize(1);
        herald.advance(Duration.ofHours(9));
        assertThat(herald.deliveries(Topics.DELIVERY_APNS)).hasSize(2);
    }

    private static QuietWindow window(int start, int end) {
        return new QuietWindow(List.of(), start, end, List.of());
    }
}
