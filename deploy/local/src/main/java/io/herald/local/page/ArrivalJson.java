package io.herald.local.page;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.simulator.Mail;
import io.herald.simulator.Push;
import io.herald.simulator.SmsMessage;
import io.herald.simulator.WebhookPost;

/** Writes what has arrived. Times are milliseconds since 1970; absent is absent. */
final class ArrivalJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ArrivalJson() {}

    static ObjectNode push(String provider, Push push) {
        ObjectNode node = JSON.createObjectNode()
                .put("at", push.at().toEpochMilli())
                .put("provider", provider)
                .put("deliveryId", push.deliveryId())
                .put("token", push.token())
                .put("title", push.title())
                .put("body", push.body());
        put(node, "link", push.link());
        put(node, "collapse", push.collapse());
        if (push.seq() != null) {
            node.put("seq", push.seq());
        }
        if (push.silent()) {
            push.clears().forEach(node.put("silent", true).putArray("clears")::add);
        }
        return node;
    }

    static ObjectNode mail(Mail mail) {
        ObjectNode node = JSON.createObjectNode()
                .put("at", mail.at().toEpochMilli())
                .put("deliveryId", mail.deliveryId())
                .put("to", mail.to())
                .put("subject", mail.subject());
        put(node, "toName", mail.toName());
        put(node, "from", mail.from());
        put(node, "text", mail.text());
        put(node, "html", mail.html());
        return node;
    }

    static ObjectNode message(SmsMessage message) {
        return JSON.createObjectNode()
                .put("at", message.at().toEpochMilli())
                .put("deliveryId", message.deliveryId())
                .put("to", message.to())
                .put("from", message.from())
                .put("text", message.body());
    }

    /** The URL is left out: whoever has it can write to the channel. */
    static ObjectNode post(WebhookPost post) {
        ObjectNode node = JSON.createObjectNode()
                .put("at", post.at().toEpochMilli())
                .put("deliveryId", post.deliveryId())
                .put("title", post.title())
                .put("body", post.body());
        put(node, "link", post.link());
        return node;
    }

    private static void put(ObjectNode node, String name, String text) {
        if (text != null && !text.isEmpty()) {
            node.put(name, text);
        }
    }
}
