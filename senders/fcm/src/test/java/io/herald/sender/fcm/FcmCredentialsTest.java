package io.herald.sender.fcm;

import static io.herald.sender.fcm.Deliveries.TOKEN;
import static io.herald.sender.fcm.Deliveries.delivery;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.herald.sender.Outcome;
import io.herald.simulator.FcmSimulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Google's token server, as far as a service account meets it. */
@Timeout(60)
class FcmCredentialsTest {
    private final AtomicInteger tokens = new AtomicInteger();

    @TempDir
    private Path directory;

    private FcmSimulator fcm;
    private HttpServer google;

    @BeforeEach
    void start() throws IOException {
        fcm = FcmSimulator.start(0);
        fcm.register(TOKEN);
        google = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @AfterEach
    void stop() {
        google.stop(0);
        fcm.close();
    }

    @Test
    void fetchesOneTokenForManyMessages() throws IOException, NoSuchAlgorithmException {
        answer(200, "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":3600}");
        try (FcmProvider provider = provider()) {
            assertThat(send(provider)).isInstanceOf(Outcome.Accepted.class);
            assertThat(send(provider)).isInstanceOf(Outcome.Accepted.class);
        }
        assertThat(tokens).hasValue(1);
    }

    @Test
    void blamesTheConfigurationWhenTheAccountIsRefused() throws IOException, NoSuchAlgorithmException {
        answer(400, "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT Signature.\"}");
        try (FcmProvider provider = provider()) {
            assertThat(send(provider))
                    .isEqualTo(Outcome.Misconfigured.ofAll("no access token: the service account is refused"));
        }
        assertThat(fcm.count()).isZero();
    }

    @Test
    void retriesWhenTheTokenServerIsAway() throws IOException, NoSuchAlgorithmException {
        answer(503, "");
        try (FcmProvider provider = provider()) {
            assertThat(send(provider)).isEqualTo(Outcome.Retry.ofAll(Duration.ZERO, "no access token"));
        }
        assertThat(fcm.count()).isZero();
    }

    private static Outcome send(FcmProvider provider) {
        return provider.send(delivery().build())
                .toCompletableFuture()
                .orTimeout(40, TimeUnit.SECONDS)
                .join();
    }

    private void answer(int status, String body) {
        google.createContext("/token", exchange -> {
            try (exchange) {
                tokens.incrementAndGet();
                exchange.getRequestBody().readAllBytes();
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                byte[] bytes = body.getBytes(UTF_8);
                exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        google.start();
    }

    private FcmProvider provider() throws IOException, NoSuchAlgorithmException {
        KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
        keys.initialize(2048);
        String key = Base64.getEncoder()
                .encodeToString(keys.generateKeyPair().getPrivate().getEncoded());
        Path file = directory.resolve("account.json");
        Files.writeString(
                file,
                "{\"type\":\"service_account\",\"project_id\":\"p\",\"private_key_id\":\"k\",\"private_key\":"
                        + "\"-----BEGIN PRIVATE KEY-----\\n" + key + "\\n-----END PRIVATE KEY-----\\n\","
                        + "\"client_email\":\"sender@p.example\",\"client_id\":\"1\",\"token_uri\":\"http://127.0.0.1:"
                        + google.getAddress().getPort() + "/token\"}");
        return new FcmProvider(
                new FcmConfig("p", file, null, fcm.url(), 2, Duration.ofSeconds(5)), Duration.ofSeconds(15));
    }
}
