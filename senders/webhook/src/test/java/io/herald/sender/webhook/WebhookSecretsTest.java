package io.herald.sender.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookSecretsTest {
    @TempDir
    private Path folder;

    /** The example of the Standard Webhooks libraries. */
    @Test
    void signsAsTheStandardHasIt() throws Exception {
        WebhookSecrets secrets = WebhookSecrets.parse("acme=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".getBytes(UTF_8));

        assertThat(secrets.signature("acme", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330L, "{\"test\": 2432232314}"))
                .hasValue("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void hasOneForThoseWithoutTheirOwn() throws Exception {
        WebhookSecrets secrets =
                WebhookSecrets.parse(("acme=whsec_" + "A".repeat(32) + "\n*=whsec_" + "B".repeat(32)).getBytes(UTF_8));

        assertThat(secrets.signature("other", "id", 1, "x"))
                .isPresent()
                .isNotEqualTo(secrets.signature("acme", "id", 1, "x"));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(textBlock = """
            acme=MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw,        no whsec_
            acme=whsec_c2hvcnQ=,                          too short to be one
            acme=whsec_!!!!,                              no base64
            'acme=',                                      none
            """)
    void refusesWhatIsNoSecretAndDoesNotQuoteIt(String file, String reason) throws IOException {
        Path secrets = Files.writeString(folder.resolve("secrets"), file);

        assertThatThrownBy(() -> WebhookSecrets.of(secrets))
                .as(reason)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("webhook.secrets.file")
                .hasMessageNotContaining("MfKQ9r8G")
                .hasMessageNotContaining("c2hvcnQ");
    }
}
