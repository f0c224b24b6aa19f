package io.herald.topology.intake;

import static io.herald.topology.intake.RefusedException.invalid;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Base64;

/**
 * The token of a Web Push device: what a browser's {@code PushSubscription.toJSON()} gives. Kept is what a sender
 * needs, always written in the same way, since a token is known again by its text.
 *
 * @see <a href="https://www.w3.org/TR/push-api/#dom-pushsubscription-tojson">Push API, PushSubscription</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8291#section-3.1">RFC 8291, section 3.1</a>
 */
final class WebPushSubscription {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    // An uncompressed point of P-256, which begins with 4.
    private static final int KEY_BYTES = 65;
    private static final byte UNCOMPRESSED = 4;
    private static final int SECRET_BYTES = 16;

    private WebPushSubscription() {}

    /** Returns a subscription as it is kept; refuses what cannot be pushed to, naming which part of {@code field}. */
    static String checked(String field, String text) {
        JsonNode subscription = read(field, text);
        String endpoint = text(field + ".endpoint", subscription.path("endpoint"));
        String key = text(field + ".keys.p256dh", subscription.path("keys").path("p256dh"));
        String secret = text(field + ".keys.auth", subscription.path("keys").path("auth"));
        Fields.endpoint(field + ".endpoint", endpoint);
        byte[] point = bytes(field + ".keys.p256dh", key, KEY_BYTES);
        if (point[0] != UNCOMPRESSED) {
            throw invalid(field + ".keys.p256dh", "is not an uncompressed point");
        }
        return JSON.createObjectNode()
                .put("endpoint", endpoint)
                .set(
                        "keys",
                        JSON.createObjectNode()
                                .put("p256dh", encoded(point))
                                .put("auth", encoded(bytes(field + ".keys.auth", secret, SECRET_BYTES))))
                .toString();
    }

    private static JsonNode read(String field, String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException malformed) {
            throw invalid(field, "is not the JSON of a push subscription");
        }
    }

    private static String text(String field, JsonNode value) {
        if (!value.isTextual()) {
            throw invalid(field, "is missing, or no text");
        }
        return value.textValue();
    }

    // With padding or without: some libraries add it, though a browser does not.
    private static byte[] bytes(String field, String value, int length) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(value);
        } catch (IllegalArgumentException malformed) {
            throw invalid(field, "is not base64url");
        }
        if (bytes.length != length) {
            throw invalid(field, "has " + bytes.length + " bytes, not " + length);
        }
        return bytes;
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
