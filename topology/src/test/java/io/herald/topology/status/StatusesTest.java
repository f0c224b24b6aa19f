package io.herald.topology.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.herald.schema.Channel;
import io.herald.schema.ChannelVerdict;
import io.herald.schema.Decision;
import io.herald.schema.DeliveryState;
import io.herald.schema.LedgerEntry;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Reason;
import io.herald.schema.Receipt;
import io.herald.schema.Route;
import io.herald.schema.Transition;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusesTest {
    private static final Instant TEN = Instant.parse("2026-03-02T10:00:00Z");
    private static final Subject ORDER = new Subject("shop", "order", "order/4711");

    @ParameterizedTest(name = "{0}, late: {1}, receipt: {2} tells {3}")
    @CsvSource(nullValues = "-", textBlock = """
            ROUTED,    false, -,           -
            WAITING,   false, -,           -
            ACCEPTED,  false, -,           ACCEPTED
            SKIPPED,   false, -,           SKIPPED
            DEAD,      false, -,           DEAD
            EXPIRED,   false, -,           EXPIRED
            CANCELLED, false, -,           CANCELLED
            ACCEPTED,  true,  -,           -
            DEAD,      true,  -,           -
            ACCEPTED,  true,  DELIVERED,   DELIVERED
            ACCEPTED,  true,  UNDELIVERED, UNDELIVERED
            ACCEPTED,  true,  BOUNCED,     BOUNCED
            ACCEPTED,  true,  COMPLAINED,  COMPLAINED
            ACCEPTED,  true,  DELAYED,     -
            ACCEPTED,  true,  OTHER,       -
            """)
    void endsAndWhatIsFinalIsTold(DeliveryState state, boolean late, Receipt receipt, String told) {
        assertThat(Statuses.of(transition("d1", state, late, receipt), ORDER))
                .extracting(status -> status.getData().get("state"))
                .isEqualTo(told == null ? List.of() : List.of(told));
    }

    @Test
    void aStatusIsAnEventOfHeraldToTheSource() {
        NotificationRequested status = only(transition("d1", DeliveryState.DEAD, false, null));
        assertThat(status.getTenant()).isEqualTo("acme");
        assertThat(status.getSource()).isEqualTo("herald");
        assertThat(status.getCategory()).isEqualTo("herald.delivery-status");
        assertThat(status.getRecipients()).containsExactly("status/shop");
        assertThat(status.getObject()).isEqualTo("order/4711");
        assertThat(status.getData())
                .containsEntry("notificationId", "n1")
                .containsEntry("deliveryId", "d1")
                .containsEntry("eventId", "order/4711")
                .containsEntry("category", "order")
                .containsEntry("user", "an\"a")
                .containsEntry("channel", "PUSH")
                .containsEntry("route", "APNS")
                .containsEntry("state", "DEAD")
                .containsEntry("reason", "ADDRESS_GONE")
                .containsEntry("at", "2026-03-02T10:00:00Z");
    }

    @Test
    void oneValueHasAllOthersAsJson() throws JsonProcessingException {
        NotificationRequested status = only(transition("d1", DeliveryState.ACCEPTED, false, null));
        assertThat(new ObjectMapper().readTree(status.getData().get("status")))
                .hasToString("{\"notificationId\":\"n1\",\"eventId\":\"order/4711\",\"category\":\"order\","
                        + "\"user\":\"an\\\"a\",\"channel\":\"PUSH\",\"state\":\"ACCEPTED\","
                        + "\"at\":\"2026-03-02T10:00:00Z\",\"deliveryId\":\"d1\",\"route\":\"APNS\"}");
    }

    @Test
    void aReceiptIsOfWhenTheProviderSays() {
        LedgerEntry entry = transition("d1", DeliveryState.ACCEPTED, true, Receipt.BOUNCED);
        ((Transition) entry.getBody()).setReceiptAt(TEN.minusSeconds(60));
        assertThat(only(entry).getData()).containsEntry("at", "2026-03-02T09:59:00Z");
    }

    @Test
    void ofADecisionThoseChannelsAreToldThatCameToNothing() {
        LedgerEntry entry = entry(Decision.newBuilder()
                .setSource("shop")
                .setEventId("order/4711")
                .setCategory("order")
                .setProfileVersion(1)
                .setVerdicts(List.of(
                        verdict(Channel.EMAIL, DeliveryState.SKIPPED, Reason.OPTED_OUT),
                        verdict(Channel.PUSH, DeliveryState.ROUTED, null),
                        verdict(Channel.SMS, DeliveryState.EXPIRED, Reason.PAST_EXPIRY)))
                .build());
        assertThat(Statuses.of(entry, ORDER))
                .extracting(status -> status.getData().get("channel") + " "
                        + status.getData().get("state") + " " + status.getData().get("reason"))
                .containsExactly("EMAIL SKIPPED OPTED_OUT", "SMS EXPIRED PAST_EXPIRY");
    }

    @Test
    void theSameIsToldUnderTheSameIdAndAnythingElseUnderAnother() {
        assertThat(only(transition("d1", DeliveryState.DEAD, false, null)).getId())
                .isEqualTo(
                        only(transition("d1", DeliveryState.DEAD, false, null)).getId());
        assertThat(Stream.of(
                                transition("d1", DeliveryState.ACCEPTED, false, null),
                                transition("d2", DeliveryState.ACCEPTED, false, null),
                                transition("d1", DeliveryState.ACCEPTED, true, Receipt.DELIVERED),
                                transition("d1", DeliveryState.ACCEPTED, true, Receipt.COMPLAINED))
                        .map(entry -> only(entry).getId()))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"e1", "order/4711", "/", "a/b/c/", " "})
    void anEventIsRememberedWhateverItsId(String id) {
        Subject subject = new Subject("shop", "order", id);
        assertThat(Subject.parse(subject.text())).isEqualTo(subject);
    }

    private static NotificationRequested only(LedgerEntry entry) {
        List<NotificationRequested> statuses = Statuses.of(entry, ORDER);
        assertThat(statuses).hasSize(1);
        return statuses.get(0);
    }

    private static ChannelVerdict verdict(Channel channel, DeliveryState state, Reason reason) {
        return ChannelVerdict.newBuilder()
                .setChannel(channel)
                .setState(state)
                .setReason(reason)
                .build();
    }

    private static LedgerEntry transition(String delivery, DeliveryState state, boolean late, Receipt receipt) {
        return entry(Transition.newBuilder()
                .setDeliveryId(delivery)
                .setRoute(Route.APNS)
                .setAddressId("phone")
                .setAttempt(1)
                .setState(state)
                .setReason(state == DeliveryState.DEAD ? Reason.ADDRESS_GONE : null)
                .setLate(late)
                .setReceipt(receipt)
                .build());
    }

    private static LedgerEntry entry(Object body) {
        return LedgerEntry.newBuilder()
                .setTenant("acme")
                .setUser("an\"a")
                .setNotificationId("n1")
                .setAt(TEN)
                .setMailboxPartition(0)
                .setMailboxOffset(1)
                .setBody(body)
                .build();
    }
}
