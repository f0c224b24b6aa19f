package io.herald.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.herald.ingest.IngestConfig.Rate;
import io.herald.schema.BroadcastControlled;
import io.herald.schema.Channel;
import io.herald.schema.DeviceChanged;
import io.herald.schema.IngestAudited;
import io.herald.schema.NotificationRequested;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.TemplateChanged;
import io.herald.testkit.Issuer;
import io.herald.topic.Topics;
import io.herald.wire.Heard;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class IngestIT {
    @TempDir
    private static Path folder;

    private static Rig rig;
    private static String key;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig(folder);
        rig.start(Map.of());
        key = rig.key("demo", Rig.EVERY_SCOPE);
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    private static List<NotificationRequested> events(String id) {
        return rig.read(Topics.NOTIFICATION_REQUESTED, NotificationRequested.class).stream()
                .filter(event -> event.getId().startsWith(id))
                .toList();
    }

    @Test
    void acceptsAnEventOnceKafkaHasItAndAnAuditRecord() throws Exception {
        String id = id();
        HttpResponse<String> answer = rig.send("POST", "/v1/notifications", key, """
                {"source":"shop","id":"%s","recipients":["ana","bo"],"category":"comment","data":{"text":"hi"},
                 "deliveryChannels":["EMAIL","INBOX"],"expiresAt":"2099-01-31T12:00:00+01:00"}
                """.formatted(id));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertThat(Rig.json(answer).get("id").asText()).isEqualTo(id);
        assertThat(events(id)).singleElement().satisfies(event -> {
            assertThat(event.getTenant()).isEqualTo("demo");
            assertThat(event.getRecipients()).containsExactly("ana", "bo");
            assertThat(event.getChannels()).containsExactly(Channel.EMAIL, Channel.INBOX);
            assertThat(event.getExpiresAt()).isEqualTo("2099-01-31T11:00:00Z");
        });
        assertThat(rig.read(Topics.INGEST_AUDITED, IngestAudited.class)).anySatisfy(audit -> {
            assertThat(audit.getCaller()).isEqualTo("key:" + key.split("_", -1)[1]);
            assertThat(audit.getOperation()).isEqualTo("POST /v1/notifications");
            assertThat(audit.getRecords()).isEqualTo(1);
        });
    }

    @Test
    void tellsOfEachItemOfABulkRequestWhatItCameTo() throws Exception {
        String id = id();
        HttpResponse<String> answer = rig.send("POST", "/v1/notifications", key, """
                {"notifications":[%s,%s,{"source":"shop"},%s]}
                """.formatted(
                        Rig.event(id + "-0"),
                        Rig.event(id + "-1").replace("[\"ana\"]", "[]"),
                        Rig.event(id + "-3").replace("{\"source\"", "{\"lane\":\"BULK\",\"source\"")));

        assertThat(answer.statusCode()).isEqualTo(207);
        JsonNode body = Rig.json(answer);
        assertThat(body.get("accepted").asInt()).isEqualTo(2);
        assertThat(body.get("results").findValuesAsText("status"))
                .containsExactly("accepted", "refused", "400", "refused", "400", "accepted");
        assertThat(body.at("/results/1/problem/field").asText()).isEqualTo("/notifications/1/recipients");
        assertThat(body.at("/results/2/problem/field").asText()).isEqualTo("/notifications/2/id");
        assertThat(events(id)).extracting(NotificationRequested::getId).containsExactly(id + "-0");
        assertThat(rig.read(Topics.NOTIFICATION_REQUESTED_BULK, NotificationRequested.class))
                .extracting(NotificationRequested::getId)
                .contains(id + "-3");
    }

    @ParameterizedTest(name = "{0} {1} {3}")
    @CsvSource(delimiter = '|', textBlock = """
            POST  | /v1/notifications               | /recipients             | {'source':'s','id':'1','category':'c','recipients':[]}
            POST  | /v1/notifications               | /recipients/0           | {'source':'s','id':'1','category':'c','recipients':[7]}
            POST  | /v1/notifications               | /category               | {'source':'s','id':'1','category':'Not a word','recipients':['a']}
            POST  | /v1/notifications               | /titel                  | {'source':'s','id':'1','category':'c','recipients':['a'],'titel':'x'}
            POST  | /v1/notifications               | /tenant                 | {'tenant':'other','source':'s','id':'1','category':'c','recipients':['a']}
            POST  | /v1/notifications               | /data/a.b               | {'source':'s','id':'1','category':'c','recipients':['a'],'data':{'a.b':'LONG'}}
            POST  | /v1/notifications               | /deliveryChannels/1     | {'source':'s','id':'1','category':'c','recipients':['a'],'deliveryChannels':['INBOX','FAX']}
            POST  | /v1/notifications               | /channels               | {'source':'s','id':'1','category':'c','recipients':['a'],'channels':['INBOX']}
            POST  | /v1/notifications               | /sendAt                 | {'source':'s','id':'1','category':'c','recipients':['a'],'sendAt':'tomorrow'}
            POST  | /v1/notifications               | /lane                   | {'source':'s','id':'1','category':'c','recipients':['a'],'lane':'FAST'}
            POST  | /v1/notifications               | /link                   | {'source':'s','id':'1','category':'c','recipients':['a'],'link':'javascript:alert(1)'}
            POST  | /v1/notifications               | /notifications          | {'notifications':[]}
            POST  | /v1/notifications               | ''                      | []
            POST  | /v1/notifications               | /id                     | {'id':'1','id':'2'}
            POST  | /v1/notifications/cancel        | /id                     | {'source':'s','recipients':['a']}
            POST  | /v1/broadcasts                  | /spreadOverMs           | {'source':'s','id':'1','category':'c','spreadOverMs':0}
            PATCH | /v1/users/ana/preferences       | /zone                   | {'zone':'Berlin'}
            PATCH | /v1/users/ana/preferences       | /quietHours/0/endMinute | {'quietHours':[{'startMinute':1}]}
            PUT   | /v1/users/ana/devices/d         | /app                    | {'platform':'FCM','token':'t','environment':'PRODUCTION'}
            PUT   | /v1/users/ana/contacts/email    | /address                | {'address':'nobody'}
            PUT   | /v1/users/ana/contacts/pigeon   | kind                    | {'address':'nobody'}
            PUT   | /v1/users/a%0Ab/contacts/email  | user                    | {'address':'a@example.com'}
            PUT   | /v1/rules/c                     | /caps/0/most            | {'caps':[{'windowMs':1000,'overflow':'DROP'}]}
            PUT   | /v1/rules/c                     | /attempts               | {'attempts':11}
            PUT   | /v1/templates/c/push/en         | /body                   | {'title':'{{a}}','body':'{{#a}}'}
            PUT   | /v1/templates/c/push/xx_yy      | locale                  | {'title':'a','body':'b'}
            PUT   | /v1/templates/c/push/en         | /title                  | {'body':'b'}
            POST  | /v1/templates/preview           | /template/body          | {'template':{'channel':'SMS','title':'a','body':'{{#a}}'}}
            """)
    void namesTheFieldThatIsWrong(String method, String path, String field, String body) throws Exception {
        String sent = body.replace('\'', '"').replace("LONG", "x".repeat(4_097));

        HttpResponse<String> answer = rig.send(method, path, key, sent);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(Rig.json(answer).path("field").asText("none"))
                .as(answer.body())
                .isEqualTo(field);
    }

    static Stream<String> requestExamples() {
        return OpenApiTest.examples().stream()
                .map(OpenApiTest.Example::where)
                .filter(where -> where.contains("/requestBody/"));
    }

    /** What the document shows is what the server takes. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("requestExamples")
    void acceptsTheExamples(String where) throws Exception {
        JsonNode value = OpenApiTest.examples().stream()
                .filter(example -> example.where().equals(where))
                .findFirst()
                .orElseThrow()
                .value();
        Operation operation = Operations.of(null, null).stream()
                .filter(one -> where.startsWith(
                        "/" + one.path() + "/" + one.method().name().toLowerCase(Locale.ROOT) + "/"))
                .findFirst()
                .orElseThrow();
        String path = operation
                .path()
                .replace("{channel}", "push")
                .replace("{kind}", "email")
                .replace("{locale}", "en")
                .replaceAll("\\{\\w+}", "example");

        HttpResponse<String> answer = rig.send(operation.method().name(), path, key, value.toString());

        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202);
    }

    @Test
    void writesUsersChangesByUserWithAReceipt() throws Exception {
        HttpResponse<String> preference =
                rig.send("PATCH", "/v1/users/zo%C3%AB%2F1/preferences", key, "{\"locale\":\"de\"}");
        HttpResponse<String> device = rig.send("DELETE", "/v1/users/ana/devices/phone", key, null);
        HttpResponse<String> topic = rig.send("PUT", "/v1/users/ana/subscriptions/sports%2Ffootball", key, null);

        assertThat(Stream.of(preference, device, topic).map(HttpResponse::statusCode))
                .containsOnly(202);
        String receipt = Rig.json(preference).get("receipt").asText();
        assertThat(receipt).startsWith("p");
        assertThat(Heard.parse(receipt).toString()).isEqualTo(receipt);
        assertThat(rig.read(Topics.PREFERENCE_CHANGED, PreferenceChanged.class))
                .anySatisfy(change -> assertThat(change.getUser()).isEqualTo("zoë/1"));
        assertThat(rig.keys(Topics.PREFERENCE_CHANGED)).contains("demo/zoë/1");
        assertThat(rig.read(Topics.DEVICE_CHANGED, DeviceChanged.class))
                .anySatisfy(change -> assertThat(change.getToken()).isNull());
        assertThat(Rig.json(topic).get("receipt").asText()).startsWith("s");
    }

    @Test
    void setsRemovesAndPreviewsTemplates() throws Exception {
        String category = "t" + System.nanoTime();
        String path = "/v1/templates/" + category + "/email/de";
        assertThat(rig.send("PUT", path, key, "{\"title\":\"a\",\"body\":\"b\",\"html\":\"<b>{{x}}</b>\"}")
                        .statusCode())
                .isEqualTo(202);
        assertThat(rig.send("DELETE", path, key, null).statusCode()).isEqualTo(202);

        assertThat(rig.read(Topics.TEMPLATE_CHANGED, TemplateChanged.class))
                .filteredOn(change -> change.getCategory().equals(category))
                .extracting(TemplateChanged::getTitle)
                .containsExactly("a", null);
        HttpResponse<String> preview = rig.send("POST", "/v1/templates/preview", key, """
                {"template":{"channel":"EMAIL","title":"Hi {{recipient}}","body":"{{text}}","html":"<p>{{text}}</p>"},
                 "notification":{"data":{"text":"<b>"}},"displayName":"Ana"}
                """);
        assertThat(preview.statusCode()).as(preview.body()).isEqualTo(200);
        assertThat(preview.body()).isEqualTo("{\"title\":\"Hi Ana\",\"body\":\"<b>\",\"html\":\"<p>&lt;b&gt;</p>\"}");
    }

    @Test
    void controlsBroadcastsAndTellsHowFarTheyAre() throws Exception {
        assertThat(rig.send("GET", "/v1/broadcasts/newsroom/b-1", key, null).statusCode())
                .isEqualTo(404);
        try (Connection connection = rig.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO broadcast_state VALUES"
                    + " ('demo','newsroom','b-1',0,'news','DONE',10,7,1,now(),now(),now()),"
                    + " ('demo','newsroom','b-1',1,'news','RUNNING',5,5,0,now(),NULL,now()),"
                    + " ('other','newsroom','b-2',1,'news','RUNNING',5,5,0,now(),NULL,now())");
        }

        JsonNode progress = Rig.json(rig.send("GET", "/v1/broadcasts/newsroom/b-1", key, null));
        assertThat(progress.get("phase").asText()).isEqualTo("RUNNING");
        assertThat(progress.get("looked").asInt()).isEqualTo(15);
        assertThat(progress.get("failed").asInt()).isEqualTo(1);
        assertThat(rig.send("GET", "/v1/broadcasts/newsroom/b-2", key, null).statusCode())
                .as("of another tenant")
                .isEqualTo(404);
        assertThat(rig.send("POST", "/v1/broadcasts/newsroom/b-1/pause", key, null)
                        .statusCode())
                .isEqualTo(202);
        assertThat(rig.read(Topics.BROADCAST_CONTROLLED, BroadcastControlled.class))
                .anySatisfy(control -> assertThat(control.getAction().name()).isEqualTo("PAUSE"));
    }

    @Test
    void keepsCallersToTheirRate() throws Exception {
        String slow = rig.key("demo", Set.of("notifications:write"), new Rate(1, 3));
        List<Integer> statuses = new ArrayList<>();
        HttpResponse<String> last = null;
        for (int i = 0; i < 5; i++) {
            last = rig.send("POST", "/v1/notifications", slow, Rig.event(id()));
            statuses.add(last.statusCode());
        }

        assertThat(statuses).startsWith(202, 202, 202).endsWith(429);
        assertThat(last.headers().firstValueAsLong("Retry-After")).hasValue(1);
        assertThat(rig.send("POST", "/v1/notifications", key, Rig.event(id())).statusCode())
                .as("another key")
                .isEqualTo(202);
    }

    @Test
    void refusesWhoIsNotKnownOrMayNot() throws Exception {
        String reader = rig.key("demo", Set.of("read"));
        String revoked = rig.key("demo", Set.of("notifications:write"));
        try (Connection connection = rig.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "UPDATE ingest.api_key SET revoked_at = now() WHERE id = '" + revoked.split("_", -1)[1] + "'");
        }
        String wrongSecret = key.substring(0, key.length() - 4) + "0000";

        assertThat(post(null)).isEqualTo(401);
        assertThat(post("hk_x")).isEqualTo(401);
        assertThat(post(wrongSecret)).isEqualTo(401);
        assertThat(post(revoked)).isEqualTo(401);
        assertThat(post(reader)).isEqualTo(403);
        assertThat(post(rig.issuer.es256(Issuer.claims("shop", "d").claim("scope", "notifications:write read"))))
                .isEqualTo(202);
        assertThat(post(rig.issuer.es256(Issuer.claims("shop", "d").claim("scope", "read"))))
                .isEqualTo(403);
        assertThat(post(rig.issuer.es256(Issuer.claims("shop", "d"))))
                .as("no scope")
                .isEqualTo(401);
        assertThat(post(Issuer.unsigned(Issuer.claims("shop", "d").claim("scope", "notifications:write"))))
                .isEqualTo(401);
        assertThat(post(rig.issuer.hs256WithThePublicKey(
                        Issuer.claims("shop", "d").claim("scope", "notifications:write"))))
                .isEqualTo(401);
    }

    private static int post(String bearer) throws Exception {
        return rig.send("POST", "/v1/notifications", bearer, Rig.event(id())).statusCode();
    }

    @Test
    void answersARepeatAsTheFirst() throws Exception {
        String id = id();
        HttpResponse<String> first = once("k-" + id, Rig.event(id));
        HttpResponse<String> again = once("k-" + id, Rig.event(id));

        assertThat(first.statusCode()).as(first.body()).isEqualTo(202);
        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(events(id)).hasSize(1);
        HttpResponse<String> other = once("k-" + id, Rig.event(id + "x"));
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(Rig.json(other).get("field").asText()).isEqualTo("Idempotency-Key");
    }

    @Test
    void freesTheKeyOfWhatWasRefused() throws Exception {
        String id = id();
        assertThat(once("k-" + id, Rig.event(id).replace("shop", "NO")).statusCode())
                .isEqualTo(400);
        assertThat(once("k-" + id, "{\"notifications\":[{\"source\":\"shop\"}]}")
                        .statusCode())
                .as("many, and none accepted")
                .isEqualTo(207);
        assertThat(once("k-" + id, Rig.event(id)).statusCode()).isEqualTo(202);
    }

    @Test
    void measuresHowLongAnswersTake() throws Exception {
        assertThat(rig.send("POST", "/v1/notifications", key, Rig.event(id())).statusCode())
                .isEqualTo(202);

        await().untilAsserted(
                        () -> assertThat(rig.metrics()).containsPattern("herald_ingest_latency_seconds_count [1-9]"));
    }

    @Test
    void worksOnARequestOnceAtATime() throws Exception {
        String id = id();
        HttpRequest request = rig.request("POST", "/v1/notifications", key, Rig.event(id))
                .header("Idempotency-Key", "k-" + id)
                .build();
        List<CompletableFuture<Integer>> all = Stream.generate(() ->
                        rig.client.sendAsync(request, BodyHandlers.ofString()).thenApply(HttpResponse::statusCode))
                .limit(20)
                .toList();

        assertThat(all).extracting(CompletableFuture::join).contains(202).containsOnly(202, 409);
        assertThat(events(id)).hasSize(1);
    }

    @Test
    void takesOverWhatADeadProcessBegan() throws Exception {
        String id = id();
        try (Connection connection = rig.connect();
                Statement statement = connection.createStatement()) {
            once("k-" + id, Rig.event(id));
            String where = " WHERE key = 'k-" + id + "'";
            statement.execute("UPDATE ingest.idempotency SET status = NULL, answer = NULL,"
                    + " leased_until = now() + interval '1 minute'" + where);
            assertThat(once("k-" + id, Rig.event(id)).statusCode()).isEqualTo(409);
            statement.execute("UPDATE ingest.idempotency SET leased_until = now() - interval '1 second'" + where);
            assertThat(once("k-" + id, Rig.event(id + "x")).statusCode()).isEqualTo(422);
        }

        assertThat(once("k-" + id, Rig.event(id)).statusCode()).isEqualTo(202);
        assertThat(events(id)).as("twice in the topic, with one identity").hasSize(2);
    }

    private static HttpResponse<String> once(String idempotencyKey, String body) throws Exception {
        return rig.send(rig.request("POST", "/v1/notifications", key, body).header("Idempotency-Key", idempotencyKey));
    }
}
