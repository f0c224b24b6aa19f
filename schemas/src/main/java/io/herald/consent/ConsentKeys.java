package io.herald.consent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys that unsubscribe links are made and checked with: the first makes them, any of them checks.
 *
 * <p>To rotate, put a new key before the others; remove an old one when no mail matters any more that was sent while it
 * was the first.
 */
public final class ConsentKeys {
    private static final int LEAST_BYTES = 32;
    private static final String ALGORITHM = "HmacSHA256";
    /** So that a secret used for something else as well gives no key for this. */
    private static final byte[] PURPOSE = "herald unsubscribe link 1".getBytes(UTF_8);

    private static final byte[] ID = "herald unsubscribe key id 1".getBytes(UTF_8);

    private final List<Key> keys;

    private ConsentKeys(List<Key> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * A key.
     *
     * @param id names it in tokens, and tells nothing of it
     */
    record Key(int id, SecretKey secret) {}

    /**
     * Returns the keys in {@code lines}, one in each: 32 random bytes or more in base64, as {@code openssl rand -base64
     * 32} prints. Empty lines and those that begin with # are left out.
     *
     * @throws IOException if there is none, or something else
     * @throws GeneralSecurityException if one is too short
     */
    public static ConsentKeys parse(String lines) throws IOException, GeneralSecurityException {
        List<Key> keys = new ArrayList<>();
        for (String line : lines.lines().map(String::strip).toList()) {
            if (!line.isEmpty() && !line.startsWith("#")) {
                keys.add(key(line));
            }
        }
        if (keys.isEmpty()) {
            throw new IOException("no key");
        }
        return new ConsentKeys(keys);
    }

    private static Key key(String line) throws IOException, GeneralSecurityException {
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(line);
        } catch (IllegalArgumentException malformed) {
            throw new IOException("a line is not base64", malformed);
        }
        if (secret.length < LEAST_BYTES) {
            throw new InvalidKeyException("a key has fewer than " + LEAST_BYTES + " bytes");
        }
        return new Key(
                ByteBuffer.wrap(derived(secret, ID)).getInt(), new SecretKeySpec(derived(secret, PURPOSE), "AES"));
    }

    private static byte[] derived(byte[] secret, byte[] label) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(ALGORITHM);
        mac.init(new SecretKeySpec(secret, ALGORITHM));
        return mac.doFinal(label);
    }

    Key newest() {
        return keys.get(0);
    }

    /** Returns the keys with this id: one or none, but for a rare accident. */
    List<Key> named(int id) {
        return keys.stream().filter(key -> key.id() == id).toList();
    }

    /** Keeps out the keys. */
    @Override
    public String toString() {
        return "ConsentKeys[" + keys.size() + "]";
    }
}
