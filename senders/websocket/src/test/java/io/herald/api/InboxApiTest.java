package io.herald.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.herald.schema.DeviceChanged;
import io.herald.schema.InboxAct;
import io.herald.schema.InboxActed;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.ReceiptReported;
import io.herald.schema.Route;
import io.herald.schema.SubscriptionChanged;
import io.herald.testkit.Issuer;
import io.herald.topic.Topics;
import io.herald.wire.UserKey;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InboxApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UserKey ANN = new UserKey("demo", "ann");

    @TempDir
    Path folder;

    private final HeldReader reader = new HeldReader();
    private ApiServer server;

    @BeforeEach
    void start() {
        server = ApiServer.api(folder, vertx -> reader, new ApiSettings(100, 100));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void writesWhatWasDoneUnderTheNameInTheToken() throws Exception {
        HttpResponse<String> answer =
                server.send("ann", "POST", "/v1/inbox/acts", "{\"act\":\"archive\",\"seqs\":[4,5]}");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(JSON.readTree(answer.body()).get("receipt").asText()).isEqualTo("a3.0");
        assertThat(answer.headers().firstValue("Herald-Receipt")).contains("a3.0");
        InboxActed acted = only(InboxActed.class);
        assertThat(acted.getUser()).isEqualTo("ann");
        assertThat(acted.getAct()).isEqualTo(InboxAct.ARCHIVED);
        assertThat(acted.getSeqs()).containsExactly(4L, 5L);
        assertThat(acted.getDevice()).isEqualTo("phone");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/inbox/7/read, READ, 7,",
        "/v1/inbox/7/unread, UNREAD, 7,",
        "/v1/inbox/7/seen, SEEN, 7,",
        "/v1/inbox/7/archive, ARCHIVED, 7,",
        "/v1/inbox/7/dismiss, DISMISSED, 7,",
        "/v1/inbox/read, READ, , 9",
        "/v1/inbox/seen, SEEN, , 9"
    })
    void knowsEachAct(String path, InboxAct act, Long seq, Long upTo) throws Exception {
        HttpResponse<String> answer = server.send("ann", "POST", path, upTo == null ? null : "{\"upTo\":" + upTo + "}");

        assertThat(answer.statusCode()).isEqualTo(202);
        InboxActed acted = only(InboxActed.class);
        assertThat(acted.getAct()).isEqualTo(act);
        assertThat(acted.getSeqs()).isEqualTo(seq == null ? List.of() : List.of(seq));
        assertThat(acted.getUpToSeq()).isEqualTo(upTo);
    }

    @Test
    void mapsAPatchToAChangeOfPreferences() throws Exception {
        HttpResponse<String> answer = server.send("ann", "PATCH", "/v1/preferences", """
                {"locale":"DE-at","quietHours":[{"startMinute":1320,"endMinute":420,"days":["SUNDAY","MONDAY"]}],
                 "doNotDisturbUntil":null,"caps":null,"optOuts":[{"category":"marketing","channel":"EMAIL"}],
                 "blockedActors":[{"actor":"eve","blocked":false}],
                 "digests":[{"category":"comment","frequency":"DAILY","minute":480}]}""");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        PreferenceChanged change = only(PreferenceChanged.class);
        assertThat(change.getLocale()).as("as intake writes it").isEqualTo("de-AT");
        assertThat(change.getZone()).as("absent: as before").isNull();
        assertThat(change.getQuietHours()).hasSize(1);
        assertThat(change.getCaps()).as("null: none").isEmpty();
        assertThat(change.getDoNotDisturbUntil()).isEqualTo(Instant.EPOCH);
        assertThat(change.getOptOuts().get(0).getOptedOut()).isTrue();
        assertThat(change.getBlockedActors().get(0).getBlocked()).isFalse();
        assertThat(change.getDigests().get(0).getMinute()).isEqualTo(480);
        assertThat(change.getAttributes()).as("for producers to set").isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PATCH | /v1/preferences | {\"zone\":\"Mars/Base\"} | /zone",
                "PATCH | /v1/preferences | {\"zone\":5} | /zone",
                "PATCH | /v1/preferences | {\"attributes\":[]} | /attributes",
                "PATCH | /v1/preferences | {\"quietHours\":[{\"startMinute\":1440,\"endMinute\":1}]} | /quietHours/startMinute",
                "PATCH | /v1/preferences | {\"digests\":[{\"frequency\":\"daily\"}]} | /digests/0/frequency",
                "PATCH | /v1/preferences | {\"optOuts\":[{\"optedout\":true}]} | /optOuts/0/optedout",
                "PATCH | /v1/preferences | {\"doNotDisturbUntil\":\"soon\"} | /doNotDisturbUntil",
                "PATCH | /v1/preferences | {\"doNotDisturbUntil\":\"+1000000000-12-31T23:59:59Z\"} | /doNotDisturbUntil",
                "PATCH | /v1/preferences | {\"doNotDisturbUntil\":\"-1000000000-01-01T00:00:00Z\"} | /doNotDisturbUntil",
                "PATCH | /v1/preferences | {\"locale\":\"de\",\"locale\":\"fr\"} | /locale",
                "PATCH | /v1/preferences | [[[[[[[[[[]]]]]]]]]] | ''",
                "PATCH | /v1/preferences | {\"displayName\":\"x\"} {} | ''",
                "POST | /v1/inbox/acts | {\"act\":\"eat\",\"seqs\":[1]} | /act",
                "POST | /v1/inbox/acts | {\"act\":\"read\"} | /seqs",
                "POST | /v1/inbox/acts | {\"act\":\"unread\",\"upTo\":3} | /upTo",
                "POST | /v1/inbox/acts | {\"act\":\"read\",\"seqs\":[1],\"user\":\"bo\"} | /user",
                "POST | /v1/inbox/read | {\"upTo\":-1} | /upTo",
                "PUT | /v1/devices/x | {\"platform\":\"WEBPUSH\",\"token\":{\"endpoint\":\"http://x\"},\"app\":\"v\"} | /token/keys/p256dh",
                "PUT | /v1/devices/x | {\"platform\":\"APNS\",\"token\":\"t\"} | /app",
                "PUT | /v1/subscriptions/Sports | {} | /topic",
                "GET | /v1/inbox?limit=101 | {} | limit",
                "GET | /v1/inbox?limit=1&limit=2 | {} | limit",
                "GET | /v1/inbox?before=1%20OR%201=1 | {} | before",
                "GET | /v1/inbox?before=-1 | {} | before",
                "GET | /v1/inbox?unread=yes | {} | unread",
                "GET | /v1/inbox?after=a1.1%3BDROP | {} | after",
                "GET | /v1/inbox?user=bo | {} | query"
            })
    void namesWhatIsWrong(String method, String path, String body, String field) throws Exception {
        HttpResponse<String> answer = server.send("ann", method, path, body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = JSON.readTree(answer.body());
        assertThat(problem.path("field").asText()).as(answer.body()).isEqualTo(field);
        assertThat(problem.get("type").asText()).isEqualTo("urn:herald:problem:invalid");
        assertThat(server.written()).isEmpty();
    }

    @Test
    void refusesABodyThatIsTooLarge() throws Exception {
        String body = "{\"displayName\":\"" + "x".repeat(70_000) + "\"}";

        assertThat(server.send("ann", "PATCH", "/v1/preferences", body).statusCode())
                .isEqualTo(413);
    }

    @Test
    void registersAndGivesUpDevices() throws Exception {
        server.send("ann", "PUT", "/v1/devices/phone%2F1", "{\"platform\":\"FCM\",\"token\":\"tok\",\"app\":\"p\"}");
        server.send("ann", "DELETE", "/v1/devices/phone%2F1", null);

        assertThat(server.written()).extracting(one -> one.topic().name()).containsOnly(Topics.DEVICE_CHANGED.name());
        DeviceChanged registered = (DeviceChanged) server.written().get(0).value();
        DeviceChanged gone = (DeviceChanged) server.written().get(1).value();
        assertThat(registered.getDevice()).isEqualTo("phone/1");
        assertThat(registered.getToken()).isEqualTo("tok");
        assertThat(gone.getDevice()).isEqualTo("phone/1");
        assertThat(gone.getToken()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"/v1/subscriptions/sports/football", "/v1/subscriptions/sports%2Ffootball"})
    void takesTopicsWithSlashes(String path) throws Exception {
        assertThat(server.send("ann", "PUT", path, null).statusCode()).isEqualTo(202);

        assertThat(only(SubscriptionChanged.class).getTopic()).isEqualTo("sports/football");
    }

    @Test
    void saysOfOneSubscriptionWhetherItIsThere() throws Exception {
        assertThat(server.get("ann", "/v1/subscriptions/sports").statusCode()).isEqualTo(200);
        assertThat(server.get("ann", "/v1/subscriptions/cooking").statusCode()).isEqualTo(404);
    }

    @Test
    void keepsADevicesReceiptUnderTheCallersName() throws Exception {
        HttpResponse<String> answer = server.send(
                "ann",
                "POST",
                "/v1/receipts",
                "{\"notificationId\":\"n1\",\"deliveryId\":\"d1\",\"platform\":\"WEBPUSH\"}");

        assertThat(answer.statusCode()).isEqualTo(202);
        ReceiptReported report = only(ReceiptReported.class);
        assertThat(report.getUser()).isEqualTo("ann");
        assertThat(report.getRoute()).isEqualTo(Route.WEBPUSH);
    }

    @Test
    void waitsUntilTheReadersOwnWriteIsThere() throws Exception {
        reader.deafFor = 3;

        HttpResponse<String> answer = server.get("ann", "/v1/inbox/unread-count?after=a3.0");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Herald-Behind")).isEmpty();
        assertThat(reader.reads.get()).isEqualTo(4);
    }

    @Test
    void saysThatAWriteIsNotThereAfterTwoSeconds() throws Exception {
        HttpResponse<String> answer = server.get("ann", "/v1/preferences?after=p3.9");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Herald-Behind")).contains("true");
        assertThat(JSON.readTree(answer.body()).get("zone").asText()).isEqualTo("Europe/Vienna");
    }

    @Test
    void asksToComeBackWhileKafkaOrTheDatabaseIsAway() throws Exception {
        reader.failing = true;
        server.fail();

        for (HttpResponse<String> answer :
                List.of(server.get("ann", "/v1/inbox"), server.send("ann", "POST", "/v1/inbox/1/read", null))) {
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(answer.body()).doesNotContain("database").doesNotContain("broker");
        }
    }

    @Test
    void knowsNobodyWithoutAGoodToken() throws Exception {
        String none = "Bearer " + Issuer.unsigned(Issuer.claims("ann", "phone"));
        for (String header : List.of("", "Basic YW5uOmFubg==", none, "Bearer x.y.z")) {
            HttpResponse<String> answer = server.send(
                    header.isEmpty()
                            ? server.request("/v1/inbox")
                            : server.request("/v1/inbox").header("Authorization", header));

            assertThat(answer.statusCode()).as(header).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
        }
        assertThat(reader.reads.get()).isZero();
    }

    @Test
    void slowsOneUserDownAndNotTheOthers() throws Exception {
        try (ApiServer slow = ApiServer.api(folder, vertx -> reader, new ApiSettings(1, 2))) {
            slow.get("ann", "/v1/inbox");
            slow.get("ann", "/v1/inbox");
            HttpResponse<String> third = slow.get("ann", "/v1/inbox");

            assertThat(third.statusCode()).isEqualTo(429);
            assertThat(third.headers().firstValue("Retry-After")).contains("1");
            assertThat(slow.get("bo", "/v1/inbox").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void lets404AnswerWhatIsNotThere() throws Exception {
        for (String path : List.of("/v1/inbox/2", "/v1/inbox/0x1", "/v1/inbox/99999999999999999999", "/v1/nothing")) {
            assertThat(server.get("ann", path).statusCode()).as(path).isEqualTo(404);
        }
    }

    private <T> T only(Class<T> type) {
        assertThat(server.written()).hasSize(1);
        assertThat(server.written().get(0).user()).isEqualTo(ANN);
        return type.cast(server.written().get(0).value());
    }
}
