package io.herald.local.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import io.herald.local.story.Cast;
import io.herald.schema.BroadcastRequested;
import io.herald.schema.NotificationRequested;
import io.herald.schema.PreferenceChanged;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page's server answers, and what it refuses. */
@Timeout(60)
class PageServerTest extends PageServerFixture {
    @Test
    void publishesWhatTheComposerSends() throws Exception {
        JsonNode answer = json(post("/api/events", GOOD), 200);

        assertThat(published).hasSize(1);
        NotificationRequested event = (NotificationRequested) published.get(0);
        assertThat(event.getId()).isEqualTo(answer.get("eventId").textValue());
        assertThat(event.getTenant()).isEqualTo(Cast.TENANT);
        assertThat(event.getRecipients()).containsExactly("ana");
        assertThat(event.getData()).containsEntry("actorName", "Bo Andersen").containsEntry("text", "hi");
        assertThat(answer.get("offset").longValue()).isEqualTo(41);
        assertThat(answer.at("/event/data/text").textValue()).isEqualTo("hi");
    }

    @Test
    void sendsTheSameEventAgainWhenToldItsId() throws Exception {
        String id = json(post("/api/events", GOOD), 200).get("eventId").textValue();
        json(post("/api/events", GOOD.replace("}", ",\"eventId\":\"" + id + "\"}")), 200);

        assertThat(published.get(1)).isEqualTo(published.get(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"category\":\"nope\",\"actor\":\"bo\",\"recipient\":\"ana\",\"text\":\"hi\"} | category",
                "{\"category\":\"like\",\"actor\":\"who\",\"recipient\":\"ana\",\"text\":\"hi\"} | actor",
                "{\"category\":\"like\",\"actor\":\"bo\",\"recipient\":\"who\",\"text\":\"hi\"} | recipient",
                "{\"category\":\"like\",\"actor\":\"bo\",\"recipient\":[\"ana\"],\"text\":\"hi\"} | recipient",
                "{\"category\":\"like\",\"actor\":\"bo\",\"recipient\":\"ana\",\"text\":\" \"} | text",
                "{\"category\":\"like\",\"actor\":\"bo\",\"recipient\":\"ana\"} | text",
                "{\"category\":\"like\",\"actor\":\"bo\",\"recipient\":\"ana\",\"text\":\"hi\",\"more\":1} | more",
                "[] | body",
                "{ | body",
            })
    void namesTheFieldThatIsWrong(String form, String field) throws Exception {
        JsonNode refusal = json(post("/api/events", form), 400);

        assertThat(refusal.get("field").textValue()).isEqualTo(field);
        assertThat(refusal.get("message").textValue()).isNotBlank();
        assertThat(published).isEmpty();
    }

    @Test
    void publishesABroadcastThatNamesNobody() throws Exception {
        JsonNode answer =
                json(post("/api/broadcasts", "{\"category\":\"news\",\"actor\":\"shop\",\"text\":\"hi\"}"), 200);

        BroadcastRequested broadcast = (BroadcastRequested) published.get(0);
        assertThat(broadcast.getId()).isEqualTo(answer.get("eventId").textValue());
        assertThat(broadcast.getFilters()).isEmpty();
        assertThat(broadcast.getTopic()).isNull();
        assertThat(answer.get("topic").textValue()).isEqualTo("broadcast.requested");
        assertThat(answer.at("/event").has("recipients")).isFalse();
        assertThat(json(post("/api/broadcasts", GOOD), 400).get("field").textValue())
                .isEqualTo("recipient");
        assertThat(json(get("/api/broadcast"), 200).get("notified").intValue()).isEqualTo(7);
    }

    @Test
    void beginsAndEndsQuietHoursInOrder() throws Exception {
        json(post("/api/quiet", "{\"user\":\"nia\",\"quiet\":true}"), 200);
        json(post("/api/quiet", "{\"user\":\"nia\",\"quiet\":false}"), 200);

        assertThat(published)
                .map(PreferenceChanged.class::cast)
                .extracting(change -> change.getQuietHours().size())
                .containsExactly(1, 0);
        assertThat(keys).containsExactly("nia", "nia");
        assertThat(json(post("/api/quiet", "{\"user\":\"nia\",\"quiet\":\"yes\"}"), 400)
                        .get("field")
                        .textValue())
                .isEqualTo("quiet");
        assertThat(json(post("/api/quiet", "{\"user\":\"who\",\"quiet\":true}"), 400)
                        .get("field")
                        .textValue())
                .isEqualTo("user");
    }

    @Test
    void refusesTextsThatAreTooLong() throws Exception {
        String long1 = GOOD.replace("hi", "x".repeat(EventForm.LONGEST_TEXT + 1));
        assertThat(json(post("/api/events", long1), 400).get("field").textValue())
                .isEqualTo("text");
        String long2 = GOOD.replace("hi", "x".repeat(20_000));
        assertThat(post("/api/events", long2).statusCode()).isEqualTo(413);
        assertThat(published).isEmpty();
    }

    @Test
    void saysWhenKafkaDoesNotAnswer() throws Exception {
        kafkaAnswers = false;
        assertThat(json(post("/api/events", GOOD), 503).get("message").textValue())
                .contains("Kafka");
    }

    @Test
    void refusesFormsAndOtherOrigins() throws Exception {
        HttpRequest form = request("/api/events")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(GOOD))
                .build();
        assertThat(send(form).statusCode()).isEqualTo(415);
        HttpRequest foreign = request("/api/events")
                .header("Content-Type", "application/json")
                .header("Origin", "http://evil.example")
                .POST(BodyPublishers.ofString(GOOD))
                .build();
        assertThat(send(foreign).statusCode()).isEqualTo(403);
        HttpRequest embedded =
                request("/api/pushes").header("Sec-Fetch-Site", "cross-site").build();
        assertThat(send(embedded).statusCode()).isEqualTo(403);
        assertThat(published).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8080, 200",
        "localhost, 200",
        "[::1]:8080, 200",
        "evil.example, 421",
        "127.0.0.1.evil.example:8080, 421",
        "localhost@evil.example, 400",
    })
    void answersOnlyToNamesOfLoopback(String host, int status) throws IOException {
        assertThat(status("GET /api/cast HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .isEqualTo(status);
    }

    @Test
    void sendsPagesToTheOriginThatTheGatewayKnows() throws Exception {
        HttpRequest byName = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/"))
                .build();
        HttpResponse<String> answer = send(byName);
        assertThat(answer.statusCode()).isEqualTo(307);
        assertThat(answer.headers().firstValue("Location")).hasValue(server.url() + "/");
    }

    @Test
    void protectsEveryAnswer() throws Exception {
        for (String path : List.of("/", "/app.js", "/api/pushes", "/nowhere", "/api/ledger?event=")) {
            HttpResponse<String> answer = get(path);
            String policy =
                    answer.headers().firstValue("Content-Security-Policy").orElseThrow();
            assertThat(policy)
                    .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                    .contains("connect-src 'self' ws://127.0.0.1:8090 http://127.0.0.1:8090")
                    .doesNotContain("unsafe", "*");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../log4j2.xml", "/%2e%2e/log4j2.xml", "/page/index.html", "/..%2f..%2fetc/passwd"})
    void servesNoOtherFiles(String path) throws IOException {
        assertThat(status("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .isIn(400, 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/client/inbox-client.js", "/client/herald-bell.js", "/client/herald-preferences.js"})
    void servesTheClientThatTheGatewayServes(String path) throws Exception {
        HttpResponse<String> answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/javascript; charset=utf-8");
        assertThat(answer.body()).contains("export ");
    }

    @Test
    void signsTokensThatItsKeySetVerifies() throws Exception {
        JsonNode answer = json(post("/api/token", "{\"user\":\"ana\",\"device\":\"web-1\"}"), 200);

        SignedJWT token = SignedJWT.parse(answer.get("token").textValue());
        JWKSet keys = JWKSet.load(Path.of(tokens.keys()).toFile());
        assertThat(keys.getKeys()).noneMatch(key -> key.isPrivate());
        assertThat(token.verify(new ECDSAVerifier(
                        keys.getKeyByKeyId(token.getHeader().getKeyID()).toECKey())))
                .isTrue();
        assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo("ana");
        assertThat(token.getJWTClaimsSet().getStringClaim("tenant")).isEqualTo(Cast.TENANT);
        assertThat(token.getJWTClaimsSet().getStringClaim("device")).isEqualTo("web-1");
        assertThat(json(post("/api/token", "{\"user\":\"who\",\"device\":\"web-1\"}"), 400)
                        .get("field")
                        .textValue())
                .isEqualTo("user");
        assertThat(json(post("/api/token", "{\"user\":\"ana\",\"device\":\"a b\"}"), 400)
                        .get("field")
                        .textValue())
                .isEqualTo("device");
    }

    @Test
    void keepsItsKeyFromRunToRun() throws Exception {
        DemoTokens later = DemoTokens.in(Path.of(tokens.keys()).getParent());
        assertThat(keyOf(later)).isEqualTo(keyOf(tokens));
    }
}
