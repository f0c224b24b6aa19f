package io.herald.sender.sms;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.Delivery;
import java.util.Base64;
import java.util.Optional;

/**
 * Which delivery a status callback is about, in the query of its URL: Twilio signs the URL, so it comes back as it was
 * given. In base64url, as Twilio escapes other characters anew before it calls and signs.
 */
record CallbackRef(String tenant, String user, String notificationId, String deliveryId, String addressId) {
    private static final String DELIVERY = "delivery";
    private static final String OF = "of";
    /** In none of the parts: ids have no control characters. */
    private static final String BETWEEN = "\n";

    private static final int PARTS = 5;

    /**
     * Makes Twilio repeat what is not answered with success: it would only where it cannot connect. Six calls are what
     * fits into its 15 s. See https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides.
     */
    static final String REPEATED = "#rc=5&rp=5xx,ct,rt&ct=2000&rt=2500";

    static CallbackRef to(Delivery delivery) {
        return new CallbackRef(
                delivery.getTenant(),
                delivery.getUser(),
                delivery.getNotificationId(),
                delivery.getDeliveryId(),
                delivery.getAddressId());
    }

    /** Returns where Twilio is to call, given the public URL. */
    String url(String publicUrl) {
        return publicUrl + "?" + query() + REPEATED;
    }

    /** Returns the query. It names the delivery in the open too, for the logs of whoever looks into it at Twilio's. */
    String query() {
        String parts = String.join(BETWEEN, tenant, user, notificationId, deliveryId, addressId);
        return DELIVERY + "=" + deliveryId.replaceAll("[^A-Za-z0-9_-]", "_") + "&" + OF + "="
                + Base64.getUrlEncoder().withoutPadding().encodeToString(parts.getBytes(UTF_8));
    }

    /** Reads the query of a callback; nothing if it has none, as an inbound message. */
    static Optional<CallbackRef> parse(String query) {
        for (String pair : query.split("&", -1)) {
            if (pair.startsWith(OF + "=")) {
                return decode(pair.substring(OF.length() + 1));
            }
        }
        return Optional.empty();
    }

    private static Optional<CallbackRef> decode(String text) {
        String[] parts;
        try {
            parts = new String(Base64.getUrlDecoder().decode(text), UTF_8).split(BETWEEN, -1);
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
        return parts.length == PARTS
                ? Optional.of(new CallbackRef(parts[0], parts[1], parts[2], parts[3], parts[4]))
                : Optional.empty();
    }
}
