package io.herald.sender.webpush;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubscriptionTest {
    /** The keys of RFC 8291, appendix A. */
    private static final String POINT =
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";

    private static final String AUTH = "BTBZMqHH6r4Tts7J_aSIgg";

    @Test
    void readsWhatABrowserWrites() {
        assertThat(Subscription.parse(json("https://push.example.net:8443/push/x?y=z", POINT, AUTH)))
                .hasValueSatisfying(subscription -> {
                    assertThat(subscription.origin()).isEqualTo("https://push.example.net:8443");
                    assertThat(subscription.endpoint()).hasPath("/push/x").hasQuery("y=z");
                    assertThat(subscription.toString()).doesNotContain("/push/x");
                });
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(textBlock = """
            '',                BCVx, BTBZMqHH6r4Tts7J_aSIgg, no endpoint
            'not a url',       BCVx, BTBZMqHH6r4Tts7J_aSIgg, no URL
            https://e.example, BCVx, BTBZMqHH6r4Tts7J_aSIgg, no point
            https://e.example, '',   BTBZMqHH6r4Tts7J_aSIgg, no key
            https://e.example, '!',  BTBZMqHH6r4Tts7J_aSIgg, no base64
            https://e.example, BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, \
            BTBZMqHH6r4Tts7J_aSIgg, not on the curve
            """)
    void refusesWhatNothingCanBeEncryptedFor(String endpoint, String point, String auth, String reason) {
        assertThat(Subscription.parse(json(endpoint, point, auth))).as(reason).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            not JSON
            []
            {}
            null
            {"endpoint":"https://e.example"}
            """)
    void refusesWhatIsNoSubscription(String json) {
        assertThat(Subscription.parse(json)).isEmpty();
    }

    @Test
    void refusesASecretOfTheWrongLength() {
        assertThat(Subscription.parse(json("https://e.example", POINT, "BTBZ"))).isEmpty();
    }

    private static String json(String endpoint, String point, String auth) {
        return "{\"endpoint\":\"" + endpoint + "\",\"keys\":{\"p256dh\":\"" + point + "\",\"auth\":\"" + auth + "\"}}";
    }
}
