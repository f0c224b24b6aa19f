package io.herald.topology.story;

import static io.herald.topology.story.Ledger.routed;
import static io.herald.topology.story.Ledger.skipped;
import static io.herald.topology.testing.HeraldDriver.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Cap;
import io.herald.schema.Channel;
import io.herald.schema.DeadLetter;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryState;
import io.herald.schema.DigestPreference;
import io.herald.schema.DigestRule;
import io.herald.schema.Frequency;
import io.herald.schema.InboxItem;
import io.herald.schema.Mail;
import io.herald.schema.Notification;
import io.herald.schema.OptOut;
import io.herald.schema.Overflow;
import io.herald.schema.Reason;
import io.herald.topic.Topics;
import io.herald.topology.testing.HeraldDriver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Likes: each in the inbox, and by e-mail together. */
class DigestStoryTest {
    private final HeraldDriver herald = new HeraldDriver("digest");
    private final Ledger ledger = new Ledger(herald);

    @BeforeEach
    void setUp() {
        herald.template("like", Channel.INBOX, "{{actor}} likes it", "{{text}}")
                .template(
                        "like",
                        Channel.EMAIL,
                        "{{#digest}}{{count}} likes{{/digest}}{{^digest}}A like{{/digest}}",
                        "{{#digest}}{{#items}}{{text}};{{/items}}{{/digest}}{{^digest}}{{text}}{{/digest}}")
                .email("ana", "ana@example.org");
    }

    @AfterEach
    void close() {
        herald.close();
    }

    @Test
    void threeOfAnHourAreOneMail() {
        herald.rule("like", rule -> rule.setDigest(hourly(false)));
        likes("e1", "one", "post-1").advance(Duration.ofMinutes(10));
        likes("e2", "two", "post-1").advance(Duration.ofMinutes(10));
        likes("e3", "three", "post-1").advance(Duration.ofMinutes(39));
        assertThat(herald.deliveries(Topics.DELIVERY_EMAIL)).isEmpty();

        herald.advance(Duration.ofMinutes(2));
        Delivery mail = only(herald.deliveries(Topics.DELIVERY_EMAIL));
        assertThat(mail.getTitle()).isEqualTo("3 likes");
        assertThat(mail.getBody()).isEqualTo("one;two;three;");
        assertThat(mail.getDigestCount()).isEqualTo(3);
        assertThat(herald.read(Topics.INBOX_ITEM, InboxItem.class)).hasSize(3);
        assertThat(ledger.of("e2", "ana", Channel.EMAIL)).containsExactly(skipped(Reason.DIGESTED));
        assertThat(ledger.of(mail.getNotificationId(), "ana", Channel.EMAIL)).containsExactly(routed());
    }

    @Test
    void eachPostHasADigestOfItsOwn() {
        herald.rule(
                "like",
                rule -> rule.setDigest(DigestRule.newBuilder(hourly(false))
                        .setBy(List.of("post"))
                        .build()));
        likes("e1", "one", "post-1");
        likes("e2", "two", "post-2");
        likes("e3", "three", "post-1").advance(Duration.ofMinutes(61));

        assertThat(herald.deliveries(Topics.DELIVERY_EMAIL))
                .extracting(Delivery::getTitle)
                .containsExactlyInAnyOrder("2 likes", "1 likes");
    }

    @Test
    void theFirstIsSentAtOnceAndTheRestTogether() {
        herald.rule("like", rule -> rule.setDigest(hourly(true)));
        likes("e1", "one", "post-1");
        assertThat(only(herald.deliveries(Topics.DELIVERY_EMAIL)).getTitle()).isEqualTo("A like");
        likes("e2", "two", "post-1");
        likes("e3", "three", "post-1").advance(Duration.ofMinutes(61));
        assertThat(herald.deliveries(Topics.DELIVERY_EMAIL))
                .extracting(Delivery::getTitle)
                .containsExactly("A like", "2 likes");

        likes("e4", "four", "post-1").advance(Duration.ofMinutes(61));
        assertThat(herald.deliveries(Topics.DELIVERY_EMAIL))
                .as("nothing came after it, so there is no digest of nothing")
                .hasSize(3);
    }

    @Test
    void whoWantsThemAtEightInTheMorningGetsThemThen() {
        herald.rule("like", rule -> rule.setDigest(hourly(false)))
                .prefers("ana", change -> change.setZone("Asia/Kathmandu")
                        .setDigests(List.of(new DigestPreference("like", Frequency.DAILY, 8 * 60, null))));
        // It is a quarter to four in the afternoon there.
        likes("e1", "one", "post-1").advance(Duration.ofHours(16));
        assertThat(herald.deliveries(Topics.DELIVERY_EMAIL)).isEmpty();
        herald.advance(Duration.ofMinutes(16));
        assertThat(herald.deliveries(Topics.DELIVERY_EMAIL)).hasSize(1);
    }

    @Test
    void oneThatIsTakenBackLeavesTheDigest() {
        herald.rule("like", rule -> rule.setDigest(hourly(false)));
        likes("e1", "one", "post-1");
        likes("e2", "two", "post-1");
        herald.cancels("e1", "ana").advance(Duration.ofMinutes(61));

        Delivery mail = only(herald.deliveries(Topics.DELIVERY_EMAIL));
        assertThat(mail.getBody()).isEqualTo("two;");
        assertThat(mail.getDigestCount()).isEqualTo(1);
        assertThat(ledger.reasons("e1")).containsExactly(Reason.CANCELLED_BY_SOURCE);
    }

    @Test
    void anOptOutWinsOverADigestThatWaits() {
        herald.rule("like", rule -> rule.setDigest(hourly(false)));
        likes("e1", "one", "post-1")
                .prefers(
                        "ana",
                        change -> change.setOptOuts(List.of(new OptOut("like", Channel.EMAIL, true, null, null))))
                .advance(Duration.ofMinutes(61));

        assertThat(herald.deliveries(Topics.DELIVERY_EMAIL)).isEmpty();
    }

    @Test
    void whoMutedAThreadIsNotShownItInADigest() {
        herald.rule("like", rule -> rule.setDigest(hourly(false)));
        herald.event("e1", "like", event -> event.setObject("photo-1"), "ana")
                .event("e2", "like", event -> event.setObject("photo-2"), "ana")
                .prefers("ana", change -> change.setOptOuts(List.of(new OptOut(null, null, true, null, "photo-1"))))
                .advance(Duration.ofMinutes(61));

        assertThat(only(herald.deliveries(Topics.DELIVERY_EMAIL)).getDigestCount())
                .isEqualTo(1);
        assertThat(ledger.reasons("e1")).containsExactly(Reason.MUTED);
    }

    @Test
    void whatLeavesOneOfTwoDigestsSaysWhich() {
        herald.rule(
                "like",
                rule -> rule.setDigest(DigestRule.newBuilder(hourly(false))
                        .setChannels(List.of(Channel.INBOX, Channel.EMAIL))
                        .build()));
        likes("e1", "one", "post-1")
                .prefers(
                        "ana",
                        change -> change.setOptOuts(List.of(new OptOut("like", Channel.EMAIL, true, null, null))))
                .advance(Duration.ofMinutes(61));

        assertThat(herald.read(Topics.INBOX_ITEM, InboxItem.class)).hasSize(1);
        assertThat(ledger.reasons("e1")).containsExactly(Reason.CATEGORY_OPTED_OUT);
        assertThat(ledger.left("e1", "ana")).isEqualTo(ledger.digest("e1", "ana", Channel.EMAIL));
    }

    @Test
    void whatIsAboveACapIsDropped() {
        herald.rule("like", rule -> rule.setCaps(List.of(cap(Overflow.DROP))));
        likes("e1", "one", "post-1");
        likes("e2", "two", "post-1");
        likes("e3", "three", "post-1");

        assertThat(herald.deliveries(Topics.DELIVERY_EMAIL)).hasSize(2);
        assertThat(ledger.of("e3", "ana", Channel.EMAIL)).containsExactly(skipped(Reason.CAPPED));
        herald.advance(Duration.ofHours(1));
        likes("e4", "four", "post-1");
        assertThat(herald.deliveries(Topics.DELIVERY_EMAIL)).hasSize(3);
    }

    @Test
    void whatIsAboveACapIsDigestedIfTheRuleSaysSo() {
        herald.rule("like", rule -> rule.setCaps(List.of(cap(Overflow.DIGEST)))
                .setDigest(DigestRule.newBuilder(hourly(false))
                        .setFrequency(Frequency.IMMEDIATE)
                        .setWindowMs(Duration.ofHours(2).toMillis())
                        .build()));
        for (int like = 1; like <= 5; like++) {
            likes("e" + like, "like " + like, "post-1");
        }
        assertThat(herald.deliveries(Topics.DELIVERY_EMAIL)).hasSize(2);
        herald.advance(Duration.ofMinutes(121));
        assertThat(herald.deliveries(Topics.DELIVERY_EMAIL).get(2).getTitle()).isEqualTo("3 likes");
    }

    @Test
    void oneThatCannotBeWrittenIsDeadAndCanBePutBack() {
        herald.template(
                        "wall",
                        Channel.EMAIL,
                        "Wall",
                        "{{#digest.items}}{{text}}{{text}}{{text}}{{text}}{{/digest.items}}")
                .rule("wall", rule -> rule.setDigest(hourly(false)));
        IntStream.range(0, 30).forEach(number -> event("wall", "e" + number, Map.of("text", "x".repeat(4_000))));
        String digest = ledger.digest("e1", "ana", Channel.EMAIL);
        herald.advance(Duration.ofMinutes(61));

        assertThat(ledger.of(digest, "ana", Channel.EMAIL))
                .containsExactly(new Ledger.Said(DeliveryState.DEAD, Reason.CONTENT_TOO_LARGE));
        DeadLetter letter = only(herald.deadLetters());
        assertThat(letter.getNotificationId()).isEqualTo(digest);
        Notification lost = (Notification) herald.wire()
                .read(Topics.MAILBOX, Mail.class, letter.getValue().array())
                .getBody();
        assertThat(lost.getDigest().getCount()).isEqualTo(30);
    }

    @Test
    void whatHasMuchToSayIsCountedWhereThereIsNoMoreRoomForIt() {
        herald.rule("like", rule -> rule.setDigest(hourly(false)));
        Map<String, String> much = IntStream.range(0, 15)
                .boxed()
                .collect(Collectors.toMap(number -> "value" + number, number -> "x".repeat(4_000)));
        IntStream.range(0, 30).forEach(number -> event("like", "e" + number, much));
        assertThat(ledger.of("e29", "ana", Channel.EMAIL)).containsExactly(skipped(Reason.DIGESTED));

        herald.advance(Duration.ofMinutes(61));
        assertThat(only(herald.deliveries(Topics.DELIVERY_EMAIL)).getTitle()).isEqualTo("30 likes");
    }

    @Test
    void aMailOfManyPutsNothingInTheInboxAway() {
        herald.rule("like", rule -> rule.setDigest(hourly(false)).setCollapseBy(List.of("post")));
        likes("e1", "one", "post-1").advance(Duration.ofMinutes(1));
        likes("e2", "two", "post-1");
        int replaced = herald.raw(Topics.INBOX_MARK).size();
        herald.advance(Duration.ofMinutes(61));

        assertThat(herald.deliveries(Topics.DELIVERY_EMAIL)).hasSize(1);
        assertThat(herald.raw(Topics.INBOX_MARK)).hasSize(replaced);
    }

    private HeraldDriver likes(String id, String text, String post) {
        return herald.event(id, "like", event -> event.setData(Map.of("text", text, "post", post)), "ana");
    }

    private HeraldDriver event(String category, String id, Map<String, String> data) {
        return herald.event(id, category, event -> event.setData(data), "ana");
    }

    private static DigestRule hourly(boolean sendFirst) {
        return DigestRule.newBuilder()
                .setChannels(List.of(Channel.EMAIL))
                .setFrequency(Frequency.WINDOW)
                .setWindowMs(Duration.ofHours(1).toMillis())
                .setSendFirst(sendFirst)
                .build();
    }

    private static Cap cap(Overflow overflow) {
        return Cap.newBuilder()
                .setChannel(Channel.EMAIL)
                .setMost(2)
                .setWindowMs(Duration.ofHours(1).toMillis())
                .setOverflow(overflow)
                .build();
    }
}
