package io.herald.sender.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class SesConfigTest {
    private static final Map<String, String> REQUIRED =
            Map.of("ses.from.address", "news@herald.example", "ses.region", "eu-central-1");

    @Test
    void hasTheseDefaults() {
        assertThat(SesConfig.from(REQUIRED))
                .isEqualTo(new SesConfig(
                        "news@herald.example", "", "eu-central-1", null, null, null, Duration.ofSeconds(5)));
    }

    @Test
    void takesEveryKey() {
        Map<String, String> properties = Map.of(
                "ses.from.address", "a@b.c",
                "ses.from.name", "Herald",
                "ses.region", "r",
                "ses.configuration.set", "set",
                "ses.access.key.id", "id",
                "ses.secret.access.key", "secret",
                "ses.url", "http://127.0.0.1:9",
                "ses.connect.timeout.ms", "70");

        SesConfig config = SesConfig.from(properties);

        assertThat(config)
                .isEqualTo(new SesConfig(
                        "a@b.c",
                        "Herald",
                        "r",
                        "set",
                        new SesConfig.Keys("id", "secret"),
                        URI.create("http://127.0.0.1:9"),
                        Duration.ofMillis(70)));
        assertThat(config.toString()).doesNotContain("secret");
        assertThat(properties.keySet()).isEqualTo(SesConfig.DEF.names());
    }

    @Test
    void refusesWhatCannotWork() {
        refuses("ses.from.address", "nobody");
        refuses("ses.url", "http://example.com");
        refuses("ses.url", "not a url");
        refuses("ses.access.key.id", "alone");
    }

    private static void refuses(String key, String value) {
        Map<String, String> properties = new HashMap<>(REQUIRED);
        properties.put(key, value);
        assertThatThrownBy(() -> SesConfig.from(properties))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key);
    }
}
