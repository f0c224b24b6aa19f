package io.herald.sender.webpush;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.herald.schema.Delivery;
import io.herald.schema.Lane;
import io.herald.schema.Route;
import io.herald.sender.Outcome;
import io.herald.sender.Provider;
import io.herald.simulator.Answer;
import io.herald.simulator.Push;
import io.herald.simulator.WebPushSimulator;
import io.herald.testkit.ProviderContract;
import io.herald.testkit.TestDeliveries;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebPushProviderTest extends ProviderContract {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    @TempDir
    private Path folder;

    private final JsonObject oldKey = newKey();
    private final JsonObject newKey = newKey();
    private WebPushSimulator service;
    private String subscription;

    private static JsonObject newKey() {
        try {
            return WebPushSimulator.vapidKeys();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    protected Provider connect() throws Exception {
        service = WebPushSimulator.start(0);
        subscription = service.subscribe(newKey.getString("publicKey"));
        return provider("127.0.0.1");
    }

    private WebPushProvider provider(String hosts) throws IOException {
        Path keys = Files.writeString(
                folder.resolve("vapid.json"),
                new JsonObject().put("2025", oldKey).put("2026", newKey).encode());
        return new WebPushProvider(
                WebPushConfig.from(Map.of(
                        "webpush.vapid.keys.file", keys.toString(),
                        "webpush.vapid.key.default", "2026",
                        "webpush.vapid.subject", "mailto:push@example.com",
                        "webpush.hosts", hosts,
                        "egress.allow.loopback", "true")),
                64,
                TIMEOUT);
    }

    @Override
    protected void stopSimulator() {
        service.close();
    }

    @Override
    protected List<Arrival> arrivals() {
        return service.received().stream()
                .map(push -> new Arrival(push.deliveryId(), push.token(), push.title(), push.body(), push.collapse()))
                .toList();
    }

    @Override
    protected void answerNext(Answer answer) {
        service.answerNext(1, answer);
    }

    @Override
    protected Delivery.Builder delivery() {
        return TestDeliveries.to(Route.WEBPUSH, subscription).setApp("2026");
    }

    @Override
    protected String unknownAddress() {
        String unsubscribed = subscribe(null);
        service.unsubscribe(unsubscribed);
        return unsubscribed;
    }

    @Override
    protected String malformedAddress() {
        return "{\"endpoint\":\"https://fcm.googleapis.com/x\"}";
    }

    @Override
    protected Class<? extends Outcome> unknownIs() {
        return Outcome.AddressGone.class;
    }

    @Override
    protected Class<? extends Outcome> malformedIs() {
        return Outcome.AddressGone.class;
    }

    @Override
    protected Answer broken() {
        return Answer.error(503, "201", "Use exponential back-off for retries");
    }

    @Override
    protected Answer busy() {
        return Answer.error(429, "", "");
    }

    @Override
    protected Answer forbidden() {
        return Answer.error(403, "109", "Invalid authentication");
    }

    @Override
    protected boolean tellsHowLongToWait() {
        return true;
    }

    @Test
    void saysHowToTreatIt() {
        Delivery delivery = delivery().setSeq(7L).build();

        send(delivery);

        Push push = service.received().get(0);
        assertThat(push.priority()).isEqualTo("high");
        assertThat(push.expiration()).isCloseTo(delivery.getExpiresAt(), within(5, ChronoUnit.SECONDS));
        assertThat(push.link()).isEqualTo(delivery.getLink());
        assertThat(push.seq()).isEqualTo(7);
        assertThat(push.collapse()).matches("[A-Za-z0-9_-]{32}");
        assertThat(push.raw()).contains("\"notificationId\":\"" + delivery.getNotificationId() + "\"");
        assertThat(push.raw().getBytes(UTF_8).length % 512).as("padded").isZero();
    }

    @Test
    void sendsBulkWithLessUrgency() {
        send(delivery().setLane(Lane.BULK).build());

        assertThat(service.received().get(0).priority()).isEqualTo("normal");
    }

    @Test
    void replacesWhatHasTheSameCollapseKey() {
        send(delivery().setCollapseKey("chat-1").build());
        send(delivery().setCollapseKey("chat-1").build());
        send(delivery().setCollapseKey("chat-2").build());

        List<String> topics = service.received().stream().map(Push::collapse).toList();
        assertThat(topics.get(1)).isEqualTo(topics.get(0)).isNotEqualTo(topics.get(2));
    }

    @Test
    void takesAwayWithoutShowingAnything() {
        Delivery delivery = delivery()
                .setTitle("")
                .setBody("")
                .setLink(null)
                .setSilent(true)
                .setClearSeqs(List.of(4L, 7L))
                .build();

        assertThat(send(delivery)).isInstanceOf(Outcome.Accepted.class);

        Push push = service.received().get(0);
        assertThat(push.silent()).isTrue();
        assertThat(push.clears()).containsExactly(4L, 7L);
        assertThat(push.deliveryId()).isEqualTo(delivery.getDeliveryId());
        assertThat(push.priority()).isEqualTo("normal");
    }

    @Test
    void signsWithTheKeyOfEachSubscription() {
        String old = subscribe(oldKey.getString("publicKey"));

        assertThat(send(delivery().setAddress(old).setApp("2025").build())).isInstanceOf(Outcome.Accepted.class);
        assertThat(send(delivery().setApp(null).build())).as("the default key").isInstanceOf(Outcome.Accepted.class);
        assertThat(send(delivery().setAddress(old).build()))
                .as("another's key")
                .isEqualTo(Outcome.Misconfigured.ofSome("403 109"));
        assertThat(send(delivery().setApp("2024").build()))
                .isEqualTo(Outcome.Misconfigured.ofSome("no VAPID key of this id"));
    }

    @Test
    void signsOnceForManyMessages() {
        for (int i = 0; i < 5; i++) {
            send(delivery().build());
        }

        assertThat(service.count()).isEqualTo(5);
        assertThat(service.tokens()).isEqualTo(1);
    }

    @Test
    void forgetsASubscriptionWhoseKeyAloneIsRefusedAgain() {
        String old = subscribe(oldKey.getString("publicKey"));
        Delivery first = delivery().setAddress(old).build();
        Delivery again = Delivery.newBuilder(first).setAttempt(2).setFailures(1).build();
        for (int i = 0; i < PushServices.PROVEN; i++) {
            send(delivery().build());
        }

        assertThat(send(first)).isInstanceOf(Outcome.Misconfigured.class);
        assertThat(send(again)).as("nothing was taken in between").isInstanceOf(Outcome.Misconfigured.class);
        for (int i = 0; i < PushServices.PROVEN; i++) {
            send(delivery().build());
        }
        assertThat(send(again)).isInstanceOf(Outcome.AddressGone.class);
    }

    @Test
    void sendsTheIdsAloneWhereTheRestIsTooMuch() {
        service.takeAtMost(1_000);
        Delivery delivery = delivery().setBody("x".repeat(900)).setSeq(3L).build();

        assertThat(send(delivery)).isInstanceOf(Outcome.Accepted.class);
        assertThat(service.received()).singleElement().satisfies(push -> {
            assertThat(push.deliveryId()).isEqualTo(delivery.getDeliveryId());
            assertThat(push.seq()).isEqualTo(3);
            assertThat(push.title()).isNull();
        });
        service.takeAtMost(100);
        assertThat(send(delivery)).isEqualTo(new Outcome.Rejected("413 104"));
    }

    @Test
    void keepsOthersBackWhileTheServiceAsksForPatience() {
        answerNext(busy().retryAfter("30"));
        send(delivery().build());

        assertThat(send(delivery().build())).isInstanceOfSatisfying(Outcome.Retry.class, retry -> {
            assertThat(retry.after()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));
            assertThat(retry.outage()).isFalse();
        });
        assertThat(service.count()).isZero();
    }

    @Test
    void takesNoHarmFromManyAtATime() throws Exception {
        try (WebPushProvider busy = provider("127.0.0.1")) {
            for (int round = 0; round < 10; round++) {
                List<CompletableFuture<Outcome>> sent = IntStream.range(0, 50)
                        .mapToObj(i -> busy.send(delivery().build()).toCompletableFuture())
                        .toList();
                assertThat(sent)
                        .extracting(each -> each.orTimeout(20, TimeUnit.SECONDS).join())
                        .hasOnlyElementsOfType(Outcome.Accepted.class);
            }
        }
        assertThat(service.count()).isEqualTo(500);
    }

    @Test
    void callsNoHostThatIsNotAPushService() throws Exception {
        try (WebPushProvider strict = provider("fcm.googleapis.com,*.push.apple.com")) {
            assertThat(strict.send(delivery().build()).toCompletableFuture().join())
                    .isEqualTo(new Outcome.Rejected("not a push service that is allowed"));
        }
        assertThat(service.count()).isZero();
    }

    @Test
    void saysWhenTheKeysCannotBeUsed() throws Exception {
        Path keys = folder.resolve("mixed.json");
        JsonObject mixed = oldKey.copy().put("privateKey", newKey.getString("privateKey"));
        Files.writeString(keys, new JsonObject().put("2026", mixed).encode());
        WebPushConfig config = WebPushConfig.from(
                Map.of("webpush.vapid.keys.file", keys.toString(), "webpush.vapid.subject", "mailto:a@example.com"));

        assertThatThrownBy(() -> new WebPushProvider(config, 1, TIMEOUT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("webpush.vapid.keys.file")
                .hasMessageNotContaining(newKey.getString("privateKey"));
    }

    private String subscribe(String key) {
        try {
            return service.subscribe(key);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
