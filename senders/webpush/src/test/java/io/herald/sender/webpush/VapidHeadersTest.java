package io.herald.sender.webpush;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.zerodeplibs.webpush.VAPIDKeyPair;
import io.herald.simulator.WebPushSimulator;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class VapidHeadersTest {
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final VapidHeaders headers = new VapidHeaders("mailto:push@example.com");

    @Test
    void claimsTheOriginForHalfADay() throws Exception {
        JsonObject claims = claims(header(key(), "https://web.push.apple.com", now));

        assertThat(claims.getString("aud")).isEqualTo("https://web.push.apple.com");
        assertThat(claims.getString("sub")).isEqualTo("mailto:push@example.com");
        assertThat(Instant.ofEpochSecond(claims.getLong("exp"))).isEqualTo(now.plus(VapidHeaders.LIFE));
    }

    @Test
    void keepsOneForEachServiceAndKeyUntilShortlyBeforeItsEnd() throws Exception {
        VAPIDKeyPair key = key();
        String first = header(key, "https://web.push.apple.com", now);

        assertThat(header(
                        key,
                        "https://web.push.apple.com",
                        now.plus(VapidHeaders.LIFE).minus(VapidHeaders.AHEAD)))
                .isEqualTo(first);
        assertThat(header(
                        key,
                        "https://web.push.apple.com",
                        now.plus(VapidHeaders.LIFE).minus(VapidHeaders.AHEAD).plusSeconds(1)))
                .isNotEqualTo(first);
        assertThat(header(key, "https://fcm.googleapis.com", now)).isNotEqualTo(first);
        assertThat(header(key(), "https://web.push.apple.com", now)).isNotEqualTo(first);
    }

    private String header(VAPIDKeyPair key, String origin, Instant at) {
        return headers.authorization(key, URI.create(origin + "/some/secret"), origin, at);
    }

    private static VAPIDKeyPair key() throws IOException, GeneralSecurityException {
        JsonObject file = new JsonObject().put("k", WebPushSimulator.vapidKeys());
        return VapidKeys.parse(file.encode().getBytes(UTF_8)).find("k").orElseThrow();
    }

    private static JsonObject claims(String header) {
        String token = header.substring("vapid t=".length(), header.indexOf(','));
        return new JsonObject(new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), UTF_8));
    }
}
