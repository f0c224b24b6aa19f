package io.herald.sender.fcm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class FcmConfigTest {
    @Test
    void hasTheseDefaults() {
        assertThat(FcmConfig.from(Map.of("fcm.project.id", "p", "fcm.credentials.file", "/key.json")))
                .isEqualTo(new FcmConfig(
                        "p",
                        Path.of("/key.json"),
                        null,
                        URI.create("https://fcm.googleapis.com"),
                        4,
                        Duration.ofSeconds(5)));
    }

    @Test
    void takesEveryKey() {
        Map<String, String> properties = Map.of(
                "fcm.project.id", "p",
                "fcm.access.token", "secret",
                "fcm.url", "http://127.0.0.1:9",
                "fcm.connections", "9",
                "fcm.connect.timeout.ms", "70");

        FcmConfig config = FcmConfig.from(properties);

        assertThat(config)
                .isEqualTo(
                        new FcmConfig("p", null, "secret", URI.create("http://127.0.0.1:9"), 9, Duration.ofMillis(70)));
        assertThat(config.toString()).doesNotContain("secret");
        assertThat(FcmConfig.DEF.names()).hasSize(properties.size() + 1).contains("fcm.credentials.file");
    }

    @Test
    void wantsExactlyOneCredential() {
        assertThatThrownBy(() -> FcmConfig.from(Map.of("fcm.project.id", "p")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("fcm.credentials.file");
        assertThatThrownBy(() -> FcmConfig.from(
                        Map.of("fcm.project.id", "p", "fcm.access.token", "t", "fcm.credentials.file", "f")))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void keepsCredentialsOffPlainHttp() {
        assertThatThrownBy(() -> FcmConfig.from(
                        Map.of("fcm.project.id", "p", "fcm.access.token", "t", "fcm.url", "http://example.com")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("https");
    }

    @Test
    void saysWhenTheKeyCannotBeRead() {
        FcmConfig config = FcmConfig.from(Map.of("fcm.project.id", "p", "fcm.credentials.file", "/nowhere.json"));

        assertThatThrownBy(() -> new FcmProvider(config, Duration.ofSeconds(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("fcm.credentials.file");
    }
}
