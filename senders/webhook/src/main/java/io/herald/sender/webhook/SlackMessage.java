package io.herald.sender.webhook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.schema.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A notification as Slack's blocks. Texts are plain and escaped, so that none can call a whole channel, hide a link
 * behind other words, or format itself (https://docs.slack.dev/messaging/formatting-message-text).
 */
final class SlackMessage {
    private static final int LONGEST_HEADER = 150;
    private static final int LONGEST_SECTION = 3_000;
    /** An extended grapheme cluster: what people take for a character. */
    private static final Pattern CHARACTER = Pattern.compile("\\X");

    private SlackMessage() {}

    static String of(Delivery delivery) {
        ObjectNode message = WebhookFormat.object();
        String title = escaped(delivery.getTitle());
        List<String> parts = parts(delivery.getBody());
        // What a phone shows before Slack is opened.
        message.put("text", title.isEmpty() && !parts.isEmpty() ? parts.get(0) : title);
        message.put("mrkdwn", false);
        ArrayNode blocks = message.putArray("blocks");
        if (!title.isEmpty()) {
            text(
                    blocks.addObject().put("type", title.length() > LONGEST_HEADER ? "section" : "header"),
                    "plain_text",
                    title);
        }
        parts.forEach(part -> text(blocks.addObject().put("type", "section"), "plain_text", part));
        WebhookFormat.webLink(delivery)
                .ifPresent(link -> text(
                        blocks.addObject().put("type", "section"),
                        "mrkdwn",
                        "<" + escaped(link.toASCIIString().replace("|", "%7C")) + ">"));
        return WebhookFormat.text(message);
    }

    private static void text(ObjectNode block, String type, String text) {
        ObjectNode object = block.putObject("text").put("type", type).put("text", text);
        if (type.equals("plain_text")) {
            object.put("emoji", false);
        }
    }

    /** Returns {@code text}, escaped, in parts that each fit a section. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        Matcher characters = CHARACTER.matcher(text);
        while (characters.find()) {
            String character = escaped(characters.group());
            if (part.length() + character.length() > LONGEST_SECTION) {
                parts.add(part.toString());
                part.setLength(0);
            }
            part.append(character);
        }
        if (part.length() > 0) {
            parts.add(part.toString());
        }
        return parts;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
