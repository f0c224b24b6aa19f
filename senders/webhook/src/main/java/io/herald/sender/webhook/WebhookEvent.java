package io.herald.sender.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.schema.Delivery;

/**
 * A notification in Herald's own JSON: type, timestamp and data, as Standard Webhooks recommends. The same on every
 * attempt, byte for byte.
 */
final class WebhookEvent {
    private WebhookEvent() {}

    static String of(Delivery delivery) {
        ObjectNode event = WebhookFormat.object();
        event.put("type", delivery.getSilent() ? "notification.cleared" : "notification");
        event.put("timestamp", delivery.getDecidedAt().toString());
        ObjectNode data = event.putObject("data")
                .put("deliveryId", delivery.getDeliveryId())
                .put("notificationId", delivery.getNotificationId())
                .put("tenant", delivery.getTenant())
                .put("user", delivery.getUser())
                .put("category", delivery.getCategory());
        if (delivery.getSilent()) {
            delivery.getClearSeqs().forEach(data.putArray("clear")::add);
            return WebhookFormat.text(event);
        }
        data.put("title", delivery.getTitle()).put("body", delivery.getBody());
        optional(data, "link", delivery.getLink());
        optional(data, "actor", delivery.getActor());
        optional(data, "object", delivery.getObject());
        if (delivery.getSeq() != null) {
            data.put("seq", delivery.getSeq());
        }
        return WebhookFormat.text(event);
    }

    private static void optional(ObjectNode data, String name, String value) {
        if (value != null) {
            data.put(name, value);
        }
    }
}
