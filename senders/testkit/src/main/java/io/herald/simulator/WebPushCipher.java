package io.herald.simulator;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Reads what was encrypted for a browser (RFC 8291, over the aes128gcm coding of RFC 8188). */
final class WebPushCipher {
    private static final int SALT_BYTES = 16;
    private static final int POINT_BYTES = 65;
    private static final int KEY_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final byte LAST_RECORD = 2;

    private WebPushCipher() {}

    /**
     * Returns the text in a message of one record.
     *
     * @param browser the subscription's keys
     * @throws GeneralSecurityException if it is not encrypted for them, or is malformed
     */
    static byte[] decrypt(KeyPair browser, byte[] auth, byte[] message) throws GeneralSecurityException {
        if (message.length < SALT_BYTES + Integer.BYTES + 1 + POINT_BYTES) {
            throw new GeneralSecurityException("too short");
        }
        ByteBuffer in = ByteBuffer.wrap(message);
        byte[] salt = next(in, SALT_BYTES);
        int recordSize = in.getInt();
        int idLength = in.get();
        if (idLength != POINT_BYTES || in.remaining() - idLength > recordSize) {
            throw new GeneralSecurityException("not one record with the sender's key for its id");
        }
        byte[] sender = next(in, POINT_BYTES);
        byte[] receiver = P256.bytes((ECPublicKey) browser.getPublic());

        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(browser.getPrivate());
        agreement.doPhase(P256.publicKey(sender), true);
        byte[] extracted = hmac(auth, agreement.generateSecret());
        byte[] input = hmac(extracted, "WebPush: info\0".getBytes(US_ASCII), receiver, sender, new byte[] {1});
        byte[] secret = hmac(salt, input);
        byte[] key = expanded(secret, "Content-Encoding: aes128gcm\0\1", KEY_BYTES);
        byte[] nonce = expanded(secret, "Content-Encoding: nonce\0\1", NONCE_BYTES);

        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        byte[] padded = cipher.doFinal(next(in, in.remaining()));
        int end = padded.length - 1;
        while (end >= 0 && padded[end] == 0) {
            end--;
        }
        if (end < 0 || padded[end] != LAST_RECORD) {
            throw new GeneralSecurityException("no end of the last record");
        }
        return Arrays.copyOf(padded, end);
    }

    private static byte[] expanded(byte[] secret, String info, int length) throws GeneralSecurityException {
        return Arrays.copyOf(hmac(secret, info.getBytes(US_ASCII)), length);
    }

    private static byte[] hmac(byte[] key, byte[]... parts) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    private static byte[] next(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
