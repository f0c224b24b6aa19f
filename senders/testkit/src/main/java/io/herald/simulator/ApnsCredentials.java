package io.herald.simulator;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/**
 * What Apple gives a developer: a team, and a key to sign provider tokens with.
 *
 * @param privateKey content of the {@code .p8} file
 * @param publicKey what the simulator checks signatures with
 */
public record ApnsCredentials(String teamId, String keyId, String privateKey, PublicKey publicKey) {
    private static final int LINE = 64;

    /** Makes up credentials; another key each time. */
    public static ApnsCredentials generate() {
        return generate("HERALDKEY1");
    }

    /** Makes up credentials of the same team with another key. */
    public static ApnsCredentials generate(String keyId) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            return new ApnsCredentials("HERALDTEAM", keyId, pem(pair), pair.getPublic());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has P-256", impossible);
        }
    }

    private static String pem(KeyPair pair) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(LINE, "\n".getBytes(US_ASCII))
                        .encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    /** Keeps the key out of logs. */
    @Override
    public String toString() {
        return "ApnsCredentials[teamId=" + teamId + ", keyId=" + keyId + "]";
    }
}
