package io.herald.sender.webpush;

import com.zerodeplibs.webpush.VAPIDKeyPair;
import com.zerodeplibs.webpush.jwt.VAPIDJWTParam;
import io.herald.sender.NewestUsed;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * The header that tells a push service who sends (RFC 8292): signed once for each service and key, and kept for half a
 * day of the one that it may be good for. Thread-safe.
 */
final class VapidHeaders {
    /** RFC 8292 §2: 24 hours at most. Half of that leaves room for clocks that are wrong. */
    static final Duration LIFE = Duration.ofHours(12);
    /** Signed anew when this is left, so that none runs out on its way. */
    static final Duration AHEAD = Duration.ofHours(1);

    private static final int MOST = 1_000;

    private final String subject;
    private final Map<Of, Signed> signed = new NewestUsed<>(MOST);

    VapidHeaders(String subject) {
        this.subject = subject;
    }

    private record Of(String origin, String publicKey) {}

    private record Signed(String header, Instant expires) {}

    /** Returns the Authorization header for {@code endpoint}, whose origin is {@code origin}. */
    synchronized String authorization(VAPIDKeyPair key, URI endpoint, String origin, Instant now) {
        Of which = new Of(origin, key.extractPublicKeyInUncompressedFormAsString());
        Signed kept = signed.get(which);
        if (kept == null || kept.expires().isBefore(now.plus(AHEAD))) {
            Instant expires = now.plus(LIFE);
            VAPIDJWTParam claims = VAPIDJWTParam.getBuilder()
                    .resourceURLString(endpoint.toString())
                    .expirationTime(expires)
                    .subject(subject)
                    .build();
            kept = new Signed(key.generateAuthorizationHeaderValue(claims), expires);
            signed.put(which, kept);
        }
        return kept.header();
    }
}
