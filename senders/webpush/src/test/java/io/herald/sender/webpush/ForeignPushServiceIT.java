package io.herald.sender.webpush;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Delivery;
import io.herald.schema.Route;
import io.herald.sender.Outcome;
import io.herald.simulator.WebPushSimulator;
import io.herald.testkit.NodeScripts;
import io.herald.testkit.TestDeliveries;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** web-push-testing: a push service of another hand, which checks the signature and decrypts with http_ece. */
@Timeout(300)
class ForeignPushServiceIT {
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private Process service;
    private String url;
    private WebPushProvider provider;
    private JsonObject key;

    @BeforeEach
    void start() throws Exception {
        service = NodeScripts.install(new File("src/test/js")).start("service.mjs");
        url = NodeScripts.awaitLine(service, "listening on ");
        key = WebPushSimulator.vapidKeys();
        Path keys = Files.writeString(
                folder.resolve("vapid.json"), new JsonObject().put("2026", key).encode());
        WebPushConfig config = WebPushConfig.from(Map.of(
                "webpush.vapid.keys.file", keys.toString(),
                "webpush.vapid.subject", "mailto:push@example.com",
                "webpush.hosts", "127.0.0.1",
                "egress.allow.loopback", "true"));
        provider = new WebPushProvider(config, 8, Duration.ofSeconds(15));
    }

    @AfterEach
    void stop() {
        if (provider != null) {
            provider.close();
        }
        if (service != null) {
            service.destroyForcibly();
        }
    }

    @Test
    void readsWhatWeEncryptAndBelievesWhatWeSign() throws Exception {
        JsonObject subscription = subscribe(key.getString("publicKey"));
        String hard = "Siân O’Brien 👩🏽‍🚀 שלום \"<b>\\";
        Delivery delivery =
                delivery(subscription).setTitle(hard).setBody("x".repeat(1_000)).build();

        assertThat(send(delivery)).isInstanceOf(Outcome.Accepted.class);

        assertThat(messages(subscription)).singleElement().satisfies(message -> {
            assertThat(message.getString("deliveryId")).isEqualTo(delivery.getDeliveryId());
            assertThat(message.getString("title")).isEqualTo(hard);
            assertThat(message.getString("body")).isEqualTo(delivery.getBody());
        });
    }

    @Test
    void forgetsASubscriptionThatExpired() throws Exception {
        JsonObject subscription = subscribe(key.getString("publicKey"));
        post("/expire-subscription/" + subscription.getString("clientHash"), new JsonObject());

        assertThat(send(delivery(subscription).build())).isInstanceOf(Outcome.AddressGone.class);
        assertThat(messages(subscription)).isEmpty();
    }

    @Test
    void isRefusedWithAKeyThatTheSubscriptionIsNotBoundTo() throws Exception {
        JsonObject subscription = subscribe(WebPushSimulator.vapidKeys().getString("publicKey"));

        assertThat(send(delivery(subscription).build())).isNotInstanceOf(Outcome.Accepted.class);
        assertThat(messages(subscription)).isEmpty();
    }

    private static Delivery.Builder delivery(JsonObject subscription) {
        return TestDeliveries.to(Route.WEBPUSH, subscription.encode()).setApp("2026");
    }

    private Outcome send(Delivery delivery) {
        return provider.send(delivery)
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private JsonObject subscribe(String senderKey) throws IOException, InterruptedException {
        return new JsonObject(post(
                        "/subscribe",
                        new JsonObject().put("userVisibleOnly", "true").put("applicationServerKey", senderKey)))
                .getJsonObject("data");
    }

    private List<JsonObject> messages(JsonObject subscription) throws IOException, InterruptedException {
        JsonObject of = new JsonObject().put("clientHash", subscription.getString("clientHash"));
        return new JsonObject(post("/get-notifications", of))
                .getJsonObject("data").getJsonArray("messages").stream()
                        .map(text -> new JsonObject((String) text))
                        .toList();
    }

    private String post(String path, JsonObject body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }
}
