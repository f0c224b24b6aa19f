package io.herald.sender.email;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SesConfigTest {
    private static final Map<String, String> REQUIRED =
            Map.of("ses.from.address", "news@herald.example", "ses.region", "eu-central-1");

    @Test
    void hasTheseDefaults() {
        assertThat(SesConfig.from(REQUIRED))
                .isEqualTo(new SesConfig(
                        "news@herald.example",
                        "",
                        "eu-central-1",
                        null,
                        null,
                        null,
                        Duration.ofSeconds(5),
                        null,
                        Duration.ofMinutes(3)));
    }

    @Test
    void takesEveryKey() {
        Map<String, String> properties = Map.ofEntries(
                entry("ses.from.address", "a@b.c"),
                entry("ses.from.name", "Herald"),
                entry("ses.region", "r"),
                entry("ses.configuration.set", "set"),
                entry("ses.access.key.id", "id"),
                entry("ses.secret.access.key", "secret"),
                entry("ses.url", "http://127.0.0.1:9"),
                entry("ses.connect.timeout.ms", "70"),
                entry("ses.unsubscribe.url", "https://a.b/u?t={token}"),
                entry("ses.unsubscribe.key.file", "keys"),
                entry("ses.unsubscribe.always", "true"),
                entry("ses.account.poll.ms", "80"));

        SesConfig config = SesConfig.from(properties);

        assertThat(config)
                .isEqualTo(new SesConfig(
                        "a@b.c",
                        "Herald",
                        "r",
                        "set",
                        new SesConfig.Keys("id", "secret"),
                        URI.create("http://127.0.0.1:9"),
                        Duration.ofMillis(70),
                        new SesConfig.Unsubscribing("https://a.b/u?t={token}", Path.of("keys"), true),
                        Duration.ofMillis(80)));
        assertThat(config.toString()).doesNotContain("secret");
        assertThat(properties.keySet()).isEqualTo(SesConfig.DEF.names());
    }

    @Test
    void refusesWhatCannotWork() {
        refuses("ses.from.address", "nobody");
        refuses("ses.url", "http://example.com");
        refuses("ses.url", "not a url");
        refuses("ses.access.key.id", "alone");
        refuses("ses.unsubscribe.url", "https://a.b/{token}");
        refuses("ses.unsubscribe.key.file", "alone");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(textBlock = """
            http://a.b/{token},       links in mails go over any network
            https://a.b/unsubscribe,  no place for the token
            https:///{token},         no host
            'https://a b/{token}',    not a URL
            https://bücher.example/{token}, a header is ASCII
            """)
    void refusesALinkThatMailProgramsWould(String url, String why) {
        Map<String, String> properties = new HashMap<>(REQUIRED);
        properties.put("ses.unsubscribe.url", url);
        properties.put("ses.unsubscribe.key.file", "keys");

        assertThatThrownBy(() -> SesConfig.from(properties))
                .as(why)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("ses.unsubscribe.url");
    }

    @Test
    void isDocumentedInTheReadme() throws Exception {
        String readme = Files.readString(Path.of("README.md"));

        assertThat(EmailSender.keys().names())
                .allSatisfy(key -> assertThat(readme).contains("`" + key + "`"));
    }

    private static void refuses(String key, String value) {
        Map<String, String> properties = new HashMap<>(REQUIRED);
        properties.put(key, value);
        assertThatThrownBy(() -> SesConfig.from(properties))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key);
    }
}
