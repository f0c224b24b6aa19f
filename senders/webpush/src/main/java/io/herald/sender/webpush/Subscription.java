package io.herald.sender.webpush;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zerodeplibs.webpush.UserAgentMessageEncryptionKeyInfo;
import com.zerodeplibs.webpush.key.InvalidECPublicKeyException;
import com.zerodeplibs.webpush.key.MalformedUncompressedBytesException;
import java.net.URI;
import java.util.Base64;
import java.util.Optional;

/**
 * Where a browser gets its messages, and the keys that it reads them with.
 *
 * @param origin scheme, host and port of the endpoint
 */
record Subscription(URI endpoint, String origin, UserAgentMessageEncryptionKeyInfo keys) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int POINT_BYTES = 65;
    private static final int AUTH_BYTES = 16;

    /**
     * Reads what PushSubscription.toJSON() makes in a browser (W3C Push API §8.1).
     *
     * @return nothing if it is none, or its public key is no point of P-256
     */
    static Optional<Subscription> parse(String json) {
        try {
            JsonNode subscription = JSON.readTree(json);
            URI endpoint = URI.create(subscription.path("endpoint").asText());
            byte[] publicKey = decoded(subscription.path("keys").path("p256dh"));
            byte[] auth = decoded(subscription.path("keys").path("auth"));
            if (endpoint.getHost() == null || publicKey.length != POINT_BYTES || auth.length != AUTH_BYTES) {
                return Optional.empty();
            }
            String port = endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort();
            return Optional.of(new Subscription(
                    endpoint,
                    endpoint.getScheme() + "://" + endpoint.getHost() + port,
                    UserAgentMessageEncryptionKeyInfo.of(publicKey, auth)));
        } catch (JsonProcessingException
                | IllegalArgumentException
                | MalformedUncompressedBytesException
                | InvalidECPublicKeyException malformed) {
            return Optional.empty();
        }
    }

    private static byte[] decoded(JsonNode text) {
        return Base64.getUrlDecoder().decode(text.asText());
    }

    /** Keeps out what is secret: whoever knows an endpoint may send to it. */
    @Override
    public String toString() {
        return "Subscription[" + origin + "]";
    }
}
