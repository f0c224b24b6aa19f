package io.herald.sender.apns;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.schema.Delivery;
import io.herald.sender.FittingText;

/** Makes the JSON that goes to a device, within the {@value #MOST_BYTES} bytes that APNs takes. */
final class ApnsPayload {
    static final int MOST_BYTES = 4_096;

    private static final ObjectMapper JSON = new ObjectMapper();

    private ApnsPayload() {}

    /**
     * Returns the payload of something to show, or of a silent delivery that takes away what was shown. A body that is
     * too long for it ends in an ellipsis, between two characters.
     */
    static String of(Delivery delivery) {
        if (delivery.getSilent()) {
            return silent(delivery);
        }
        return FittingText.fit(delivery.getBody(), MOST_BYTES, body -> payload(delivery, body));
    }

    private static String payload(Delivery delivery, String body) {
        ObjectNode payload = JSON.createObjectNode();
        ObjectNode aps = payload.putObject("aps");
        aps.putObject("alert").put("title", delivery.getTitle()).put("body", body);
        aps.put("sound", "default");
        payload.put("notificationId", delivery.getNotificationId());
        payload.put("deliveryId", delivery.getDeliveryId());
        if (delivery.getLink() != null) {
            payload.put("link", delivery.getLink());
        }
        if (delivery.getSeq() != null) {
            payload.put("seq", delivery.getSeq());
        }
        return text(payload);
    }

    /** Returns what wakes the app and nobody else: Apple takes no alert, sound or badge beside it. */
    private static String silent(Delivery delivery) {
        ObjectNode payload = JSON.createObjectNode();
        payload.putObject("aps").put("content-available", 1);
        payload.put("deliveryId", delivery.getDeliveryId());
        delivery.getClearSeqs().forEach(payload.putObject("herald").putArray("clear")::add);
        return text(payload);
    }

    private static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("texts and numbers are always JSON", impossible);
        }
    }
}
