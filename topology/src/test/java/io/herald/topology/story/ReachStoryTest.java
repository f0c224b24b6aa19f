package io.herald.topology.story;

import static io.herald.topology.story.Ledger.routed;
import static io.herald.topology.testing.HeraldDriver.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.ContactKind;
import io.herald.schema.Delivery;
import io.herald.schema.InboxAct;
import io.herald.schema.Platform;
import io.herald.schema.QuietWindow;
import io.herald.schema.ReportedOutcome;
import io.herald.topic.Topics;
import io.herald.topology.testing.HeraldDriver;
import io.herald.topology.testing.WebPush;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody with a browser, a number, a webhook and two chats: each by its own sender. */
class ReachStoryTest {
    private static final String SUBSCRIPTION = WebPush.subscription("https://push.example.org/1");

    private final HeraldDriver herald = new HeraldDriver("reach");
    private final Ledger ledger = new Ledger(herald);

    @BeforeEach
    void setUp() {
        for (Channel channel : Channel.values()) {
            herald.template("order", channel, "Order", "{{text}}");
        }
        herald.device("ana", "browser", Platform.WEBPUSH, SUBSCRIPTION)
                .contact("ana", ContactKind.SMS, "+4917012345678")
                .contact("ana", ContactKind.WEBHOOK, "https://example.org/in")
                .contact("ana", ContactKind.SLACK, "https://slack.example.org/in")
                .contact("ana", ContactKind.TEAMS, "https://teams.example.org/in");
    }

    @AfterEach
    void close() {
        herald.close();
    }

    @Test
    void eachSenderGetsWhatItCanSend() {
        herald.event("e1", "order", "bo", "ana");

        Delivery push = only(herald.deliveries(Topics.DELIVERY_WEBPUSH));
        assertThat(push.getAddress()).isEqualTo(SUBSCRIPTION);
        assertThat(push.getApp()).as("the key that it is pushed with").isEqualTo("com.acme.app");
        Delivery sms = only(herald.deliveries(Topics.DELIVERY_SMS));
        assertThat(sms.getAddress()).isEqualTo("+4917012345678");
        assertThat(sms.getAddressId()).doesNotContain("4917012345678");
        assertThat(sms.getHtml()).isNull();
        assertThat(herald.deliveries(Topics.DELIVERY_WEBHOOK))
                .extracting(Delivery::getApp)
                .containsExactly("WEBHOOK", "SLACK", "TEAMS");
        assertThat(ledger.of("e1", "ana", Channel.WEBHOOK)).containsExactly(routed(), routed(), routed());
    }

    @Test
    void whatWasReadIsTakenOffTheBrowserAndOffNothingElse() {
        herald.event("e1", "order", "bo", "ana");
        herald.reports(only(herald.deliveries(Topics.DELIVERY_WEBPUSH)), ReportedOutcome.ACCEPTED);
        herald.acts("ana", InboxAct.READ, 1).advance(Duration.ofMinutes(1));

        assertThat(herald.deliveries(Topics.DELIVERY_WEBPUSH))
                .extracting(Delivery::getSilent)
                .containsExactly(false, true);
        assertThat(herald.deliveries(Topics.DELIVERY_WEBPUSH).get(1).getClearSeqs())
                .containsExactly(1L);
        assertThat(herald.deliveries(Topics.DELIVERY_SMS)).hasSize(1);
        assertThat(herald.deliveries(Topics.DELIVERY_WEBHOOK)).hasSize(3);
    }

    @Test
    void aNumberMayBeQuietWhileAChatIsNot() {
        herald.prefers(
                "ana",
                settings -> settings.setQuietHours(List.of(QuietWindow.newBuilder()
                        .setDays(List.of())
                        .setStartMinute(0)
                        .setEndMinute(0)
                        .setChannels(List.of(Channel.SMS))
                        .build())));
        herald.event("e1", "order", "bo", "ana");

        assertThat(herald.deliveries(Topics.DELIVERY_SMS)).isEmpty();
        assertThat(herald.deliveries(Topics.DELIVERY_WEBHOOK)).hasSize(3);
    }
}
