package io.herald.sender.apns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApnsConfigTest {
    private static final Map<String, String> REQUIRED =
            Map.of("apns.team.id", "TEAM", "apns.key.id", "KEY", "apns.key.file", "key.p8");

    @Test
    void hasTheseDefaults() {
        assertThat(ApnsConfig.from(REQUIRED))
                .isEqualTo(new ApnsConfig(
                        "TEAM",
                        "KEY",
                        null,
                        Path.of("key.p8"),
                        "",
                        2,
                        Duration.ofSeconds(5),
                        new ApnsConfig.Server("api.push.apple.com", 443),
                        new ApnsConfig.Server("api.sandbox.push.apple.com", 443),
                        null));
    }

    @Test
    void readsEveryKey() {
        Map<String, String> given = new HashMap<>(REQUIRED);
        given.put("apns.key.id.file", "key.id");
        given.put("apns.key.id", "");
        given.put("apns.topic", "io.herald.demo");
        given.put("apns.connections", "4");
        given.put("apns.connect.timeout.ms", "700");
        given.put("apns.production.server", "one:1");
        given.put("apns.sandbox.server", "two:2");
        given.put("apns.trusted.certificates.file", "ca.pem");

        assertThat(given.keySet()).isEqualTo(ApnsConfig.DEF.names());
        assertThat(ApnsConfig.from(given))
                .isEqualTo(new ApnsConfig(
                        "TEAM",
                        "",
                        Path.of("key.id"),
                        Path.of("key.p8"),
                        "io.herald.demo",
                        4,
                        Duration.ofMillis(700),
                        new ApnsConfig.Server("one", 1),
                        new ApnsConfig.Server("two", 2),
                        Path.of("ca.pem")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"apple", "apple:", ":443", "apple:x"})
    void refusesAServerWithoutPort(String server) {
        Map<String, String> given = new HashMap<>(REQUIRED);
        given.put("apns.sandbox.server", server);

        assertThatThrownBy(() -> ApnsConfig.from(given))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("apns.sandbox.server");
    }

    @Test
    void saysWhichFileIsNoKey() {
        assertThatThrownBy(() -> new ApnsProvider(ApnsConfig.from(REQUIRED)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("apns.key.file");
    }

    @Test
    void needsOneIdOrAFileOfIt() {
        Map<String, String> none = new HashMap<>(REQUIRED);
        none.remove("apns.key.id");
        Map<String, String> both = new HashMap<>(REQUIRED);
        both.put("apns.key.id.file", "key.id");

        for (Map<String, String> given : List.of(none, both)) {
            assertThatThrownBy(() -> ApnsConfig.from(given))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("apns.key.id.file");
        }
    }

    @Test
    void isDocumentedInTheReadme() throws Exception {
        String readme = Files.readString(Path.of("README.md"));

        assertThat(ApnsConfig.DEF.names()).allSatisfy(key -> assertThat(readme).contains("`" + key + "`"));
    }
}
