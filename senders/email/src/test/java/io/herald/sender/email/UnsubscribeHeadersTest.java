package io.herald.sender.email;

import static io.herald.sender.email.Deliveries.delivery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.consent.ConsentKeys;
import io.herald.consent.Unsubscribe;
import io.herald.consent.UnsubscribeTokens;
import io.herald.schema.Delivery;
import io.herald.sender.Outcome;
import io.herald.simulator.SesSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What arrives at SES, for a mail program to unsubscribe with. */
class UnsubscribeHeadersTest {
    private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private static final String HOST = "https://mail.herald.example/u/";

    @TempDir
    Path folder;

    private SesSimulator ses;

    @BeforeEach
    void start() {
        ses = SesSimulator.start(0);
    }

    @AfterEach
    void stop() {
        ses.close();
    }

    private Map<String, String> headers(Delivery delivery, String always) throws Exception {
        Path keys = Files.writeString(folder.resolve("keys"), KEY);
        SesConfig config = SesConfig.from(Map.of(
                "ses.from.address",
                "news@herald.example",
                "ses.region",
                "eu-central-1",
                "ses.access.key.id",
                "id",
                "ses.secret.access.key",
                "secret",
                "ses.url",
                ses.url().toString(),
                "ses.unsubscribe.url",
                HOST + "{token}",
                "ses.unsubscribe.key.file",
                keys.toString(),
                "ses.unsubscribe.always",
                always));
        try (SesProvider provider = new SesProvider(config, 1, Duration.ofSeconds(15))) {
            assertThat(provider.send(delivery).toCompletableFuture().get()).isInstanceOf(Outcome.Accepted.class);
        }
        return ses.received().get(0).headers();
    }

    @Test
    void letsAReaderOfMarketingUnsubscribeWithOneClick() throws Exception {
        Map<String, String> headers = headers(delivery().setMarketing(true).build(), "false");

        assertThat(headers).containsEntry("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        String link = headers.get("List-Unsubscribe");
        assertThat(link).startsWith("<" + HOST).endsWith(">");
        ConsentKeys keys = ConsentKeys.parse(KEY);
        assertThat(new UnsubscribeTokens(() -> keys).verify(link.substring(1 + HOST.length(), link.length() - 1)))
                .contains(new Unsubscribe("acme", "alice", "order.shipped"));
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(textBlock = """
            false, 0, a receipt is nothing that one unsubscribes from
            true,  2, but an operator may think otherwise
            """)
    void isForMarketingUnlessForAll(String always, int count, String why) throws Exception {
        assertThat(headers(delivery().build(), always)).as(why).hasSize(count);
    }

    @Test
    void fitsTheLongestNames() throws Exception {
        Delivery longest = delivery()
                .setMarketing(true)
                .setTenant("t".repeat(32))
                .setUser("\u20AC".repeat(128))
                .setCategory("c".repeat(64))
                .build();

        assertThat(headers(longest, "false")).hasSize(2);
    }

    @Test
    void doesNotStartWithoutKeys() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty"), "# none yet");

        assertThatThrownBy(() -> new UnsubscribeHeaders(new SesConfig.Unsubscribing(HOST, empty, false)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("ses.unsubscribe.key.file");
    }
}
