package io.herald.sender.fcm;

import static io.herald.sender.fcm.Deliveries.TOKEN;
import static io.herald.sender.fcm.Deliveries.delivery;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.herald.schema.Delivery;
import io.herald.schema.Lane;
import io.herald.sender.Outcome;
import io.herald.simulator.Answer;
import io.herald.simulator.FcmSimulator;
import io.herald.simulator.Push;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class FcmProviderTest {
    private static final Duration PATIENT = Duration.ofSeconds(15);
    private static final Duration IMPATIENT = Duration.ofSeconds(2);
    private static final int IN_FLIGHT = 8;

    private static FcmSimulator fcm;
    private static FcmProvider provider;
    private static FcmProvider impatient;

    @BeforeAll
    static void start() {
        fcm = FcmSimulator.start(0);
        provider = provider(fcm.url(), PATIENT);
        impatient = provider(fcm.url(), IMPATIENT);
    }

    @AfterAll
    static void stop() {
        provider.close();
        impatient.close();
        fcm.close();
    }

    @BeforeEach
    void reset() {
        fcm.clear();
        fcm.register(TOKEN);
    }

    private static FcmProvider provider(URI url, Duration timeout) {
        return new FcmProvider(new FcmConfig("herald-test", null, "token", url, 2, Duration.ofSeconds(5)), timeout);
    }

    private static Outcome send(Delivery delivery) {
        return send(provider, delivery);
    }

    private static Outcome send(FcmProvider by, Delivery delivery) {
        return by.send(delivery)
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void sendsWhatTheDeliverySays() {
        Delivery delivery = delivery().build();

        Outcome outcome = send(delivery);

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Accepted.class, accepted -> assertThat(accepted.providerId())
                .startsWith("projects/herald-test/messages/"));
        Push push = fcm.received().get(0);
        assertThat(push.deliveryId()).isEqualTo(delivery.getDeliveryId());
        assertThat(push.token()).isEqualTo(TOKEN);
        assertThat(push.title()).isEqualTo("Bob");
        assertThat(push.body()).isEqualTo("Hello");
        assertThat(push.link()).isEqualTo("app://chat/1");
        assertThat(push.priority()).isEqualToIgnoringCase("high");
        assertThat(push.expiration()).isCloseTo(delivery.getExpiresAt(), within(5, ChronoUnit.SECONDS));
        assertThat(push.raw()).contains("\"seq\":\"7\"").contains("\"notificationId\":\"n-1\"");
    }

    @Test
    void tagsWithTheSeqSoThatAnAppCanTakeItAwayAgain() {
        send(delivery().setSeq(7L).build());
        send(delivery().setSeq(7L).setAttempt(2).build());

        assertThat(fcm.received()).hasSize(2).allSatisfy(push -> {
            assertThat(push.seq()).isEqualTo(7);
            assertThat(push.collapse()).isEqualTo("herald-seq-7");
            assertThat(push.silent()).isFalse();
        });
    }

    @ParameterizedTest
    @EnumSource
    void takesAwayWithoutShowingAnything(Lane lane) {
        Delivery delivery = delivery()
                .setLane(lane)
                .setTitle("")
                .setBody("")
                .setLink(null)
                .setSeq(null)
                .setSilent(true)
                .setClearSeqs(List.of(4L, 7L))
                .build();

        assertThat(send(delivery)).isInstanceOf(Outcome.Accepted.class);

        Push push = fcm.received().get(0);
        assertThat(push.silent()).as("data alone").isTrue();
        assertThat(push.clears()).containsExactly(4L, 7L);
        assertThat(push.priority()).isEqualToIgnoringCase("normal");
        assertThat(push.deliveryId()).isEqualTo(delivery.getDeliveryId());
        assertThat(push.expiration()).isCloseTo(delivery.getExpiresAt(), within(5, ChronoUnit.SECONDS));
        assertThat(push.raw())
                .contains("\"herald\":\"{\\\"clear\\\":[4,7]}\"")
                .contains("\"apns-push-type\":\"background\"")
                .contains("\"content-available\":1")
                .doesNotContain("notification");
    }

    @Test
    void tagsWithTheDeliveryIdSoThatARepeatReplacesTheFirst() {
        send(delivery().setSeq(null).build());
        send(delivery().setSeq(null).setAttempt(2).build());

        assertThat(fcm.received())
                .extracting(Push::collapse)
                .containsOnly(delivery().build().getDeliveryId());
        assertThat(fcm.received().get(0).raw()).doesNotContain("collapse_key");
    }

    @Test
    void collapsesByTheKeyAndShortensOneThatIsTooLong() {
        send(delivery().setCollapseKey("chat-1").build());
        send(delivery().setCollapseKey("é".repeat(60)).build());

        assertThat(fcm.received().get(0).raw()).contains("\"collapse_key\":\"chat-1\"");
        assertThat(fcm.received().get(1).collapse()).hasSize(43);
    }

    @Test
    void sendsBulkWithNormalPriority() {
        send(delivery().setLane(Lane.BULK).build());

        assertThat(fcm.received().get(0).priority()).isEqualToIgnoringCase("normal");
    }

    @Test
    void keepsApostropheEmojiAndRightToLeft() {
        String name = "Zoë O'Brien 👩‍🚀 \"שלום\" مرحبا <b>&amp;";

        send(delivery().setTitle(name).setBody(name).build());

        assertThat(fcm.received().get(0).title()).isEqualTo(name);
        assertThat(fcm.received().get(0).body()).isEqualTo(name);
    }

    @Test
    void forgetsATokenThatIsNotRegistered() {
        fcm.forget(TOKEN);

        assertThat(send(delivery().build())).isEqualTo(new Outcome.AddressGone(null, "404 UNREGISTERED"));
    }

    @Test
    void forgetsATokenThatIsNone() {
        assertThat(send(delivery().setAddress("no token!").build()))
                .isEqualTo(new Outcome.AddressGone(null, "400 INVALID_ARGUMENT"));
    }

    @Test
    void sendsAPayloadAtTheLimitAndShortensOneByteMore() {
        int room = FcmMessage.LIMIT
                - FcmMessage.of(delivery().setBody("").build(), Instant.now()).bytes();
        String full = "ü".repeat(room / 2) + "u".repeat(room % 2);
        assertThat(full.getBytes(UTF_8)).hasSize(room);

        assertThat(send(delivery().setBody(full).build())).isInstanceOf(Outcome.Accepted.class);
        assertThat(send(delivery().setBody(full + "u").build())).isInstanceOf(Outcome.Accepted.class);
        assertThat(fcm.received().get(0).body()).isEqualTo(full);
        assertThat(fcm.received().get(1).body()).endsWith("ü…").hasSizeGreaterThan(full.length() - 5);
    }

    @Test
    void refusesWhatDoesNotFitEvenWithoutItsBody() {
        assertThat(send(delivery().setLink("app://" + "x".repeat(4_100)).build()))
                .isInstanceOfSatisfying(Outcome.Rejected.class, rejected -> assertThat(rejected.reason())
                        .contains("the limit is 4096"));
        assertThat(fcm.count()).isZero();
    }

    @Test
    void takesAnInstallationIdForWhatItIs() {
        String installation = "fK2-x0aBcDeFgHiJkLmN_9";
        fcm.register(installation);

        assertThat(send(delivery().setAddress(installation).build())).isInstanceOf(Outcome.Accepted.class);
        assertThat(fcm.received().get(0).raw()).contains("\"fid\":\"" + installation + "\"");
    }

    @Test
    void waitsAsLongAsAskedWhenThereAreTooMany() {
        fcm.answerNext(1, Answer.error(429, "QUOTA_EXCEEDED", "Quota exceeded").retryAfter("42"));

        assertThat(send(delivery().build()))
                .isEqualTo(Outcome.Retry.ofAll(Duration.ofSeconds(42), "429 QUOTA_EXCEEDED"));
    }

    @Test
    void neverRepeatsByItself() {
        fcm.answerNext(1, Answer.error(503, "UNAVAILABLE", "Try later"));
        fcm.answerNext(1, Answer.error(401, "", "Bad token"));
        fcm.answerNext(1, Answer.raw(502, "<html>Bad Gateway</html>"));

        assertThat(List.of(
                        send(delivery().build()),
                        send(delivery().build()),
                        send(delivery().build())))
                .containsExactly(
                        Outcome.Retry.ofAll(Duration.ofSeconds(10), "503 UNAVAILABLE"),
                        Outcome.Misconfigured.ofAll("401"),
                        Outcome.Retry.ofAll(Duration.ofSeconds(10), "502"));
        assertThat(fcm.count()).isZero();
    }

    @Test
    void doesNotKnowWhenNoAnswerComes() {
        fcm.answerNext(1, Answer.silence());

        assertThat(send(impatient, delivery().build())).isEqualTo(new Outcome.Unknown("no answer within 2000 ms"));
        await().untilAsserted(() -> assertThat(fcm.count()).isEqualTo(1));
    }

    @Test
    void doesNotKnowWhenTheConnectionIsLost() {
        // Twice: on a fresh connection, and on one that was kept.
        send(delivery().build());
        fcm.clear();
        fcm.answerNext(2, Answer.reset());

        assertThat(send(delivery().build())).isInstanceOf(Outcome.Unknown.class);
        assertThat(send(delivery().build())).isInstanceOf(Outcome.Unknown.class);
        assertThat(fcm.count()).isEqualTo(2);
    }

    @Test
    void retriesWhatCouldNotLeave() throws IOException {
        URI nobody;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + closed.getLocalPort());
        }
        try (FcmProvider lonely = provider(nobody, PATIENT)) {
            Outcome outcome = send(lonely, delivery().build());

            assertThat(outcome)
                    .isEqualTo(Outcome.Retry.ofAll(Duration.ZERO, "not connected: AnnotatedConnectException"));
        }
    }

    /** It would be sent whenever there is one, though the router has taken it for lost, and decided anew. */
    @Test
    void givesUpWhatDoesNotGetAConnection() throws IOException {
        try (ServerSocket speechless = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI url = URI.create("http://127.0.0.1:" + speechless.getLocalPort());
            FcmConfig config = new FcmConfig("herald-test", null, "token", url, 2, Duration.ofMillis(500));
            try (FcmProvider waiting = new FcmProvider(config, PATIENT)) {
                Outcome outcome = send(waiting, delivery().build());

                assertThat(outcome).isInstanceOfSatisfying(Outcome.Retry.class, retry -> assertThat(retry.reason())
                        .startsWith("not connected: "));
            }
        }
    }

    @Test
    void goesOnBesideCallsWithoutAnAnswer() {
        fcm.answerNext(IN_FLIGHT, Answer.silence());
        List<CompletableFuture<Outcome>> stuck = IntStream.range(0, IN_FLIGHT)
                .mapToObj(i -> impatient.send(delivery().build()).toCompletableFuture())
                .toList();
        await().untilAsserted(() -> assertThat(fcm.count()).isEqualTo(IN_FLIGHT));

        Outcome next = send(impatient, delivery().build());

        assertThat(next).isInstanceOf(Outcome.Accepted.class);
        assertThat(stuck).allSatisfy(each -> assertThat(each.join()).isInstanceOf(Outcome.Unknown.class));
    }

    @Test
    void runsBesideAnotherInOneJvm() {
        try (FcmProvider second = provider(fcm.url(), PATIENT)) {
            assertThat(send(second, delivery().build())).isInstanceOf(Outcome.Accepted.class);
        }
        assertThat(send(delivery().build())).isInstanceOf(Outcome.Accepted.class);
    }
}
