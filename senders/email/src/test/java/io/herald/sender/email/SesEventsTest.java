package io.herald.sender.email;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.schema.AddressReported;
import io.herald.schema.ContactKind;
import io.herald.schema.ReceiptReported;
import io.herald.schema.Route;
import java.time.Instant;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SesEventsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant PUBLISHED = Instant.parse("2026-11-21T12:00:00Z");
    private static final Instant AT = Instant.parse("2026-11-21T11:59:58.123Z");
    private static final MailTags TAGS = new MailTags("acme", "ann@home", "n-1", "d-1", "order.shipped", "a-1");
    private static final String ADDRESS = "ann@example.com";

    /** As in AWS's examples, with more than anybody reads. */
    private static ObjectNode event(String field, String kind, String about) {
        ObjectNode event = JSON.createObjectNode().put("somethingNew", 1);
        event.put(field, kind);
        ObjectNode its = event.putObject(about);
        its.put("timestamp", AT.toString()).put("reportingMTA", "dsn; a.example");
        ObjectNode mail = event.putObject("mail");
        mail.put("messageId", "m").put("timestamp", "2026-11-21T11:00:00.000Z");
        mail.putArray("destination").add(ADDRESS);
        ObjectNode tags = mail.putObject("tags");
        tags.putArray("ses:source-ip").add("192.0.2.0");
        TAGS.tags().forEach((name, value) -> tags.putArray(name).add(value));
        return event;
    }

    private static ObjectNode bounce(String type, String subType, String... addresses) {
        ObjectNode event = event("eventType", "Bounce", "bounce");
        ObjectNode bounce = event.withObject("bounce").put("bounceType", type).put("bounceSubType", subType);
        ArrayNode recipients = bounce.putArray("bouncedRecipients");
        for (String address : addresses) {
            recipients
                    .addObject()
                    .put("emailAddress", address)
                    .put("status", "5.1.1")
                    .put("diagnosticCode", "smtp; 550 5.1.1 <" + address + "> unknown");
        }
        return event;
    }

    private static List<SpecificRecord> reports(ObjectNode event) throws Exception {
        return SesEvents.reports(event.toString(), PUBLISHED);
    }

    private static List<String> told(ObjectNode event) throws Exception {
        return reports(event).stream()
                .map(report -> report instanceof AddressReported address
                        ? address.getEvent().name()
                        : ((ReceiptReported) report).getReceipt().name())
                .toList();
    }

    @ParameterizedTest(name = "{0} {1} -> {2}: {3}")
    @CsvSource(textBlock = """
            Permanent,    General,                  HARD_BOUNCE, no such mailbox
            Permanent,    NoEmail,                  HARD_BOUNCE, the bounce does not say which: one recipient
            Permanent,    Suppressed,               HARD_BOUNCE, SES knows that it bounced before
            Permanent,    OnAccountSuppressionList, HARD_BOUNCE, our account knows that it bounced before
            Permanent,    SomethingNew,             HARD_BOUNCE, the type says enough
            Permanent,    UnsubscribedRecipient,    ,            a wish and no dead address
            Undetermined, Undetermined,             SOFT_BOUNCE, counts
            Transient,    General,                  SOFT_BOUNCE, holiday notes look like this
            Transient,    MailboxFull,              SOFT_BOUNCE, counts
            Transient,    SomethingNew,             SOFT_BOUNCE, counts
            SomethingNew, General,                  SOFT_BOUNCE, counts
            Transient,    MessageTooLarge,          ,            the mail's fault
            Transient,    ContentRejected,          ,            the mail's fault
            Transient,    AttachmentRejected,       ,            the mail's fault
            Transient,    CustomTimeoutExceeded,    ,            our own limit
            """)
    void knowsEachBounce(String type, String subType, String address, String why) throws Exception {
        List<String> told = told(bounce(type, subType, ADDRESS));

        assertThat(told).as(why).isEqualTo(address == null ? List.of("BOUNCED") : List.of("BOUNCED", address));
    }

    @ParameterizedTest(name = "{0} {1}: {3}")
    @CsvSource(textBlock = """
            abuse,        ,                         COMPLAINED COMPLAINT, said to be spam
            ,             ,                         COMPLAINED COMPLAINT, many do not say why
            fraud,        ,                         COMPLAINED COMPLAINT, minds as well
            SomethingNew, ,                         COMPLAINED COMPLAINT, minds until shown otherwise
            ,             OnAccountSuppressionList, COMPLAINED COMPLAINT, complained before: was not sent
            not-spam,     ,                         '',                   took it out of the spam folder
            auth-failure, ,                         '',                   a report about our DNS
            """)
    void knowsEachComplaint(String feedback, String subType, String told, String why) throws Exception {
        ObjectNode event = event("eventType", "Complaint", "complaint");
        event.withObject("complaint").put("complaintFeedbackType", feedback).put("complaintSubType", subType);

        assertThat(String.join(" ", told(event))).as(why).isEqualTo(told);
    }

    @ParameterizedTest(name = "{0} -> {2}")
    @CsvSource(textBlock = """
            Delivery,          delivery,      DELIVERED
            DeliveryDelay,     deliveryDelay, DELAYED
            Reject,            reject,        UNDELIVERED
            Send,              send,          ''
            Open,              open,          ''
            Click,             click,         ''
            Rendering Failure, failure,       ''
            Subscription,      subscription,  ''
            SomethingNew,      x,             ''
            """)
    void knowsEachEvent(String kind, String about, String told) throws Exception {
        assertThat(String.join(" ", told(event("eventType", kind, about)))).isEqualTo(told);
        assertThat(String.join(" ", told(event("notificationType", kind, about))))
                .as("as a notification of an identity")
                .isEqualTo(told);
    }

    @Test
    void findsDeliveryUserAndAddress() throws Exception {
        List<SpecificRecord> reports = reports(bounce("Permanent", "General", ADDRESS));

        assertThat(reports)
                .containsExactly(
                        new ReceiptReported(
                                "acme",
                                "ann@home",
                                "n-1",
                                "d-1",
                                Route.EMAIL,
                                io.herald.schema.Receipt.BOUNCED,
                                "Permanent General 5.1.1",
                                AT),
                        new AddressReported(
                                "acme",
                                "ann@home",
                                ContactKind.EMAIL,
                                "a-1",
                                null,
                                io.herald.schema.AddressEvent.HARD_BOUNCE,
                                "Permanent General 5.1.1"));
    }

    /** A list that the mail was forwarded to, say: our mail had one recipient. */
    @Test
    void reportsOneAddressHoweverManyBounced() throws Exception {
        assertThat(reports(bounce("Permanent", "General", ADDRESS, "b@example.com", "c@example.com")))
                .hasSize(2);
        assertThat(reports(bounce("Permanent", "General"))).hasSize(2);
    }

    @Test
    void quotesNoAddress() throws Exception {
        ObjectNode event = bounce("Permanent <ann@example.com>", "ann@example.com", ADDRESS);
        event.withObject("bounce").withArray("bouncedRecipients").forEach(each -> ((ObjectNode) each)
                .put("status", "550 ann@example.com"));

        assertThat(reports(event).toString()).doesNotContain("@example");
    }

    @Test
    void takesTheTimeOfTheMessageWhereThereIsNoOther() throws Exception {
        ObjectNode event = event("eventType", "Delivery", "delivery");
        event.withObject("delivery").put("timestamp", "yesterday");

        assertThat(((ReceiptReported) reports(event).get(0)).getAt()).isEqualTo(PUBLISHED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Successfully validated SNS topic for Amazon SES event publishing.",
                "{}",
                "[1]",
                "null",
                "{\"eventType\":\"Bounce\",\"mail\":{\"tags\":{\"tenant\":\"acme\"}}}",
                "{\"notificationType\":\"Bounce\",\"mail\":{\"messageId\":\"m\"}}"
            })
    void knowsNothingOfMailsThatWereNotOurs(String message) throws Exception {
        assertThat(SesEvents.reports(message, PUBLISHED)).isEmpty();
    }
}
