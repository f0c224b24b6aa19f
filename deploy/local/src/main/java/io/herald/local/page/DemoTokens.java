package io.herald.local.page;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.herald.local.story.Cast;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;

/**
 * The issuer of the demonstration's tokens: an ES256 key in a folder, kept from run to run, with its public half beside
 * it for the gateway. Thread-safe.
 */
public final class DemoTokens {
    /** The {@code iss} of all tokens: the gateway's {@code gateway.jwt.issuer}. */
    public static final String ISSUER = "herald-demo";
    /** The {@code aud} of all tokens: the gateway's {@code gateway.jwt.audience}. */
    public static final String AUDIENCE = "herald-gateway";

    static final Duration LIFE = Duration.ofHours(1);
    private static final String PRIVATE = "signing-key.json";
    private static final String PUBLIC = "jwks.json";

    private final Path keySet;
    private final ECKey key;
    private final ECDSASigner signer;
    private final Clock clock;

    private DemoTokens(Path keySet, ECKey key, Clock clock) throws JOSEException {
        this.keySet = keySet;
        this.key = key;
        this.signer = new ECDSASigner(key);
        this.clock = clock;
    }

    /** Uses the key in {@code folder}, made with its folder if there is none. */
    public static DemoTokens in(Path folder) {
        return in(folder, Clock.systemUTC());
    }

    static DemoTokens in(Path folder, Clock clock) {
        try {
            Files.createDirectories(folder);
            Path file = folder.resolve(PRIVATE);
            ECKey key = Files.exists(file) ? ECKey.parse(Files.readString(file)) : generate(file);
            Path keySet = folder.resolve(PUBLIC);
            write(keySet, new JWKSet(key.toPublicJWK()).toString());
            return new DemoTokens(keySet, key, clock);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot keep a key in " + folder, failure);
        } catch (JOSEException | ParseException failure) {
            throw new IllegalStateException("no usable key in " + folder, failure);
        }
    }

    /** Returns where the public key is, as a JWK set: the gateway's {@code gateway.jwt.keys}. */
    public URI keys() {
        return keySet.toUri();
    }

    /** Returns a token for a user of the cast on a device, good for an hour. */
    public String sign(String user, String device) {
        Instant now = clock.instant();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject(user)
                .claim("tenant", Cast.TENANT)
                .claim("device", device)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFE)))
                .jwtID(UUID.randomUUID().toString())
                .build();
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build();
        SignedJWT token = new SignedJWT(header, claims);
        try {
            token.sign(signer);
        } catch (JOSEException failure) {
            throw new IllegalStateException("cannot sign", failure);
        }
        return token.serialize();
    }

    private static ECKey generate(Path file) throws IOException, JOSEException {
        ECKey key = new ECKeyGenerator(Curve.P_256)
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.ES256)
                .keyIDFromThumbprint(true)
                .generate();
        write(file, key.toJSONString());
        return key;
    }

    /** Writes a file that only its owner can read; others see it whole or not at all. */
    private static void write(Path file, String text) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(draft, text);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
