package io.herald.sender.webpush;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zerodeplibs.webpush.VAPIDKeyPair;
import com.zerodeplibs.webpush.VAPIDKeyPairs;
import com.zerodeplibs.webpush.key.PrivateKeySources;
import com.zerodeplibs.webpush.key.PublicKeySources;
import java.io.IOException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The keys that we sign with, by id: a subscription is bound to the one that it was made with (RFC 8292 §4.2). */
final class VapidKeys {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int COORDINATE_BYTES = 32;
    private static final int UNCOMPRESSED = 4;

    private final Map<String, VAPIDKeyPair> pairs;

    private VapidKeys(Map<String, VAPIDKeyPair> pairs) {
        this.pairs = Map.copyOf(pairs);
    }

    /**
     * Reads all keys.
     *
     * @throws IOException if it is no such JSON
     * @throws GeneralSecurityException if there is none, or one whose halves do not belong together
     */
    static VapidKeys parse(byte[] json) throws IOException, GeneralSecurityException {
        Map<String, VAPIDKeyPair> pairs = new HashMap<>();
        for (Map.Entry<String, JsonNode> each : JSON.readTree(json).properties()) {
            pairs.put(
                    each.getKey(),
                    pair(
                            decoded(each.getValue().path("publicKey")),
                            decoded(each.getValue().path("privateKey"))));
        }
        if (pairs.isEmpty()) {
            throw new InvalidKeyException("no key");
        }
        return new VapidKeys(pairs);
    }

    Optional<VAPIDKeyPair> find(String id) {
        return Optional.ofNullable(pairs.get(id));
    }

    private static byte[] decoded(JsonNode text) {
        return Base64.getUrlDecoder().decode(text.asText());
    }

    private static VAPIDKeyPair pair(byte[] point, byte[] scalar) throws GeneralSecurityException {
        if (point.length != 1 + 2 * COORDINATE_BYTES || point[0] != UNCOMPRESSED || scalar.length != COORDINATE_BYTES) {
            throw new InvalidKeyException("not a P-256 key in its raw form");
        }
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        ECParameterSpec p256 = curve.getParameterSpec(ECParameterSpec.class);
        BigInteger x = new BigInteger(1, Arrays.copyOfRange(point, 1, 1 + COORDINATE_BYTES));
        BigInteger y = new BigInteger(1, Arrays.copyOfRange(point, 1 + COORDINATE_BYTES, point.length));
        KeyFactory keys = KeyFactory.getInstance("EC");
        ECPublicKey publicKey = (ECPublicKey) keys.generatePublic(new ECPublicKeySpec(new ECPoint(x, y), p256));
        ECPrivateKey privateKey =
                (ECPrivateKey) keys.generatePrivate(new ECPrivateKeySpec(new BigInteger(1, scalar), p256));
        requireFit(publicKey, privateKey);
        return VAPIDKeyPairs.of(
                PrivateKeySources.ofECPrivateKey(privateKey), PublicKeySources.ofECPublicKey(publicKey));
    }

    private static void requireFit(ECPublicKey publicKey, ECPrivateKey privateKey) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(privateKey);
        signature.update(publicKey.getEncoded());
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(publicKey.getEncoded());
        if (!signature.verify(signed)) {
            throw new InvalidKeyException("the halves of a key do not belong together");
        }
    }
}
