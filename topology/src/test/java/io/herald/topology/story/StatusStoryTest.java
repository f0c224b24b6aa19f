package io.herald.topology.story;

import static io.herald.topology.testing.HeraldDriver.TENANT;
import static io.herald.topology.testing.HeraldDriver.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.ContactKind;
import io.herald.schema.Delivery;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Receipt;
import io.herald.schema.ReportedOutcome;
import io.herald.topic.Topics;
import io.herald.topology.StatusTopology;
import io.herald.topology.status.StatusProcessor;
import io.herald.topology.status.Statuses;
import io.herald.topology.testing.HeraldDriver;
import io.herald.topology.testing.TwoTopologies;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A shop wants to hear what became of its events, at an endpoint of its own. */
class StatusStoryTest {
    private final HeraldDriver herald = new HeraldDriver("status");
    private TopologyTestDriver teller;
    private TestInputTopic<byte[], byte[]> ledger;
    private TestOutputTopic<byte[], byte[]> statuses;
    private int read;

    @BeforeEach
    void setUp() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "status");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:9092");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, "target/streams");
        teller = new TopologyTestDriver(
                StatusTopology.build(() -> new StatusProcessor(herald.wireConfig(), Set.of(TENANT + "/shop"))),
                settings,
                herald.now());
        ledger = teller.createInputTopic(Topics.LEDGER.name(), new ByteArraySerializer(), new ByteArraySerializer());
        statuses = teller.createOutputTopic(
                Topics.NOTIFICATION_REQUESTED_BULK.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        herald.template("order", Channel.SMS, "Order", "{{text}}")
                .contact("ana", ContactKind.SMS, "+4917012345678")
                .rule(Statuses.CATEGORY, rule -> rule.setChannels(List.of(Channel.WEBHOOK)))
                .template(Statuses.CATEGORY, Channel.WEBHOOK, "Delivery status", "{{status}}")
                .contact(Statuses.recipient("shop"), ContactKind.WEBHOOK, "https://shop.example.com/herald");
    }

    @AfterEach
    void close() {
        teller.close();
        herald.close();
    }

    @Test
    void theShopHearsOnceThatItsMessageWasAcceptedAndNothingOfThat() {
        herald.event("e1", "order", "bo", "ana");
        tell();
        assertThat(endpoint()).as("while it is under way").isEmpty();

        herald.reports(sms(), ReportedOutcome.ACCEPTED);
        tell();
        Delivery status = only(endpoint());
        assertThat(status.getUser()).isEqualTo("status/shop");
        assertThat(status.getAddress()).isEqualTo("https://shop.example.com/herald");
        assertThat(status.getObject()).isEqualTo("e1");
        assertThat(status.getBody())
                .contains("\"eventId\":\"e1\"", "\"user\":\"ana\"", "\"channel\":\"SMS\"", "\"state\":\"ACCEPTED\"");

        herald.reports(status, ReportedOutcome.ACCEPTED);
        tell();
        assertThat(endpoint()).as("no status of a status").hasSize(1);
    }

    @Test
    void theShopHearsOfAReceiptThatComesAfterTheEnd() {
        herald.event("e1", "order", "bo", "ana").reports(sms(), ReportedOutcome.ACCEPTED);
        tell();
        herald.advance(Duration.ofDays(9)).receives(sms(), Receipt.UNDELIVERED).receives(sms(), Receipt.UNDELIVERED);
        tell();
        assertThat(endpoint())
                .extracting(Delivery::getBody)
                .satisfiesExactly(
                        first -> assertThat(first).contains("\"state\":\"ACCEPTED\""),
                        second -> assertThat(second).contains("\"state\":\"UNDELIVERED\""));
    }

    @Test
    void theShopHearsWhyNothingWasSent() {
        herald.optOut("ana", "order", Channel.SMS).event("e1", "order", "bo", "ana");
        tell();
        assertThat(only(endpoint()).getBody()).contains("\"state\":\"SKIPPED\"", "\"reason\":\"CATEGORY_OPTED_OUT\"");
    }

    @Test
    void othersHearNothing() {
        herald.event("e1", "order", event -> event.setSource("blog"), "ana").reports(sms(), ReportedOutcome.ACCEPTED);
        tell();
        assertThat(endpoint()).isEmpty();
    }

    @Test
    void whatIsNoLedgerEntryStopsNothing() {
        ledger.pipeInput(new byte[] {1}, new byte[] {2});
        herald.event("e1", "order", "bo", "ana").reports(sms(), ReportedOutcome.ACCEPTED);
        tell();
        assertThat(endpoint()).hasSize(1);
    }

    private Delivery sms() {
        return only(herald.deliveries(Topics.DELIVERY_SMS));
    }

    private List<Delivery> endpoint() {
        return herald.deliveries(Topics.DELIVERY_WEBHOOK);
    }

    // What is new in the ledger goes to the teller, and what it says comes back in.
    private void tell() {
        List<TwoTopologies.Written> rows = herald.raw(Topics.LEDGER);
        for (TwoTopologies.Written row : rows.subList(read, rows.size())) {
            ledger.pipeInput(row.key().get(), row.value().get());
        }
        read = rows.size();
        for (byte[] status : statuses.readValuesToList()) {
            herald.send(
                    Topics.NOTIFICATION_REQUESTED,
                    herald.wire().read(Topics.NOTIFICATION_REQUESTED_BULK, NotificationRequested.class, status));
        }
    }
}
