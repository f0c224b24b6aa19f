package io.herald.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.http.Blocking;
import io.herald.testkit.Issuer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a process does at its start, at its end, and with what it kept. */
@Timeout(120)
class IngestLifeIT {
    @TempDir
    private static Path folder;

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig(folder);
        Database.migrate(store());
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    private static IngestConfig.Store store() {
        return IngestConfig.from(rig.settings()).store();
    }

    @Test
    void answersWhatIsHereBeforeItEnds() throws Exception {
        CompletableFuture<HttpResponse<String>> answer;
        CompletableFuture<Void> closed;
        try (Ingest ingest = rig.start(Map.of());
                Connection connection = rig.connect();
                Statement statement = connection.createStatement()) {
            String key = rig.key("demo", Rig.EVERY_SCOPE);
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE ingest.idempotency IN ACCESS EXCLUSIVE MODE");
            HttpRequest request = rig.request("POST", "/v1/notifications", key, Rig.event("last"))
                    .header("Idempotency-Key", "last")
                    .build();
            answer = rig.client.sendAsync(request, BodyHandlers.ofString());
            rig.awaitQueryThatWaits();
            assertThat(rig.health("/ready").statusCode()).isEqualTo(200);
            closed = CompletableFuture.runAsync(ingest::close);
            await().until(() -> rig.health("/ready").statusCode() == 503);
            assertThat(closed).isNotDone();
            connection.commit();

            assertThat(answer).succeedsWithin(Duration.ofSeconds(10));
            assertThat(closed).as("with nothing left to wait for").succeedsWithin(Duration.ofSeconds(10));
        }
        assertThat(answer.join().statusCode()).as(answer.join().body()).isEqualTo(202);
        assertThat(count("WHERE key = 'last' AND status = 202")).isEqualTo(1);
    }

    private static int count(String where) throws SQLException {
        try (Connection connection = rig.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM ingest.idempotency " + where)) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void forgetsAllKeysThatAreOldEnoughHoweverMany() throws Exception {
        try (Connection connection = rig.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    INSERT INTO ingest.idempotency (tenant, caller, key, request_hash, attempt, leased_until, created_at)
                    SELECT 'old', 'c', n, sha256('x'), gen_random_uuid(), now(),
                           now() - interval '24 hours' - n * interval '1 hour' / 1000
                    FROM generate_series(1, 2500) AS n
                    """);
        }
        Vertx vertx = Vertx.vertx();
        try {
            Idempotency idempotency =
                    new Idempotency(new Database(vertx, store()), new IngestMeters(new SimpleMeterRegistry()));

            // A thousand are of the last hour that is kept.
            assertThat(idempotency.forget(Duration.ofHours(25), 400).toCompletionStage())
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isEqualTo(1_501);
        } finally {
            assertThat(Blocking.await(vertx.close(), Duration.ofSeconds(10))).isTrue();
        }
        assertThat(count("WHERE tenant = 'old'")).isEqualTo(999);
    }

    @Test
    void believesAnIssuerForItsTenantsOnly() throws Exception {
        try (Ingest ingest = rig.start(Map.of("jwt.tenants", "1:shop,1:books"))) {
            assertThat(ingest.port()).isPositive();
            assertThat(post("shop")).isEqualTo(202);
            assertThat(post("books")).isEqualTo(202);
            assertThat(post("demo")).isEqualTo(401);
        }
    }

    private static int post(String tenant) throws Exception {
        String token = rig.issuer.es256(
                Issuer.claims("service", "d").claim("tenant", tenant).claim("scope", "notifications:write"));
        return rig.send("POST", "/v1/notifications", token, Rig.event("of-" + tenant))
                .statusCode();
    }

    @Test
    void makesListsAndRevokesKeys() throws Exception {
        String key = keys("create", "--tenant", "shop", "--name", "checkout", "--scopes", "read,users:write")
                .strip();
        String id = ApiKey.parse(key).orElseThrow().id();

        assertThat(keys("list"))
                .contains(id + "  shop  checkout  read,users:write  1000/s burst 2000")
                .doesNotContain("revoked")
                .doesNotContain(ApiKey.parse(key).orElseThrow().secret());
        assertThat(keys("revoke", id)).startsWith("revoked");
        assertThat(keys("revoke", id)).startsWith("no key in force");
        assertThat(keys("list")).contains("  revoked ");
    }

    private static String keys(String... words) throws SQLException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int unused = KeysCommand.run(List.of(words), rig.settings(), new PrintStream(out, true, UTF_8));
        return out.toString(UTF_8);
    }
}
