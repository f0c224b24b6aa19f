package io.herald.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.schema.NotificationRequested;
import io.herald.testkit.Issuer;
import io.herald.topic.Topics;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What callers are told while something that ingest needs is away. */
@Timeout(180)
class IngestOutageIT {
    @TempDir
    private Path folder;

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new Rig(folder);
        rig.start(Map.of("kafka.delivery.timeout.ms", "6000", "kafka.request.timeout.ms", "3000"));
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void acceptsNothingWhileKafkaIsAwayAndLosesNothingOfWhatItAccepted() throws Exception {
        String key = rig.key("demo", Rig.EVERY_SCOPE);
        Set<String> accepted = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            assertThat(rig.send("POST", "/v1/notifications", key, Rig.event("before-" + i))
                            .statusCode())
                    .isEqualTo(202);
            accepted.add("before-" + i);
        }
        rig.kafka.pause();

        HttpResponse<String> first = rig.send("POST", "/v1/notifications", key, Rig.event("during-0"));
        assertThat(first.statusCode()).isEqualTo(503);
        assertThat(first.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
        HttpResponse<String> bulk = rig.send(
                "POST",
                "/v1/notifications",
                key,
                "{\"notifications\":[" + Rig.event("during-1") + "," + Rig.event("during-2") + "]}");
        assertThat(bulk.statusCode()).isEqualTo(503);
        rig.kafka.resume();
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
            HttpResponse<String> after = rig.send("POST", "/v1/notifications", key, Rig.event("after"));
            return after.statusCode() == 202;
        });
        accepted.add("after");

        assertThat(rig.read(Topics.NOTIFICATION_REQUESTED, NotificationRequested.class))
                .extracting(NotificationRequested::getId)
                .containsAll(accepted);
    }

    @Test
    void needsPostgresqlForKeysAndNotForTokens() throws Exception {
        String known = rig.key("demo", Rig.EVERY_SCOPE);
        String token = rig.issuer.es256(Issuer.claims("shop", "d").claim("scope", "notifications:write"));
        assertThat(rig.send("POST", "/v1/notifications", known, Rig.event("1")).statusCode())
                .isEqualTo(202);
        String unknown = rig.key("demo", Rig.EVERY_SCOPE);
        rig.postgres.close();

        assertThat(rig.send("POST", "/v1/notifications", known, Rig.event("2")).statusCode())
                .as("looked up a moment ago")
                .isEqualTo(202);
        assertThat(rig.send("POST", "/v1/notifications", token, Rig.event("3")).statusCode())
                .isEqualTo(202);
        assertThat(rig.send("POST", "/v1/notifications", unknown, Rig.event("4"))
                        .statusCode())
                .isEqualTo(503);
        assertThat(rig.send(rig.request("POST", "/v1/notifications", token, Rig.event("5"))
                                .header("Idempotency-Key", "k"))
                        .statusCode())
                .isEqualTo(503);
        assertThat(rig.read(Topics.NOTIFICATION_REQUESTED, NotificationRequested.class))
                .extracting(NotificationRequested::getId)
                .containsExactlyInAnyOrder("1", "2", "3");
    }
}
