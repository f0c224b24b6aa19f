package io.herald.sender.sms;

import static org.assertj.core.api.Assertions.assertThat;

import com.twilio.http.TwilioRestClient;
import io.herald.sender.sms.TwilioCredentials.Login;
import io.herald.simulator.TwilioSimulator;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** That files are read again is SecretFiles' own test. */
class TwilioCredentialsTest {
    private static final String URL = "https://hooks.example/";

    private final AtomicReference<List<String>> tokens = new AtomicReference<>(List.of("old"));
    private final AtomicReference<Login> login = new AtomicReference<>(new Login("SK1", "one"));
    private final TwilioCredentials credentials = new TwilioCredentials(tokens::get, login::get);
    private final TwilioTransport transport =
            new TwilioTransport(URI.create("http://127.0.0.1:1"), Duration.ofSeconds(1), Duration.ofSeconds(1));

    @Test
    void takesANewTokenBesideTheOldAndThenAlone() {
        assertThat(takes("old")).isTrue();
        assertThat(takes("new")).isFalse();

        tokens.set(List.of("old", "new"));
        assertThat(takes("old")).isTrue();
        assertThat(takes("new")).isTrue();

        tokens.set(List.of("new"));
        assertThat(takes("old")).isFalse();
        assertThat(takes("new")).isTrue();
    }

    @Test
    void logsInAnewOnlyWhenTheKeyChanges() {
        TwilioRestClient first = client();
        assertThat(client()).isSameAs(first);

        login.set(new Login("SK2", "two"));

        assertThat(client()).isNotSameAs(first);
        assertThat(client().getAccountSid()).as("whoever logs in").isEqualTo(TwilioSimulator.ACCOUNT);
    }

    @Test
    void keepsSecretsOutOfText() {
        assertThat(login.get()).asString().contains("SK1").doesNotContain("one");
    }

    private TwilioRestClient client() {
        return credentials.client(TwilioSimulator.ACCOUNT, transport);
    }

    private boolean takes(String token) {
        String signature = TwilioSimulator.signature(token, URL, Map.of("a", "b"));
        return credentials.validators().stream().anyMatch(each -> each.validate(URL, Map.of("a", "b"), signature));
    }
}
