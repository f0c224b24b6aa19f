package io.herald.sender.sms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.simulator.TwilioSimulator;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TwilioConfigTest {
    private static final String ACCOUNT = TwilioSimulator.ACCOUNT;
    private static final Map<String, String> REQUIRED = Map.of(
            "twilio.account.sid", ACCOUNT,
            "twilio.auth.tokens.file", "/secrets/tokens",
            "twilio.from", "+15005550006",
            "sms.countries", "+1,+49,!+1876");

    @TempDir
    Path folder;

    @Test
    void hasTheseDefaults() {
        assertThat(TwilioConfig.from(REQUIRED))
                .isEqualTo(new TwilioConfig(
                        ACCOUNT,
                        Path.of("/secrets/tokens"),
                        null,
                        "+15005550006",
                        List.of("+1", "+49", "!+1876"),
                        10,
                        new VelocityCaps.Limits(6, 500, 2_000, 100_000),
                        URI.create("https://api.twilio.com"),
                        Duration.ofSeconds(5),
                        ""));
    }

    @Test
    void takesEveryKey() {
        Map<String, String> properties = new HashMap<>(REQUIRED);
        properties.put("twilio.api.key.file", "/secrets/key");
        properties.put("twilio.from", "MG" + "a".repeat(32));
        properties.put("twilio.url", "http://127.0.0.1:9");
        properties.put("twilio.connect.timeout.ms", "70");
        properties.put("sms.segments.max", "3");
        properties.put("sms.cap.prefix.digits", "4");
        properties.put("sms.cap.prefix.segments.per.hour", "5");
        properties.put("sms.cap.prefix.segments.per.day", "6");
        properties.put("sms.cap.account.segments.per.day", "7");
        properties.put("callback.host", "0.0.0.0");
        properties.put("callback.port", "8");
        properties.put("callback.public.url", "https://hooks.example");

        TwilioConfig config = TwilioConfig.from(properties);

        assertThat(config)
                .isEqualTo(new TwilioConfig(
                        ACCOUNT,
                        Path.of("/secrets/tokens"),
                        Path.of("/secrets/key"),
                        "MG" + "a".repeat(32),
                        List.of("+1", "+49", "!+1876"),
                        3,
                        new VelocityCaps.Limits(4, 5, 6, 7),
                        URI.create("http://127.0.0.1:9"),
                        Duration.ofMillis(70),
                        "https://hooks.example"));
        assertThat(config.byService()).isTrue();
        assertThat(properties.keySet()).isEqualTo(TwilioConfig.DEF.names());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    twilio.account.sid               | SK1                | no account
                    twilio.from                      | a very long sender | longer than a sender may be
                    twilio.url                       | http://example.com | messages in the open
                    twilio.url                       | not a url          | no URL
                    sms.countries                    | DE                 | no beginning of a number
                    sms.segments.max                 | 0                  | nothing could be sent
                    sms.cap.prefix.segments.per.hour | -1                 | no number
                    callback.public.url              | hooks.example      | no URL
                    """)
    void refusesWhatCannotWork(String key, String value, String why) {
        Map<String, String> properties = new HashMap<>(REQUIRED);
        properties.put(key, value);

        assertThatThrownBy(() -> TwilioConfig.from(properties))
                .as(why)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "one\ntwo\nthree\n", "\n \n"})
    void refusesAFileThatHoldsNoTokens(String content) {
        Path tokens = Twilio.file(folder, "tokens", content);

        assertThatThrownBy(() -> TwilioCredentials.read(ACCOUNT, tokens, null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("tokens")
                .hasMessageNotContaining("three");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SK1", "a-secret\nSK1", "SK1\na-secret\nmore"})
    void refusesAFileThatHoldsNoKey(String content) {
        Path tokens = Twilio.file(folder, "tokens", "token");
        Path key = Twilio.file(folder, "key", content);

        assertThatThrownBy(() -> TwilioCredentials.read(ACCOUNT, tokens, key))
                .isInstanceOf(ConfigException.class)
                .hasMessageNotContaining("a-secret");
    }

    @Test
    void isDocumentedInTheReadme() throws Exception {
        String readme = Files.readString(Path.of("README.md"));

        assertThat(TwilioConfig.DEF.names())
                .filteredOn(key -> !key.startsWith("callback."))
                .allSatisfy(key -> assertThat(readme).contains("`" + key + "`"));
    }
}
