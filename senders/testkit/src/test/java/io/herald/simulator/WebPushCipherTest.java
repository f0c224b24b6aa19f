package io.herald.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import org.junit.jupiter.api.Test;

/** The example of RFC 8291, section 5. */
class WebPushCipherTest {
    private static final byte[] PUBLIC =
            bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
    private static final byte[] PRIVATE = bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94");
    private static final byte[] AUTH = bytes("BTBZMqHH6r4Tts7J_aSIgg");
    private static final byte[] MESSAGE = bytes(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
                    + "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN");

    @Test
    void readsTheExampleOfTheStandard() throws GeneralSecurityException {
        assertThat(WebPushCipher.decrypt(browser(), AUTH, MESSAGE))
                .asString(UTF_8)
                .isEqualTo("When I grow up, I want to be a watermelon");
    }

    @Test
    void refusesWhatIsForAnother() throws GeneralSecurityException {
        KeyPair another = P256.generate();

        assertThatThrownBy(() -> WebPushCipher.decrypt(another, AUTH, MESSAGE)).isInstanceOf(AEADBadTagException.class);
    }

    @Test
    void writesKeysAsItReadsThem() throws GeneralSecurityException {
        assertThat(P256.bytes(P256.publicKey(PUBLIC))).isEqualTo(PUBLIC);
        assertThat(P256.bytes(P256.privateKey(PRIVATE))).isEqualTo(PRIVATE);
    }

    private static KeyPair browser() throws GeneralSecurityException {
        return new KeyPair(P256.publicKey(PUBLIC), P256.privateKey(PRIVATE));
    }

    private static byte[] bytes(String base64) {
        return Base64.getUrlDecoder().decode(base64);
    }
}
