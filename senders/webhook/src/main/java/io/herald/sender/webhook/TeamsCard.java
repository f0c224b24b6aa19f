package io.herald.sender.webhook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.schema.Delivery;
import io.herald.sender.FittingText;

/**
 * A notification as an Adaptive Card for a Teams workflow, of {@value #MOST_BYTES} bytes at most. Texts are runs of a
 * RichTextBlock, which know no Markdown: in a TextBlock, a text could hide a link behind other words.
 */
final class TeamsCard {
    /** Teams: 28 KB for a whole message. */
    static final int MOST_BYTES = 28 * 1024;

    private TeamsCard() {}

    static String of(Delivery delivery) {
        return FittingText.fit(delivery.getBody(), MOST_BYTES, body -> message(delivery, body));
    }

    private static String message(Delivery delivery, String body) {
        ObjectNode message = WebhookFormat.object().put("type", "message");
        ObjectNode attachment = message.putArray("attachments").addObject();
        attachment.put("contentType", "application/vnd.microsoft.card.adaptive").putNull("contentUrl");
        ObjectNode card = attachment
                .putObject("content")
                .put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
                .put("type", "AdaptiveCard")
                .put("version", "1.4");
        ArrayNode blocks = card.putArray("body");
        run(blocks, delivery.getTitle()).put("weight", "Bolder").put("size", "Medium");
        run(blocks, body);
        WebhookFormat.webLink(delivery).ifPresent(link -> card.putArray("actions")
                .addObject()
                .put("type", "Action.OpenUrl")
                // Where it leads, in no language.
                .put("title", link.getHost())
                .put("url", link.toASCIIString()));
        return WebhookFormat.text(message);
    }

    private static ObjectNode run(ArrayNode blocks, String text) {
        return blocks.addObject()
                .put("type", "RichTextBlock")
                .putArray("inlines")
                .addObject()
                .put("type", "TextRun")
                .put("text", text);
    }
}
