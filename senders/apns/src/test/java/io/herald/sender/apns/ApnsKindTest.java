package io.herald.sender.apns;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.herald.schema.Delivery;
import io.herald.schema.Lane;
import io.herald.schema.Route;
import io.herald.sender.Outcome;
import io.herald.simulator.ApnsSimulator;
import io.herald.simulator.Push;
import io.herald.testkit.TestDeliveries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ApnsKindTest {
    private static final String TOKEN = "a1".repeat(32);

    @TempDir
    Path folder;

    private ApnsSimulator apns;
    private ApnsProvider provider;

    @BeforeEach
    void start() throws Exception {
        apns = ApnsSimulator.start(0);
        apns.register(TOKEN);
        Path key =
                Files.writeString(folder.resolve("key.p8"), apns.credentials().privateKey());
        Path certificate = Files.writeString(folder.resolve("apns.pem"), apns.certificatePem());
        provider = new ApnsProvider(ApnsConfig.from(Map.of(
                "apns.team.id", apns.credentials().teamId(),
                "apns.key.id", apns.credentials().keyId(),
                "apns.key.file", key.toString(),
                "apns.trusted.certificates.file", certificate.toString(),
                "apns.production.server", "127.0.0.1:" + apns.port(),
                "apns.sandbox.server", "127.0.0.1:" + apns.port())));
    }

    @AfterEach
    void stop() {
        provider.close();
        apns.close();
    }

    private static Delivery.Builder delivery(String app) {
        return TestDeliveries.to(Route.APNS, TOKEN).setApp(app);
    }

    private Outcome send(Delivery delivery) {
        return provider.send(delivery).toCompletableFuture().join();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(textBlock = """
            io.herald.demo,                        ALERT,         10, 5,  true,  a usual app
            io.herald.demo.voip,                   VOIP,          10, 10, false, a ring that waits is none
            io.herald.demo.voip-ptt,               PUSH_TO_TALK,  10, 10, false, somebody speaks now
            io.herald.demo.push-type.liveactivity, LIVE_ACTIVITY, 10, 5,  false, ordered by its timestamp
            io.herald.demo.complication,           COMPLICATION,  10, 5,  true,  a watch face
            io.herald.demo.pushkit.fileprovider,   FILE_PROVIDER, 10, 5,  true,  files
            io.herald.demo.location-query,         LOCATION,      10, 5,  true,  where it is
            io.herald.voip.demo,                   ALERT,         10, 5,  true,  the end counts
            io.herald.demo.push-type.something,    ALERT,         10, 5,  true,  unknown
            """)
    void goesByTheEndOfTheTopic(String app, ApnsKind kind, String urgent, String bulk, boolean collapses, String why) {
        assertThat(ApnsKind.of(app)).as(why).isEqualTo(kind);
        // The simulator refuses a type whose topic is another's.
        assertThat(send(delivery(app).build())).isInstanceOf(Outcome.Accepted.class);
        assertThat(send(delivery(app).setLane(Lane.BULK).build())).isInstanceOf(Outcome.Accepted.class);
        assertThat(apns.received()).extracting(Push::priority).containsExactly(urgent, bulk);
        assertThat(apns.received()).allMatch(push -> (push.collapse() != null) == collapses);
    }

    @ParameterizedTest(name = "{0}: {1} bytes")
    @CsvSource(textBlock = """
            io.herald.demo,                        4096
            io.herald.demo.voip,                   5120
            io.herald.demo.voip-ptt,               4096
            io.herald.demo.push-type.liveactivity, 4096
            """)
    void fitsWhatItsKindTakes(String app, int most) {
        assertThat(send(delivery(app).setBody("é".repeat(5_000)).build())).isInstanceOf(Outcome.Accepted.class);

        assertThat(apns.received()).singleElement().satisfies(push -> {
            assertThat(push.raw().getBytes(UTF_8).length).isLessThanOrEqualTo(most);
            assertThat(push.raw()).contains("é…");
            assertThat(push.raw().getBytes(UTF_8).length)
                    .as("to the last letter")
                    .isGreaterThan(most - 5);
        });
    }

    @Test
    void updatesALiveActivity() throws Exception {
        Delivery update = delivery("io.herald.demo.push-type.liveactivity").build();

        send(update);

        JsonNode payload = new ObjectMapper().readTree(apns.received().get(0).raw());
        JsonNode aps = payload.path("aps");
        assertThat(aps.path("timestamp").asLong())
                .isEqualTo(update.getDecidedAt().getEpochSecond());
        assertThat(aps.path("event").asText()).isEqualTo("update");
        assertThat(aps.path("stale-date").asLong())
                .isEqualTo(update.getExpiresAt().getEpochSecond());
        assertThat(aps.path("content-state").path("title").asText()).isEqualTo(update.getTitle());
        assertThat(aps.path("content-state").path("body").asText()).isEqualTo(update.getBody());
        assertThat(aps.path("alert").path("title").asText()).isEqualTo(update.getTitle());
        assertThat(payload.path("deliveryId").asText()).isEqualTo(update.getDeliveryId());
    }

    @Test
    void endsALiveActivityThatIsToShowNothing() throws Exception {
        Delivery end = delivery("io.herald.demo.push-type.liveactivity")
                .setSilent(true)
                .setTitle("")
                .setBody("")
                .build();

        send(end);

        JsonNode aps = new ObjectMapper().readTree(apns.received().get(0).raw()).path("aps");
        assertThat(aps.path("event").asText()).isEqualTo("end");
        assertThat(aps.path("dismissal-date").asLong())
                .isEqualTo(end.getDecidedAt().getEpochSecond());
        assertThat(aps.has("alert")).isFalse();
    }

    /** iOS ends an app that does not show a call for each VoIP push. */
    @Test
    void letsNoCallBeSilent() {
        assertThat(send(delivery("io.herald.demo.voip").setSilent(true).build()))
                .isEqualTo(new Outcome.Rejected("a push of this kind cannot be silent"));
        assertThat(apns.requests()).isZero();
    }

    @Test
    void keepsNoTalkForLater() {
        send(delivery("io.herald.demo.voip-ptt").build());

        assertThat(apns.received().get(0).expiration()).isNull();
    }
}
