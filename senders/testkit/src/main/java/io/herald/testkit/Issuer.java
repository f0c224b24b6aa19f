package io.herald.testkit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** Issues tokens, good ones and bad ones, and publishes its keys in a file. */
public final class Issuer {
    public static final String NAME = "https://issuer.test";
    public static final String AUDIENCE = "herald";

    private final ECKey ec = ec("ec-1");
    private final RSAKey rsa = rsa();

    /** Writes the public keys to {@code file}. */
    public Path publish(Path file) {
        return write(file, new JWKSet(List.of(ec.toPublicJWK(), rsa.toPublicJWK())));
    }

    public static Path write(Path file, JWKSet keys) {
        try {
            return Files.writeString(file, keys.toString(true));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Returns the claims of a good token; a test spoils what it likes. */
    public static JWTClaimsSet.Builder claims(String user, String device) {
        return new JWTClaimsSet.Builder()
                .issuer(NAME)
                .audience(AUDIENCE)
                .subject(user)
                .claim("tenant", "demo")
                .claim("device", device)
                .notBeforeTime(Date.from(Instant.now().minusSeconds(1)))
                .expirationTime(Date.from(Instant.now().plusSeconds(300)));
    }

    /** Returns a good token. */
    public String token(String user, String device) {
        return es256(claims(user, device));
    }

    public String es256(JWTClaimsSet.Builder claims) {
        return es256(ec, claims);
    }

    public static String es256(ECKey key, JWTClaimsSet.Builder claims) {
        try {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                    .keyID(key.getKeyID())
                    .build();
            return signed(header, new ECDSASigner(key), claims);
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public String rs256(JWTClaimsSet.Builder claims) {
        return rsa(JWSAlgorithm.RS256, claims);
    }

    /** Signed by the right key with an algorithm that no door takes. */
    public String ps256(JWTClaimsSet.Builder claims) {
        return rsa(JWSAlgorithm.PS256, claims);
    }

    private String rsa(JWSAlgorithm algorithm, JWTClaimsSet.Builder claims) {
        try {
            JWSHeader header =
                    new JWSHeader.Builder(algorithm).keyID(rsa.getKeyID()).build();
            return signed(header, new RSASSASigner(rsa), claims);
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** The classic confusion: the public key, which everyone has, used as a shared secret. */
    public String hs256WithThePublicKey(JWTClaimsSet.Builder claims) {
        try {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                    .keyID(rsa.getKeyID())
                    .build();
            return signed(header, new MACSigner(rsa.toRSAPublicKey().getEncoded()), claims);
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public static String unsigned(JWTClaimsSet.Builder claims) {
        return new PlainJWT(claims.build()).serialize();
    }

    /** A good token with one character of its claims changed. */
    public String tampered(JWTClaimsSet.Builder claims) {
        String[] parts = es256(claims).split("\\.", -1);
        char[] body = parts[1].toCharArray();
        body[10] = body[10] == 'A' ? 'B' : 'A';
        return parts[0] + "." + new String(body) + "." + parts[2];
    }

    public static ECKey ec(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static RSAKey rsa() {
        try {
            return new RSAKeyGenerator(2048).keyID("rsa-1").generate();
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static String signed(JWSHeader header, JWSSigner signer, JWTClaimsSet.Builder claims) throws JOSEException {
        SignedJWT token = new SignedJWT(header, claims.build());
        token.sign(signer);
        return token.serialize();
    }
}
