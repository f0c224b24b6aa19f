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
    private static final String SCHEME = "bearer ";

    private final ApnsCredentials credentials;
    private final Clock clock;

    ProviderTokens(ApnsCredentials credentials, Clock clock) {
        this.credentials = credentials;
        this.clock = clock;
    }

    /** Returns the reason to refuse a request with this {@code authorization}, or null. */
    String refusal(CharSequence authorization) {
        if (authorization == null || !authorization.toString().regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return "MissingProviderToken";
        }
        String[] parts = authorization.toString().substring(SCHEME.length()).split("\\.", -1);
        try {
            if (parts.length != 3 || !genuine(parts)) {
                return "InvalidProviderToken";
            }
            JsonNode header = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            if (!header.path("alg").asText().equals("ES256")
                    || !header.path("kid").asText().equals(credentials.keyId())
                    || !claims.path("iss").asText().equals(credentials.teamId())
                    || !claims.path("iat").canConvertToLong()) {
                return "InvalidProviderToken";
            }
            Instant issued = Instant.ofEpochSecond(claims.path("iat").asLong());
            return issued.plus(LIFE).isBefore(clock.instant()) ? "ExpiredProviderToken" : null;
        } catch (IOException | IllegalArgumentException unreadable) {
            return "InvalidProviderToken";
        }
    }

    /** Returns whether the third part signs the first two: as JOSE has it, or as ASN.1, which Apple takes as well. */
    private boolean genuine(String[] parts) {
        return verifies("SHA256withECDSAinP1363Format", parts) || verifies("SHA256withECDSA", parts);
    }

    private boolean verifies(String algorithm, String[] parts) {
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
