package io.herald.sender.apns;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.herald.schema.Delivery;
import io.herald.schema.Environment;
import io.herald.schema.Lane;
import io.herald.schema.Route;
import io.herald.sender.Outcome;
import io.herald.sender.Provider;
import io.herald.simulator.Answer;
import io.herald.simulator.ApnsCredentials;
import io.herald.simulator.ApnsSimulator;
import io.herald.simulator.Push;
import io.herald.testkit.ProviderContract;
import io.herald.testkit.TestDeliveries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ApnsProviderTest extends ProviderContract {
    private static final String TOKEN = "a1".repeat(32);
    private static final String UNKNOWN = "b2".repeat(32);

    @TempDir
    Path folder;

    private ApnsSimulator apns;

    @Override
    protected Provider connect() throws Exception {
        apns = ApnsSimulator.start(0);
        apns.register(TOKEN);
        return new ApnsProvider(ApnsConfig.from(settings(apns.credentials())));
    }

    private Map<String, String> settings(ApnsCredentials credentials) throws Exception {
        String server = "127.0.0.1:" + apns.port();
        return new HashMap<>(Map.of(
                "apns.team.id",
                credentials.teamId(),
                "apns.key.id",
                credentials.keyId(),
                "apns.key.file",
                Files.writeString(folder.resolve("key.p8"), credentials.privateKey())
                        .toString(),
                "apns.trusted.certificates.file",
                Files.writeString(folder.resolve("apns.pem"), apns.certificatePem())
                        .toString(),
                "apns.production.server",
                server,
                "apns.sandbox.server",
                server));
    }

    @Override
    protected void stopSimulator() {
        apns.close();
    }

    @Override
    protected List<Arrival> arrivals() {
        return apns.received().stream()
                .map(push -> new Arrival(push.deliveryId(), push.token(), push.title(), push.body(), push.collapse()))
                .toList();
    }

    @Override
    protected void answerNext(Answer answer) {
        apns.answerNext(1, answer);
    }

    @Override
    protected Delivery.Builder delivery() {
        return TestDeliveries.to(Route.APNS, TOKEN);
    }

    @Override
    protected String unknownAddress() {
        return UNKNOWN;
    }

    @Override
    protected String malformedAddress() {
        return "../../3/device/" + TOKEN;
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
        return Answer.error(503, "ServiceUnavailable", "");
    }

    @Override
    protected Answer busy() {
        return Answer.error(429, "TooManyRequests", "");
    }

    @Override
    protected Answer forbidden() {
        return Answer.error(403, "InvalidProviderToken", "");
    }

    /** Pushy shows no headers. */
    @Override
    protected boolean tellsHowLongToWait() {
        return false;
    }

    @Test
    void tellsSinceWhenATokenIsGone() {
        Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        apns.forget(TOKEN);

        assertThat(send(delivery().build())).isInstanceOfSatisfying(Outcome.AddressGone.class, gone -> {
            assertThat(gone.reason()).isEqualTo("Unregistered");
            assertThat(gone.asOf()).isBetween(before, Instant.now());
        });
    }

    @Test
    void tellsAppleUntilWhenAndHowUrgently() {
        Delivery urgent = delivery().setCollapseKey("post-7").build();
        Delivery bulk = delivery().setLane(Lane.BULK).build();

        send(urgent);
        send(bulk);

        List<Push> received = apns.received();
        assertThat(received).extracting(Push::priority).containsExactly("10", "5");
        assertThat(received.get(0).expiration()).isEqualTo(urgent.getExpiresAt().truncatedTo(ChronoUnit.SECONDS));
        assertThat(received.get(0).collapse()).isEqualTo("post-7");
        assertThat(received.get(1).collapse()).isEqualTo(bulk.getDeliveryId());
        assertThat(received.get(0).link()).isEqualTo(urgent.getLink());
    }

    @Test
    void namesTheInboxItemSoThatAnAppCanTakeItAwayAgain() {
        send(delivery().setSeq(7L).build());
        send(delivery().setSeq(null).build());

        assertThat(apns.received()).extracting(Push::seq).containsExactly(7L, null);
        assertThat(apns.received()).noneMatch(Push::silent);
    }

    @ParameterizedTest
    @EnumSource
    void takesAwayWithoutShowingAnything(Lane lane) throws Exception {
        Delivery delivery = delivery()
                .setLane(lane)
                .setTitle("")
                .setBody("")
                .setLink(null)
                .setSilent(true)
                .setClearSeqs(List.of(4L, 7L))
                .build();

        assertThat(send(delivery)).isInstanceOf(Outcome.Accepted.class);

        assertThat(apns.received()).singleElement().satisfies(push -> {
            assertThat(push.silent()).as("type background").isTrue();
            assertThat(push.priority()).isEqualTo("5");
            assertThat(push.clears()).containsExactly(4L, 7L);
            assertThat(push.expiration()).isEqualTo(delivery.getExpiresAt().truncatedTo(ChronoUnit.SECONDS));
            assertThat(new ObjectMapper().readTree(push.raw()))
                    .isEqualTo(new ObjectMapper()
                            .readTree("{\"aps\":{\"content-available\":1},\"herald\":{\"clear\":[4,7]},"
                                    + "\"deliveryId\":\"" + delivery.getDeliveryId() + "\"}"));
        });
    }

    @Test
    void takesAwayAWholeInbox() {
        List<Long> all = Collections.nCopies(100, Long.MAX_VALUE);

        assertThat(send(delivery().setSilent(true).setClearSeqs(all).build())).isInstanceOf(Outcome.Accepted.class);
        assertThat(apns.received().get(0).clears()).isEqualTo(all);
    }

    @Test
    void hashesACollapseKeyThatAHeaderCannotCarry() {
        for (String key : List.of("k".repeat(65), "bücher", "two words", "")) {
            send(delivery().setCollapseKey(key).build());
        }

        assertThat(apns.received())
                .extracting(Push::collapse)
                .doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).matches("[A-Za-z0-9_-]{43}"));
    }

    @Test
    void usesThePayloadToTheLastByte() {
        send(delivery().setBody("é".repeat(5_000)).build());

        assertThat(apns.received()).singleElement().satisfies(push -> {
            assertThat(push.raw().getBytes(UTF_8)).hasSizeBetween(4_094, 4_096);
            assertThat(push.body()).endsWith("é…");
        });
    }

    @Test
    void sendsToTheEnvironmentAndTopicOfTheToken() throws Exception {
        try (ApnsSimulator sandbox = ApnsSimulator.start(0, apns.credentials())) {
            sandbox.register(UNKNOWN, "io.herald.beta");
            Map<String, String> settings = settings(apns.credentials());
            settings.put("apns.sandbox.server", "localhost:" + sandbox.port());
            Path both = folder.resolve("both.pem");
            Files.writeString(both, apns.certificatePem() + sandbox.certificatePem());
            settings.put("apns.trusted.certificates.file", both.toString());
            ApnsProvider provider = new ApnsProvider(ApnsConfig.from(settings));
            try {
                Delivery right = delivery()
                        .setAddress(UNKNOWN)
                        .setEnvironment(Environment.SANDBOX)
                        .setApp("io.herald.beta")
                        .build();
                Delivery wrong =
                        Delivery.newBuilder(right).setApp("io.herald.other").build();

                assertThat(provider.send(right).toCompletableFuture().get()).isInstanceOf(Outcome.Accepted.class);
                assertThat(provider.send(wrong).toCompletableFuture().get())
                        .isEqualTo(new Outcome.AddressGone(null, "DeviceTokenNotForTopic"));
                assertThat(sandbox.count()).isEqualTo(1);
                assertThat(apns.requests()).isZero();
            } finally {
                provider.close();
            }
        }
    }

    @Test
    void isToldSoWhenItSignsWithAnotherKey() throws Exception {
        ApnsProvider stranger = new ApnsProvider(ApnsConfig.from(settings(ApnsCredentials.generate())));
        try {
            assertThat(stranger.send(delivery().build()).toCompletableFuture().get())
                    .isEqualTo(Outcome.Misconfigured.ofAll("InvalidProviderToken"));
        } finally {
            stranger.close();
        }
    }

    @Test
    void sendsNothingWithoutATopic() {
        assertThat(send(delivery().setApp(null).build())).isInstanceOf(Outcome.Misconfigured.class);
        assertThat(apns.requests()).isZero();
    }
}
