package io.herald.sender.apns;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.schema.Delivery;
import io.herald.sender.FittingText;

/** Makes the JSON that goes to a device, within the bytes that APNs takes of its kind. */
final class ApnsPayload {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ApnsPayload() {}

    /**
     * Returns the payload of something to show, or of a silent delivery that takes away what was shown. A body that is
     * too long for it ends in an ellipsis, between two characters.
     */
    static String of(Delivery delivery, ApnsKind kind) {
        if (delivery.getSilent() && kind == ApnsKind.ALERT) {
            return silent(delivery);
        }
        return FittingText.fit(
                delivery.getBody(),
                kind.mostBytes(),
                body -> kind == ApnsKind.LIVE_ACTIVITY ? activity(delivery, body) : payload(delivery, body));
    }

    /**
     * Returns what a Live Activity is to show, or its end for a silent delivery. Of two, the device shows the one with
     * the later timestamp, whichever comes first.
     */
    private static String activity(Delivery delivery, String body) {
        ObjectNode payload = JSON.createObjectNode();
        ObjectNode aps = payload.putObject("aps");
        aps.put("timestamp", delivery.getDecidedAt().getEpochSecond());
        aps.put("event", delivery.getSilent() ? "end" : "update");
        ObjectNode state = aps.putObject("content-state");
        state.put("title", delivery.getTitle()).put("body", body);
        if (delivery.getSilent()) {
            aps.put("dismissal-date", delivery.getDecidedAt().getEpochSecond());
        } else {
            aps.put("stale-date", delivery.getExpiresAt().getEpochSecond());
            aps.putObject("alert").put("title", delivery.getTitle()).put("body", body);
        }
        identify(payload, delivery);
        return text(payload);
    }

    private static String payload(Delivery delivery, String body) {
        ObjectNode payload = JSON.createObjectNode();
        ObjectNode aps = payload.putObject("aps");
        aps.putObject("alert").put("title", delivery.getTitle()).put("body", body);
        aps.put("sound", "default");
        identify(payload, delivery);
        return text(payload);
    }

    private static void identify(ObjectNode payload, Delivery delivery) {
        payload.put("notificationId", delivery.getNotificationId());
        payload.put("deliveryId", delivery.getDeliveryId());
        if (delivery.getLink() != null) {
            payload.put("link", delivery.getLink());
        }
        if (delivery.getSeq() != null) {
            payload.put("seq", delivery.getSeq());
        }
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
