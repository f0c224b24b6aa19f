package io.herald.sender.email;

import io.herald.schema.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.sesv2.model.Body;
import software.amazon.awssdk.services.sesv2.model.Content;
import software.amazon.awssdk.services.sesv2.model.MessageTag;
import software.amazon.awssdk.services.sesv2.model.SendEmailRequest;

/**
 * Deliveries as SES wants them: one mail to one recipient, so that outcome, bounce and complaint are about one user.
 */
final class SesMail {
    private static final String CHARSET = "UTF-8";
    private static final int LONGEST_TAG = 256;

    private final String from;
    private final String configurationSet;

    /**
     * Prepares what all mails have in common.
     *
     * @param configurationSet null for none
     */
    SesMail(String fromAddress, String fromName, String configurationSet) {
        this.from = HeaderText.mailbox(fromName, fromAddress);
        this.configurationSet = configurationSet;
    }

    /** Returns the request, or nothing if the delivery's address is none that SES takes. */
    Optional<SendEmailRequest> request(Delivery delivery) {
        return HeaderText.address(delivery.getAddress()).map(address -> request(delivery, address));
    }

    private SendEmailRequest request(Delivery delivery, String address) {
        Body.Builder body = Body.builder().text(content(delivery.getBody()));
        if (delivery.getHtml() != null) {
            body.html(content(delivery.getHtml()));
        }
        String to = HeaderText.mailbox(delivery.getAddressName(), address);
        return SendEmailRequest.builder()
                .fromEmailAddress(from)
                .configurationSetName(configurationSet)
                .destination(destination -> destination.toAddresses(to))
                .content(content -> content.simple(mail -> mail.subject(content(HeaderText.line(delivery.getTitle())))
                        .body(body.build())))
                .emailTags(tags(delivery))
                .build();
    }

    /** They come back with bounces and complaints. */
    private static List<MessageTag> tags(Delivery delivery) {
        List<MessageTag> tags = new ArrayList<>();
        tags.add(tag("deliveryId", delivery.getDeliveryId()));
        tags.add(tag("tenant", delivery.getTenant()));
        tags.add(tag("category", delivery.getCategory()));
        return tags;
    }

    private static MessageTag tag(String name, String value) {
        String allowed = value.replaceAll("[^A-Za-z0-9_-]", "_");
        String cut = allowed.substring(0, Math.min(allowed.length(), LONGEST_TAG));
        return MessageTag.builder().name(name).value(cut.isEmpty() ? "_" : cut).build();
    }

    private static Content content(String text) {
        return Content.builder().charset(CHARSET).data(text).build();
    }
}
