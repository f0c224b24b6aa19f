package io.herald.sender.email;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.herald.schema.AddressEvent;
import io.herald.schema.AddressReported;
import io.herald.schema.ContactKind;
import io.herald.schema.Receipt;
import io.herald.schema.ReceiptReported;
import io.herald.schema.Route;
import io.herald.sender.callback.RefusedCallbackException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificRecord;

/**
 * What SES's events mean for delivery and address.
 *
 * <p>Events may repeat and come in any order, several kinds for one mail: a delivery and then a bounce. Every mail has
 * one recipient, whom its tags name; which addresses an event lists does not matter, as a forwarder's may be among
 * them.
 *
 * @see <a href="https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html">AWS: Contents
 *     of event data that Amazon SES publishes to Amazon SNS</a>
 */
final class SesEvents {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** About what was in the mail, how long we let it try, or what the reader asked SES for: nothing of the address. */
    private static final Set<String> NOT_THE_ADDRESS = Set.of(
            "ContentRejected",
            "MessageTooLarge",
            "AttachmentRejected",
            "CustomTimeoutExceeded",
            "UnsubscribedRecipient");

    /** Feedback of mailbox providers that is not a reader who minds. */
    private static final Set<String> NO_COMPLAINT = Set.of("not-spam", "auth-failure");

    /** A word of SES's own. Sentences of mail servers quote addresses. */
    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,60}");

    private static final Pattern STATUS = Pattern.compile("[245]\\.\\d{1,3}\\.\\d{1,3}");

    private SesEvents() {}

    /**
     * Returns what an event reports; nothing if it is of a kind that nobody wants to know, or of a mail that was sent
     * without our tags.
     *
     * @param published when SNS was given it, for events without a time of their own
     * @throws RefusedCallbackException if it is no event
     */
    static List<SpecificRecord> reports(String event, Instant published) throws RefusedCallbackException {
        JsonNode json;
        try {
            json = JSON.readTree(event);
        } catch (JsonProcessingException malformed) {
            // SNS greets a new destination with a sentence.
            return List.of();
        }
        JsonNode tags = json.path("mail").path("tags");
        Optional<MailTags> mail = MailTags.read(name -> tags.path(name).path(0).textValue());
        if (mail.isEmpty()) {
            return List.of();
        }
        // Events of a configuration set and notifications of an identity name it differently.
        String kind =
                json.path("eventType").asText(json.path("notificationType").asText());
        return reports(mail.get(), kind, json, published);
    }

    private static List<SpecificRecord> reports(MailTags mail, String kind, JsonNode json, Instant published) {
        return switch (kind) {
            case "Bounce" -> bounce(mail, json.path("bounce"), published);
            case "Complaint" -> complaint(mail, json.path("complaint"), published);
            case "Delivery" -> List.of(receipt(mail, Receipt.DELIVERED, null, at(json.path("delivery"), published)));
            case "DeliveryDelay" -> {
                JsonNode delay = json.path("deliveryDelay");
                yield List.of(receipt(mail, Receipt.DELAYED, word(delay, "delayType"), at(delay, published)));
            }
            case "Reject" -> List.of(receipt(mail, Receipt.UNDELIVERED, "Reject", published));
            default -> List.of();
        };
    }

    private static List<SpecificRecord> bounce(MailTags mail, JsonNode bounce, Instant published) {
        String type = word(bounce, "bounceType");
        String subType = word(bounce, "bounceSubType");
        String status = bounce.path("bouncedRecipients").path(0).path("status").asText();
        String detail = type + " " + subType + (STATUS.matcher(status).matches() ? " " + status : "");
        List<SpecificRecord> reports = new ArrayList<>();
        reports.add(receipt(mail, Receipt.BOUNCED, detail, at(bounce, published)));
        if (!NOT_THE_ADDRESS.contains(subType)) {
            // A full mailbox, or a note that somebody is on holiday, is transient: it takes several to end an address.
            boolean hard = type.equals("Permanent");
            reports.add(address(mail, hard ? AddressEvent.HARD_BOUNCE : AddressEvent.SOFT_BOUNCE, detail));
        }
        return reports;
    }

    private static List<SpecificRecord> complaint(MailTags mail, JsonNode complaint, Instant published) {
        String feedback = word(complaint, "complaintFeedbackType");
        if (NO_COMPLAINT.contains(feedback)) {
            return List.of();
        }
        String subType = word(complaint, "complaintSubType");
        String detail = subType.equals("?") ? feedback : subType;
        return List.of(
                receipt(mail, Receipt.COMPLAINED, detail, at(complaint, published)),
                address(mail, AddressEvent.COMPLAINT, detail));
    }

    private static String word(JsonNode parent, String name) {
        String text = parent.path(name).asText();
        return WORD.matcher(text).matches() ? text : "?";
    }

    private static Instant at(JsonNode parent, Instant otherwise) {
        try {
            return Instant.parse(parent.path("timestamp").asText());
        } catch (DateTimeParseException none) {
            return otherwise;
        }
    }

    private static ReceiptReported receipt(MailTags mail, Receipt receipt, String detail, Instant at) {
        return ReceiptReported.newBuilder()
                .setTenant(mail.tenant())
                .setUser(mail.user())
                .setNotificationId(mail.notificationId())
                .setDeliveryId(mail.deliveryId())
                .setRoute(Route.EMAIL)
                .setReceipt(receipt)
                .setDetail(detail)
                .setAt(at)
                .build();
    }

    private static AddressReported address(MailTags mail, AddressEvent event, String detail) {
        return AddressReported.newBuilder()
                .setTenant(mail.tenant())
                .setUser(mail.user())
                .setKind(ContactKind.EMAIL)
                .setAddressId(mail.addressId())
                .setEvent(event)
                .setDetail(detail)
                .build();
    }
}
