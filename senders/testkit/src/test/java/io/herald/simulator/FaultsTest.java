package io.herald.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every fault at every simulator, as a client of the JDK meets it. */
@Timeout(60)
class FaultsTest {
    private static final Duration LIMIT = Duration.ofMillis(1_500);
    private static final Duration LATENCY = Duration.ofMillis(400);
    private static final String TOKEN = "a1".repeat(32);

    /** A simulator, and a request that it takes when it is well. */
    private record Target(Simulator<?> simulator, HttpClient.Builder clients, HttpRequest request)
            implements AutoCloseable {
        HttpResponse<String> send(HttpClient client) throws IOException, InterruptedException {
            return client.send(request, BodyHandlers.ofString());
        }

        @Override
        public void close() {
            simulator.close();
        }
    }

    private enum Provider {
        APNS(503, 403) {
            @Override
            Target start() throws Exception {
                ApnsSimulator apns = ApnsSimulator.start(0);
                apns.register(TOKEN);
                return new Target(
                        apns,
                        HttpClient.newBuilder().sslContext(trusting(apns.certificatePem())),
                        request(
                                URI.create("https://localhost:" + apns.port() + "/3/device/" + TOKEN),
                                "{\"aps\":{\"alert\":\"hi\"},\"deliveryId\":\"d-1\"}",
                                "authorization",
                                "bearer " + apnsToken(apns.credentials()),
                                "apns-topic",
                                "com.acme",
                                "apns-push-type",
                                "alert"));
            }
        },
        FCM(503, 401) {
            @Override
            Target start() {
                FcmSimulator fcm = FcmSimulator.start(0);
                fcm.register("token:1234");
                return plain(
                        fcm,
                        HttpClient.Version.HTTP_1_1,
                        request(
                                fcm.url().resolve("/v1/projects/p/messages:send"),
                                "{\"message\":{\"token\":\"token:1234\",\"data\":{\"deliveryId\":\"d-1\"}}}",
                                "Authorization",
                                "Bearer x"));
            }
        },
        FCM_OVER_HTTP_2(503, 401) {
            @Override
            Target start() throws Exception {
                Target fcm = FCM.start();
                // Without TLS, HTTP/2 begins with an upgrade.
                return plain(fcm.simulator(), HttpClient.Version.HTTP_2, fcm.request());
            }
        },
        SES(503, 403) {
            @Override
            Target start() {
                SesSimulator ses = SesSimulator.start(0);
                return plain(
                        ses,
                        HttpClient.Version.HTTP_1_1,
                        request(
                                ses.url().resolve("/v2/email/outbound-emails"),
                                "{\"FromEmailAddress\":\"a@acme.example\",\"Destination\":{\"ToAddresses\":[\"b@b.example\"]},"
                                        + "\"Content\":{\"Simple\":{\"Subject\":{\"Data\":\"s\"},\"Body\":{\"Text\":{\"Data\":\"t\"}}}},"
                                        + "\"EmailTags\":[{\"Name\":\"deliveryId\",\"Value\":\"d-1\"}]}",
                                "X-Amz-Date",
                                "20300101T000000Z",
                                "Authorization",
                                "AWS4-HMAC-SHA256 Credential=k/20300101/eu-west-1/ses/aws4_request, "
                                        + "SignedHeaders=host, Signature=" + "0".repeat(64)));
            }
        },
        TWILIO(503, 401) {
            @Override
            Target start() {
                TwilioSimulator twilio = TwilioSimulator.start(0, "secret");
                String basic = TwilioSimulator.ACCOUNT + ":secret";
                return plain(
                        twilio,
                        HttpClient.Version.HTTP_1_1,
                        request(
                                twilio.url()
                                        .resolve("/2010-04-01/Accounts/" + TwilioSimulator.ACCOUNT + "/Messages.json"),
                                TwilioSimulator.form(
                                        Map.of("To", "+15551230001", "From", "+15005550006", "Body", "hi")),
                                "Content-Type",
                                "application/x-www-form-urlencoded",
                                "Authorization",
                                "Basic " + Base64.getEncoder().encodeToString(basic.getBytes(UTF_8))));
            }
        },
        SLACK(503, 401) {
            @Override
            Target start() {
                WebhookSimulator hooks = WebhookSimulator.start(0);
                return plain(
                        hooks,
                        HttpClient.Version.HTTP_1_1,
                        request(
                                URI.create(hooks.open(WebhookSimulator.Kind.SLACK)),
                                "{\"blocks\":[{\"type\":\"header\",\"text\":{\"type\":\"plain_text\",\"text\":\"hi\"}}]}",
                                "webhook-id",
                                "d-1"));
            }
        },
        WEB_PUSH(503, 403) {
            @Override
            Target start() {
                WebPushSimulator browsers = WebPushSimulator.start(0);
                return plain(
                        browsers,
                        HttpClient.Version.HTTP_1_1,
                        request(browsers.url().resolve("/push/none"), "", "TTL", "60"));
            }

            @Override
            int fine() {
                return 404; // What it would take is encrypted: the sender's own tests do that.
            }
        };

        final int down;
        final int expired;

        Provider(int down, int expired) {
            this.down = down;
            this.expired = expired;
        }

        abstract Target start() throws Exception;

        int fine() {
            return this == TWILIO ? 201 : 200;
        }

        long takes() {
            return fine() < 300 ? 1 : 0;
        }
    }

    static Stream<Arguments> all() {
        return Stream.of(Provider.values())
                .flatMap(provider -> Stream.of(Fault.values()).map(fault -> Arguments.of(provider, fault)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("all")
    void showsUntilItIsOver(Provider provider, Fault fault) throws Exception {
        try (Target target = provider.start()) {
            Simulator<?> simulator = target.simulator();
            HttpClient client = target.clients().build();
            assertThat(target.send(client).statusCode()).as("before").isEqualTo(provider.fine());
            simulator.weather(Weather.of(fault).delay(fault == Fault.LATENCY ? LATENCY : Duration.ofSeconds(7)));

            for (int i = 0; i < (fault == Fault.SILENCE ? 1 : 2); i++) {
                meets(provider, fault, target, client);
            }

            simulator.weather(Weather.FINE);
            long taken = simulator.count();
            // A new client: that of before speaks no HTTP/2 any more to a server that has broken a handshake.
            assertThat(target.send(target.clients().build()).statusCode())
                    .as("after")
                    .isEqualTo(provider.fine());
            assertThat(simulator.count() - taken).as("taken after").isEqualTo(provider.takes());
        }
    }

    private static void meets(Provider provider, Fault fault, Target target, HttpClient client) throws Exception {
        long before = target.simulator().count();
        long began = System.nanoTime();
        HttpResponse<String> answer = null;
        IOException broken = null;
        try {
            answer = target.send(client);
        } catch (IOException failure) {
            broken = failure;
        }
        long taken = target.simulator().count() - before;
        switch (fault) {
            case NONE -> assertThat(answer.statusCode()).isEqualTo(provider.fine());
            case GOAWAY -> {
                // With HTTP/2 the JDK's client may drop an answer that came just before.
                if (answer == null) {
                    assertThat(provider).isIn(Provider.APNS, Provider.FCM_OVER_HTTP_2);
                } else {
                    assertThat(answer.statusCode()).isEqualTo(provider.fine());
                }
                if (target.simulator() instanceof ApnsSimulator apns) {
                    await().untilAsserted(() -> assertThat(apns.connections()).isZero());
                } else if (provider != Provider.FCM_OVER_HTTP_2) {
                    assertThat(answer.headers().firstValue("Connection")).contains("close");
                }
            }
            case LATENCY -> {
                assertThat(answer.statusCode()).isEqualTo(provider.fine());
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(LATENCY);
            }
            case ERRORS -> assertThat(answer.statusCode()).isEqualTo(provider.down);
            case THROTTLING -> {
                assertThat(answer.statusCode()).isEqualTo(429);
                // Apple does not say how long.
                assertThat(answer.headers().firstValue("Retry-After").orElse(null))
                        .isEqualTo(provider == Provider.APNS ? null : "7");
            }
            case RESETS, TLS_BREAK -> assertThat(broken).isNotNull().isNotInstanceOf(HttpTimeoutException.class);
            case SILENCE -> assertThat(broken).isInstanceOf(HttpTimeoutException.class);
            case GARBAGE -> {
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).doesNotContain("}").startsWith("\u0000");
            }
            case EXPIRED_CREDENTIALS -> assertThat(answer.statusCode()).isEqualTo(provider.expired);
        }
        switch (fault) {
            case ERRORS, THROTTLING, TLS_BREAK, EXPIRED_CREDENTIALS ->
                assertThat(taken).isZero();
            // The client's connection may break twice: it tries a second time by itself.
            case RESETS -> assertThat(taken).isGreaterThanOrEqualTo(provider.takes());
            case NONE, LATENCY, GOAWAY, SILENCE, GARBAGE -> assertThat(taken).isEqualTo(provider.takes());
        }
    }

    private static Target plain(Simulator<?> simulator, HttpClient.Version version, HttpRequest request) {
        return new Target(simulator, HttpClient.newBuilder().version(version), request);
    }

    private static HttpRequest request(URI url, String body, String... headers) {
        return HttpRequest.newBuilder(url)
                .timeout(LIMIT)
                .headers(headers)
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private static SSLContext trusting(String pem) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry(
                "apns",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(pem.getBytes(UTF_8))));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static String apnsToken(ApnsCredentials credentials) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .keyID(credentials.keyId())
                        .build(),
                new JWTClaimsSet.Builder()
                        .issuer(credentials.teamId())
                        .issueTime(Date.from(Instant.now()))
                        .build());
        String key = credentials.privateKey().replaceAll("-----[A-Z ]+-----", "");
        token.sign(new ECDSASigner((ECPrivateKey) KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(key)))));
        return token.serialize();
    }
}
