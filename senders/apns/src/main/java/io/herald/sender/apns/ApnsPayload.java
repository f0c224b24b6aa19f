package io.herald.sender.apns;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.schema.Delivery;
import java.text.BreakIterator;
import java.util.Locale;

/** Makes the JSON that goes to a device, within the {@value #MOST_BYTES} bytes that APNs takes. */
final class ApnsPayload {
    static final int MOST_BYTES = 4_096;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MORE = "…";

    private ApnsPayload() {}

    /**
     * Returns the payload of something to show, or of a silent delivery that takes away what was shown. A body that is
     * too long for it ends in an ellipsis, between two characters.
     */
    static String of(Delivery delivery) {
        if (delivery.getSilent()) {
            return silent(delivery);
        }
        String whole = payload(delivery, delivery.getBody());
        int excess = bytes(whole) - MOST_BYTES;
        return excess <= 0 ? whole : payload(delivery, shortened(delivery.getBody(), excess + bytes(MORE)) + MORE);
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

    /** Returns {@code body} without its end, whose JSON takes {@code excess} bytes or more. */
    private static String shortened(String body, int excess) {
        BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
        characters.setText(body);
        int end = body.length();
        int saved = 0;
        for (int start = characters.preceding(end); saved < excess && start >= 0; start = characters.previous()) {
            saved += bytes(text(body.substring(start, end))) - 2;
            end = start;
        }
        return body.substring(0, end);
    }

    private static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("texts and numbers are always JSON", impossible);
        }
    }

    private static int bytes(String text) {
        return text.getBytes(UTF_8).length;
    }
}
