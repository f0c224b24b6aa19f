package io.herald.websocket;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import io.herald.websocket.GatewayConfig.TokenRules;
import io.herald.wire.UserKey;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks tokens: signed by one of the issuer's keys with ES256 or RS256, for this audience, not before its time nor
 * after it, and naming a tenant, a user and a device. Everything else is refused, {@code none} and shared secrets above
 * all. A key comes from the issuer's set only; whatever address a token's header names is not followed.
 *
 * <p>Thread-safe. May block on the network where the keys are behind a URL.
 */
final class TokenVerifier {
    private static final Duration SKEW = Duration.ofSeconds(30);
    private static final Duration CACHED = Duration.ofMinutes(5);
    private static final Duration FETCH = Duration.ofSeconds(5);
    private static final int KEY_SET_BYTES = 256 * 1024;
    private static final Pattern TENANT = Pattern.compile("[a-z0-9-]{1,32}");
    private static final int NAME_LENGTH = 128;

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    /**
     * Creates a verifier; reads no keys yet.
     *
     * @param refetch how often the keys may be read again for the sake of a key id that is not among them
     */
    TokenVerifier(TokenRules rules, Duration refetch) {
        JWKSource<SecurityContext> keys = JWKSourceBuilder.create(source(rules.keys()))
                .cache(CACHED.toMillis(), FETCH.multipliedBy(2).toMillis())
                .rateLimited(refetch.toMillis())
                .retrying(true)
                .outageTolerant(true)
                .build();
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(Set.of(JWSAlgorithm.ES256, JWSAlgorithm.RS256), keys));
        DefaultJWTClaimsVerifier<SecurityContext> claims = new DefaultJWTClaimsVerifier<>(
                rules.audience(),
                new JWTClaimsSet.Builder().issuer(rules.issuer()).build(),
                Set.of("exp", "sub", "tenant", "device"));
        claims.setMaxClockSkew(Math.toIntExact(SKEW.toSeconds()));
        processor.setJWTClaimsSetVerifier(claims);
    }

    /** Returns whom {@code token} speaks for. */
    Identity verify(String token) throws TokenException {
        try {
            return identity(processor.process(token, null));
        } catch (KeySourceException unavailable) {
            throw TokenException.undecided(unavailable);
        } catch (ExpiredJWTException expired) {
            throw TokenException.refused("token expired", expired);
        } catch (BadJWTException claims) {
            throw TokenException.refused("token claims refused", claims);
        } catch (BadJOSEException | JOSEException | ParseException refused) {
            throw TokenException.refused("token refused", refused);
        }
    }

    private static Identity identity(JWTClaimsSet claims) throws ParseException, TokenException {
        String tenant = claims.getStringClaim("tenant");
        String user = claims.getSubject();
        String device = claims.getStringClaim("device");
        if (tenant == null || !TENANT.matcher(tenant).matches() || !isName(user) || !isName(device)) {
            throw TokenException.refused("token claims refused", null);
        }
        return new Identity(
                new UserKey(tenant, user),
                device,
                claims.getExpirationTime().toInstant().plus(SKEW));
    }

    private static boolean isName(String text) {
        return text != null
                && !text.isEmpty()
                && text.length() <= NAME_LENGTH
                && text.chars().noneMatch(Character::isISOControl);
    }

    private static JWKSetSource<SecurityContext> source(URI keys) {
        if (keys.getScheme().equals("file")) {
            return new FileKeys(Path.of(keys));
        }
        try {
            int fetch = Math.toIntExact(FETCH.toMillis());
            return new URLBasedJWKSetSource<>(keys.toURL(), new DefaultResourceRetriever(fetch, fetch, KEY_SET_BYTES));
        } catch (MalformedURLException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }

    /** A JWK set in a file, which may be replaced while the gateway runs. */
    private record FileKeys(Path file) implements JWKSetSource<SecurityContext> {
        @Override
        public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, SecurityContext context)
                throws KeySourceException {
            try {
                return JWKSet.load(file.toFile());
            } catch (IOException | ParseException unreadable) {
                throw new JWKSetUnavailableException("cannot read the key set", unreadable);
            }
        }

        @Override
        public void close() {
            // Nothing is held open.
        }
    }
}
