package io.herald.sender.email;

import io.herald.schema.Delivery;
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

    private final String from;
    private final String configurationSet;
    private final UnsubscribeHeaders unsubscribe;

    /**
     * Prepares what all mails have in common.
     *
     * @param configurationSet null for none
     */
    SesMail(String fromAddress, String fromName, String configurationSet, UnsubscribeHeaders unsubscribe) {
        this.from = HeaderText.mailbox(fromName, fromAddress);
        this.configurationSet = configurationSet;
        this.unsubscribe = unsubscribe;
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
                        .body(body.build())
                        .headers(unsubscribe.of(delivery))))
                .emailTags(tags(delivery))
                .build();
    }

    /** They come back with bounces and complaints. */
    private static List<MessageTag> tags(Delivery delivery) {
        return MailTags.of(delivery).tags().entrySet().stream()
                .map(tag -> MessageTag.builder()
                        .name(tag.getKey())
                        .value(tag.getValue())
                        .build())
                .toList();
    }

    private static Content content(String text) {
        return Content.builder().charset(CHARSET).data(text).build();
    }
}
