package io.herald.simulator;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Checks the bearer tokens that providers sign for APNs.
 *
 * @see <a
 *     href="https://developer.apple.com/documentation/usernotifications/establishing-a-token-based-connection-to-apns">Apple:
 *     Establishing a token-based connection to APNs</a>
 */
final class ProviderTokens {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIFE = Duration.ofHours(1);
    private static final Instant NEVER = Instant.MIN;
    private static final String SCHEME = "bearer ";

    private final Map<String, ApnsCredentials> keys = new ConcurrentHashMap<>();
    private final Clock clock;
    /** Checked before, by when they were issued: a signature takes longer to check than all else together. */
    private final Map<String, Instant> genuine = new ConcurrentHashMap<>();

    ProviderTokens(ApnsCredentials credentials, Clock clock) {
        this.clock = clock;
        trust(credentials);
    }

    void trust(ApnsCredentials credentials) {
        keys.put(credentials.keyId(), credentials);
    }

    void revoke(String keyId) {
        keys.remove(keyId);
        genuine.clear();
    }

    /** Returns the reason to refuse a request with this {@code authorization}, or null. */
    String refusal(CharSequence authorization) {
        if (authorization == null || !authorization.toString().regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return "MissingProviderToken";
        }
        String token = authorization.toString().substring(SCHEME.length());
        Instant issued = genuine.computeIfAbsent(token, this::issued);
        if (issued.equals(NEVER)) {
            // Only what is good is worth remembering: anything may be sent here.
            genuine.remove(token);
            return "InvalidProviderToken";
        }
        return issued.plus(LIFE).isBefore(clock.instant()) ? "ExpiredProviderToken" : null;
    }

    /** Returns when a token was issued, or {@link #NEVER} if it is not one of ours. */
    private Instant issued(String token) {
        String[] parts = token.split("\\.", -1);
        try {
            if (parts.length != 3) {
                return NEVER;
            }
            JsonNode header = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
            ApnsCredentials credentials = keys.get(header.path("kid").asText());
            if (credentials == null || !genuine(parts, credentials)) {
                return NEVER;
            }
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            boolean ours = header.path("alg").asText().equals("ES256")
                    && claims.path("iss").asText().equals(credentials.teamId())
                    && claims.path("iat").canConvertToLong();
            return ours ? Instant.ofEpochSecond(claims.path("iat").asLong()) : NEVER;
        } catch (IOException | IllegalArgumentException unreadable) {
            return NEVER;
        }
    }

    /** Returns whether the third part signs the first two: as JOSE has it, or as ASN.1, which Apple takes as well. */
    private static boolean genuine(String[] parts, ApnsCredentials credentials) {
        return verifies("SHA256withECDSAinP1363Format", parts, credentials)
                || verifies("SHA256withECDSA", parts, credentials);
    }

    private static boolean verifies(String algorithm, String[] parts, ApnsCredentials credentials) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initVerify(credentials.publicKey());
            signature.update((parts[0] + "." + parts[1]).getBytes(US_ASCII));
            return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }
}
