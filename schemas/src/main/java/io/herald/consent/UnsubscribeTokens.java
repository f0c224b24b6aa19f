package io.herald.consent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * The tokens in unsubscribe links: they name tenant, user and category to us, and nothing to anybody else.
 *
 * <p>A link in a mail passes through archives, scanners and the logs of proxies, so what it names is sealed by AES-GCM,
 * which signs as well: nobody without a key can read, change or make one. A token does not expire, as RFC 8058 asks for
 * links that work without a login for as long as somebody may keep a mail; removing its key ends it. Two tokens for the
 * same are different. Thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8058">RFC 8058: one-click unsubscribe</a>
 */
public final class UnsubscribeTokens {
    /** No token for what Herald takes as tenant, user and category is longer. */
    public static final int LONGEST = 700;

    private static final byte VERSION = 1;
    private static final int ID_BYTES = Integer.BYTES;
    private static final int NONCE_BYTES = 12;
    private static final int HEAD_BYTES = 1 + ID_BYTES + NONCE_BYTES;
    private static final int TAG_BITS = 128;
    private static final int FIELDS = 3;
    private static final String CIPHER = "AES/GCM/NoPadding";

    private final Supplier<ConsentKeys> keys;
    private final SecureRandom random = new SecureRandom();

    /**
     * Creates a maker and checker.
     *
     * @param keys asked each time, as they may change
     */
    public UnsubscribeTokens(Supplier<ConsentKeys> keys) {
        this.keys = keys;
    }

    /** Returns a token of A-Z, a-z, 0-9, '-' and '_', made with the first key. */
    public String token(Unsubscribe what) {
        ConsentKeys.Key key = keys.get().newest();
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] head = ByteBuffer.allocate(HEAD_BYTES)
                .put(VERSION)
                .putInt(key.id())
                .put(nonce)
                .array();
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, head).doFinal(bytes(what));
            byte[] token = Arrays.copyOf(head, head.length + sealed.length);
            System.arraycopy(sealed, 0, token, head.length, sealed.length);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has AES-GCM", impossible);
        }
    }

    /** Returns what a token stands for; nothing if it was not made with one of the keys, or was changed. */
    public Optional<Unsubscribe> verify(String token) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
        // The decoder forgives what the encoder would not write: of each token there is one spelling.
        boolean ours = bytes.length >= HEAD_BYTES + TAG_BITS / Byte.SIZE
                && bytes[0] == VERSION
                && Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(token);
        return ours
                ? keys.get().named(ByteBuffer.wrap(bytes).getInt(1)).stream()
                        .flatMap(key -> opened(key, bytes).stream())
                        .findFirst()
                : Optional.empty();
    }

    private static Optional<Unsubscribe> opened(ConsentKeys.Key key, byte[] token) {
        try {
            byte[] head = Arrays.copyOf(token, HEAD_BYTES);
            byte[] sealed = Arrays.copyOfRange(token, HEAD_BYTES, token.length);
            return read(ByteBuffer.wrap(cipher(Cipher.DECRYPT_MODE, key, head).doFinal(sealed)));
        } catch (GeneralSecurityException forged) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(int mode, ConsentKeys.Key key, byte[] head) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key.secret(), new GCMParameterSpec(TAG_BITS, head, 1 + ID_BYTES, NONCE_BYTES));
        cipher.updateAAD(head);
        return cipher;
    }

    private static byte[] bytes(Unsubscribe what) {
        byte[][] fields = {
            what.tenant().getBytes(UTF_8),
            what.user().getBytes(UTF_8),
            what.category().getBytes(UTF_8)
        };
        ByteBuffer all =
                ByteBuffer.allocate(FIELDS * Short.BYTES + fields[0].length + fields[1].length + fields[2].length);
        for (byte[] field : fields) {
            all.putShort((short) field.length).put(field);
        }
        return all.array();
    }

    private static Optional<Unsubscribe> read(ByteBuffer all) {
        String[] fields = new String[FIELDS];
        try {
            for (int i = 0; i < FIELDS; i++) {
                ByteBuffer field =
                        all.slice(all.position() + Short.BYTES, Short.toUnsignedInt(all.getShort(all.position())));
                fields[i] = UTF_8.newDecoder().decode(field.duplicate()).toString();
                all.position(all.position() + Short.BYTES + field.capacity());
            }
        } catch (CharacterCodingException | IndexOutOfBoundsException notOurs) {
            return Optional.empty();
        }
        return Optional.of(new Unsubscribe(fields[0], fields[1], fields[2]));
    }
}
