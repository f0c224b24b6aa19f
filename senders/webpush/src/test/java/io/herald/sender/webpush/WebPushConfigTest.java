package io.herald.sender.webpush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebPushConfigTest {
    private static final Map<String, String> LEAST =
            Map.of("webpush.vapid.keys.file", "/vapid.json", "webpush.vapid.subject", "mailto:push@example.com");

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(textBlock = """
            fcm.googleapis.com,                true,  Chrome
            FCM.googleapis.com,                true,  names know no case
            updates.push.services.mozilla.com, true,  Firefox
            web.push.apple.com,                true,  Safari
            wns2-bl2p.notify.windows.com,      true,  Edge
            notify.windows.com,                false, nothing below
            evil-push.apple.com.example.com,   false, Apple only at the beginning
            evilpush.apple.com,                false, no dot before it
            fcm.googleapis.com.example.com,    false, Google only at the beginning
            169.254.169.254,                   false, no push service at all
            """)
    void allowsTheFourLargePushServices(String host, boolean allowed, String reason) {
        assertThat(WebPushConfig.from(LEAST).allows(host)).as(reason).isEqualTo(allowed);
    }

    @Test
    void keepsThisHostOutByDefault() {
        assertThat(WebPushConfig.from(LEAST).egress().allowLoopback()).isFalse();
        assertThat(WebPushConfig.from(LEAST).egress().ports()).containsExactly(443);
    }

    @Test
    void wantsToKnowWhomPushServicesMayAsk() {
        assertThatThrownBy(() -> WebPushConfig.from(
                        Map.of("webpush.vapid.keys.file", "/vapid.json", "webpush.vapid.subject", "example.com")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("webpush.vapid.subject");
    }
}
