package io.herald.http;

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
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks tokens: signed by one of their issuer's keys with ES256 or RS256, for this audience, not before their time nor
 * after it, and naming a tenant that the issuer may speak for and a subject. Everything else is refused, {@code none}
 * and shared secrets above all. A key comes from the issuer's set only: whatever address a token's header names is not
 * followed, and no issuer's key is good for the name of another.
 *
 * <p>Thread-safe. May block on the network where the keys are behind a URL.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8725">RFC 8725, JSON Web Token Best Current Practices</a>
 */
public final class Tokens {
    /** How often the keys of an issuer are read again at most, for the sake of a key id that is not among them. */
    public static final Duration REFETCH = Duration.ofSeconds(30);

    private static final Duration SKEW = Duration.ofSeconds(30);
    private static final Duration CACHED = Duration.ofMinutes(5);
    private static final Duration FETCH = Duration.ofSeconds(5);
    private static final int KEY_SET_BYTES = 256 * 1024;
    private static final Pattern TENANT = Pattern.compile("[a-z0-9-]{1,32}");
    private static final int NAME_LENGTH = 128;

    private final Map<String, Trust> trusted = new HashMap<>();

    private record Trust(Set<String> tenants, DefaultJWTProcessor<SecurityContext> processor) {}

    /**
     * Creates a verifier; reads no keys yet.
     *
     * @param claims that a token must have beside {@code exp}, {@code sub} and {@code tenant}
     * @param refetch how often an issuer's keys may be read again for the sake of a key id that is not among them
     */
    public Tokens(List<TokenIssuer> issuers, Set<String> claims, Duration refetch) {
        Set<String> required = new HashSet<>(claims);
        required.addAll(Set.of("exp", "sub", "tenant"));
        issuers.forEach(issuer ->
                trusted.put(issuer.name(), new Trust(issuer.tenants(), processor(issuer, required, refetch))));
    }

    private static DefaultJWTProcessor<SecurityContext> processor(
            TokenIssuer issuer, Set<String> required, Duration refetch) {
        JWKSource<SecurityContext> keys = JWKSourceBuilder.create(source(issuer.keys()))
                .cache(CACHED.toMillis(), FETCH.multipliedBy(2).toMillis())
                .rateLimited(refetch.toMillis())
                .retrying(true)
                .outageTolerant(true)
                .build();
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(Set.of(JWSAlgorithm.ES256, JWSAlgorithm.RS256), keys));
        DefaultJWTClaimsVerifier<SecurityContext> verifier = new DefaultJWTClaimsVerifier<>(
                issuer.audience(),
                new JWTClaimsSet.Builder().issuer(issuer.name()).build(),
                required);
        verifier.setMaxClockSkew(Math.toIntExact(SKEW.toSeconds()));
        processor.setJWTClaimsSetVerifier(verifier);
        return processor;
    }

    /** Returns whom {@code token} speaks for. */
    public Identity verify(String token) throws TokenException {
        try {
            JWT parsed = JWTParser.parse(token);
            // Believed only so far as to choose the keys: the processor then checks signature and claims.
            Trust trust = trusted.get(parsed.getJWTClaimsSet().getIssuer());
            if (trust == null) {
                throw TokenException.refused("token claims refused", null);
            }
            return identity(trust, trust.processor().process(parsed, null));
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

    private static Identity identity(Trust trust, JWTClaimsSet claims) throws ParseException, TokenException {
        String tenant = claims.getStringClaim("tenant");
        String device = claims.getStringClaim("device");
        String scope = claims.getStringClaim("scope");
        boolean mayNameTenant = trust.tenants().isEmpty() || trust.tenants().contains(tenant);
        if (tenant == null
                || !TENANT.matcher(tenant).matches()
                || !mayNameTenant
                || !isName(claims.getSubject())
                || !(device == null || isName(device))) {
            throw TokenException.refused("token claims refused", null);
        }
        return new Identity(
                tenant,
                claims.getSubject(),
                device,
                scope == null
                        ? Set.of()
                        : Set.copyOf(new HashSet<>(List.of(scope.strip().split(" +", -1)))),
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

    /** A JWK set in a file, which may be replaced while the process runs. */
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
