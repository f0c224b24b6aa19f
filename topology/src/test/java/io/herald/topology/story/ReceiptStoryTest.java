package io.herald.topology.story;

import static io.herald.topology.testing.HeraldDriver.TENANT;
import static io.herald.topology.testing.HeraldDriver.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.herald.schema.Channel;
import io.herald.schema.ContactKind;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryState;
import io.herald.schema.LedgerEntry;
import io.herald.schema.LedgerState;
import io.herald.schema.Receipt;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Transition;
import io.herald.schema.UserErased;
import io.herald.topic.Topics;
import io.herald.topology.testing.HeraldDriver;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A provider accepts a message, and says later what became of it. */
class ReceiptStoryTest {
    private final HeraldDriver herald = new HeraldDriver("receipt");
    private Delivery sms;

    @BeforeEach
    void setUp() {
        herald.template("order", Channel.SMS, "Order", "{{text}}")
                .contact("ana", ContactKind.SMS, "+4917012345678")
                .event("e1", "order", "bo", "ana");
        sms = only(herald.deliveries(Topics.DELIVERY_SMS));
    }

    @AfterEach
    void close() {
        herald.close();
    }

    @Test
    void theLedgerHasEachReceiptAndTheEndStaysAsItWas() {
        herald.reports(sms, ReportedOutcome.ACCEPTED);
        List<LedgerState> rows = herald.read(Topics.LEDGER_STATE, LedgerState.class);
        herald.receives(sms, Receipt.DELAYED).receives(sms, Receipt.UNDELIVERED).receives(sms, Receipt.UNDELIVERED);

        assertThat(transitions())
                .extracting(Transition::getState, Transition::getReceipt, Transition::getLate, Transition::getDetail)
                .containsExactly(
                        tuple(DeliveryState.ACCEPTED, null, false, "because"),
                        tuple(DeliveryState.ACCEPTED, Receipt.DELAYED, true, "because"),
                        tuple(DeliveryState.ACCEPTED, Receipt.UNDELIVERED, true, "because"),
                        tuple(DeliveryState.ACCEPTED, Receipt.UNDELIVERED, true, "because"));
        assertThat(transitions()).last().extracting(Transition::getReceiptAt).isEqualTo(herald.now());
        assertThat(herald.read(Topics.LEDGER_STATE, LedgerState.class)).isEqualTo(rows);
    }

    @Test
    void aReceiptThatOvertakesTheReportEndsNothing() {
        herald.receives(sms, Receipt.DELIVERED).reports(sms, ReportedOutcome.RETRY);

        assertThat(transitions())
                .extracting(Transition::getState, Transition::getReceipt, Transition::getAddressId)
                .containsExactly(
                        tuple(DeliveryState.ACCEPTED, Receipt.DELIVERED, sms.getAddressId()),
                        tuple(DeliveryState.WAITING, null, sms.getAddressId()));
    }

    @Test
    void ofWhoWasErasedNothingIsWritten() {
        herald.send(Topics.USER_ERASED, new UserErased(TENANT, "ana"));
        int before = herald.ledger().size();
        herald.receives(sms, Receipt.DELIVERED);

        assertThat(herald.ledger()).hasSize(before);
    }

    private List<Transition> transitions() {
        return herald.ledger().stream()
                .map(LedgerEntry::getBody)
                .filter(Transition.class::isInstance)
                .map(Transition.class::cast)
                .toList();
    }
}
