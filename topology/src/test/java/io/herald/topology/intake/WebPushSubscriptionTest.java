package io.herald.topology.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.herald.topology.testing.WebPush;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebPushSubscriptionTest {
    private static final String ENDPOINT = "https://push.example.org/send/1";
    private static final String KEPT = WebPush.subscription(ENDPOINT);
    private static final Base64.Encoder PADDED = Base64.getUrlEncoder();

    @Test
    void whatABrowserGivesIsKeptInOneForm() {
        byte[] point = new byte[65];
        point[0] = 4;
        String given = """
                { "keys": { "auth": "%s", "p256dh": "%s" },
                  "expirationTime": null,
                  "endpoint": "%s" }
                """.formatted(PADDED.encodeToString(new byte[16]), PADDED.encodeToString(point), ENDPOINT);
        assertThat(WebPushSubscription.checked("token", given)).isEqualTo(KEPT);
        assertThat(WebPushSubscription.checked("token", KEPT)).as("once more").isEqualTo(KEPT);
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            .*                         | token-1                        | token             | no JSON
            .*                         | []                             | token.endpoint    | no object
            .*                         | ``                             | token.endpoint    | nothing
            \\}$                       | }x                             | token             | something behind it
            "keys"                     | "endpoint":"","keys"           | token             | an endpoint twice
            "endpoint"                 | "url"                          | token.endpoint    | no endpoint
            "https[^"]*"               | 1                              | token.endpoint    | an endpoint that is no text
            https                      | http                           | token.endpoint    | an endpoint that anybody can read
            https://                   | https://me@                    | token.endpoint    | a user
            "p256dh"                   | "key"                          | token.keys.p256dh | no key
            "p256dh":"[^"]*"           | "p256dh":"BAAA"                | token.keys.p256dh | a key too short
            "p256dh":"BAAA             | "p256dh":"BAA+                 | token.keys.p256dh | base64 that is not for URLs
            "p256dh":"BA               | "p256dh":"AA                   | token.keys.p256dh | a compressed point
            "auth"                     | "secret"                       | token.keys.auth   | no secret
            "auth":"[^"]*"             | "auth":"AAAA"                  | token.keys.auth   | a secret too short
            "auth":"AAAA               | "auth":"AAAAAAAA               | token.keys.auth   | a secret too long
            """)
    void whatCannotBePushedToIsRefused(String part, String instead, String field, String why) {
        String given = KEPT.replaceFirst(part, instead);
        assertThat(given).isNotEqualTo(KEPT);
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> WebPushSubscription.checked("token", given));
        assertThat(refused).as(given).isNotNull();
        assertThat(refused.field()).isEqualTo(field);
        assertThat(refused.getMessage()).doesNotContain("AAAA").doesNotContain("example");
    }
}
