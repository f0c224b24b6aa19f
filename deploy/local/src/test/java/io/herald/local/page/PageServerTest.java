package io.herald.local.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import io.herald.local.page.Events.Receipt;
import io.herald.local.story.Cast;
import io.herald.schema.BroadcastRequested;
import io.herald.schema.Channel;
import io.herald.schema.ChannelVerdict;
import io.herald.schema.DeadLetter;
import io.herald.schema.Decision;
import io.herald.schema.DeliveryState;
import io.herald.schema.LedgerEntry;
import io.herald.schema.NotificationRequested;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.Reason;
import io.herald.schema.Route;
import io.herald.schema.Transition;
import io.herald.simulator.Fault;
import io.herald.simulator.FcmSimulator;
import io.herald.simulator.Mail;
import io.herald.simulator.Push;
import io.herald.simulator.SmsMessage;
import io.herald.simulator.Weather;
import io.herald.simulator.WebhookPost;
import io.herald.topic.Topic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page's server answers, and what it refuses. */
@Timeout(60)
class PageServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GOOD = "{\"category\":\"like\",\"actor\":\"bo\",\"recipient\":\"ana\",\"text\":\"hi\"}";
    private static final Instant AT = Instant.ofEpochMilli(1_790_000_000_123L);

    private final HttpClient client = HttpClient.newHttpClient();
    private final Source<Push> apns = new Source<>();
    private final Source<Push> fcm = new Source<>();
    private final Source<Push> browsers = new Source<>();
    private final Source<Mail> mails = new Source<>();
    private final Source<SmsMessage> messages = new Source<>();
    private final Source<WebhookPost> posts = new Source<>();
    private final FcmSimulator simulator = FcmSimulator.start(0);
    private final List<String> replies = new CopyOnWriteArrayList<>();
    private boolean phonesAnswer = true;
    private final List<SpecificRecord> published = new CopyOnWriteArrayList<>();
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final LedgerBook ledger = new LedgerBook();
    private boolean kafkaAnswers = true;
    private DemoTokens tokens;
    private PageServer server;

    /** Stands in for a simulator. */
    private static final class Source<T> {
        private final List<T> received = new CopyOnWriteArrayList<>();
        private final List<Consumer<T>> listeners = new CopyOnWriteArrayList<>();

        Feed<T> feed() {
            return new Feed<>(() -> List.copyOf(received), listeners::add);
        }

        void take(T arrival) {
            received.add(arrival);
            listeners.forEach(listener -> listener.accept(arrival));
        }
    }

    @BeforeEach
    void start(@TempDir Path folder) {
        tokens = DemoTokens.in(folder.resolve("tokens"));
        Backend backend = new Backend(
                new Arrivals(apns.feed(), fcm.feed(), browsers.feed(), mails.feed(), messages.feed(), posts.feed()),
                new Providers(Map.of("fcm", simulator)),
                (number, text) -> {
                    if (!phonesAnswer) {
                        throw new IOException("nobody hears it");
                    }
                    replies.add(number + " " + text);
                },
                this::publish,
                () -> JSON.createObjectNode().put("id", "b1").put("notified", 7),
                ledger,
                new Happenings(),
                tokens,
                URI.create("ws://127.0.0.1:8090/v1/socket"));
        server = PageServer.serve(0, backend, () -> {});
    }

    @AfterEach
    void stop() {
        server.close();
        simulator.close();
    }

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
    void saysWhichPushesShowNothing() throws Exception {
        apns.take(push("shown", AT));
        apns.take(new Push(
                AT.plusMillis(1), "clear", "token", "", "", null, null, "5", null, true, null, List.of(4L, 7L), ""));

        JsonNode pushes = json(get("/api/pushes"), 200);

        assertThat(pushes.at("/0").has("silent")).isFalse();
        assertThat(pushes.at("/1/silent").booleanValue()).isTrue();
        assertThat(pushes.at("/1/clears").toString()).isEqualTo("[4,7]");
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
    void showsPushesOfBothProvidersInOrderOfArrival() throws Exception {
        apns.take(push("second", AT.plusMillis(5)));
        fcm.take(push("first", AT));

        JsonNode pushes = json(get("/api/pushes"), 200);

        assertThat(pushes).hasSize(2);
        assertThat(pushes.at("/0/provider").textValue()).isEqualTo("fcm");
        assertThat(pushes.at("/0/at").longValue()).isEqualTo(AT.toEpochMilli());
        assertThat(pushes.at("/1/title").textValue()).isEqualTo("second");
        assertThat(pushes.at("/1").has("link")).isFalse();
    }

    @Test
    void showsBrowsersWithPhones() throws Exception {
        browsers.take(push("shown", AT));

        assertThat(json(get("/api/pushes"), 200).at("/0/provider").textValue()).isEqualTo("webpush");
    }

    @Test
    void showsMessagesAndPosts() throws Exception {
        messages.take(new SmsMessage(AT, "SM1", "d1", Cast.SMS_NUMBER, "+15005550006", "<b>hi", 60, "", ""));
        posts.take(new WebhookPost(AT, "d2", "https://hooks.example/secret", "T", "B", null, 0, ""));

        assertThat(json(get("/api/messages"), 200).at("/0/text").textValue()).isEqualTo("<b>hi");
        HttpResponse<String> answer = get("/api/posts");
        assertThat(json(answer, 200).at("/0/title").textValue()).isEqualTo("T");
        assertThat(answer.body()).doesNotContain("secret");
    }

    @Test
    void makesAProviderFail() throws Exception {
        JsonNode rows = json(post("/api/faults", "{\"provider\":\"fcm\",\"fault\":\"SILENCE\",\"percent\":30}"), 200);

        assertThat(simulator.weather().fault()).isEqualTo(Fault.SILENCE);
        assertThat(simulator.weather().percent()).isEqualTo(30);
        assertThat(rows.at("/0/fault").textValue()).isEqualTo("SILENCE");
        assertThat(json(get("/api/providers"), 200)).isEqualTo(rows);
        json(post("/api/faults", "{\"provider\":\"fcm\",\"fault\":\"NONE\",\"percent\":100}"), 200);
        assertThat(simulator.weather()).isEqualTo(Weather.FINE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /api/faults  | {"provider":"ses","fault":"NONE","percent":1}   | provider
            /api/faults  | {"provider":"fcm","fault":"RAIN","percent":1}   | fault
            /api/faults  | {"provider":"fcm","fault":"NONE","percent":101} | percent
            /api/faults  | {"provider":"fcm","fault":"NONE"}               | percent
            /api/faults  | {"provider":"fcm","fault":"NONE","seed":1}      | seed
            /api/replies | {"number":"+15551230001","text":"HELLO"}        | text
            /api/replies | {"number":"+15550000000","text":"STOP"}         | number
            """)
    void refusesFaultsAndRepliesThatItDoesNotKnow(String path, String form, String field) throws Exception {
        assertThat(json(post(path, form), 400).get("field").textValue()).isEqualTo(field);
        assertThat(simulator.weather()).isEqualTo(Weather.FINE);
        assertThat(replies).isEmpty();
    }

    @Test
    void repliesToAnSms() throws Exception {
        String stop = "{\"number\":\"" + Cast.SMS_NUMBER + "\",\"text\":\"STOP\"}";
        json(post("/api/replies", stop), 200);
        assertThat(replies).containsExactly(Cast.SMS_NUMBER + " STOP");

        phonesAnswer = false;
        json(post("/api/replies", stop), 503);
    }

    @Test
    void leavesNamesAndMarkupAsTheyAre() throws Exception {
        String hostile = "</script><img src=x onerror=alert(1)> " + Cast.UNUSUAL_NAME;
        mails.take(new Mail(
                AT, "d", "zoe@example.org", Cast.UNUSUAL_NAME, "a", hostile, hostile, null, Map.of(), Map.of(), ""));

        HttpResponse<String> answer = get("/api/mails");

        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
        assertThat(json(answer, 200).at("/0/subject").textValue()).isEqualTo(hostile);
        assertThat(json(answer, 200).at("/0/toName").textValue()).isEqualTo(Cast.UNUSUAL_NAME);
        assertThat(json(get("/api/cast"), 200).findValuesAsText("name")).contains(Cast.UNUSUAL_NAME);
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

    @Test
    void explainsEveryReasonAndEveryState() throws Exception {
        String words = get("/words.js").body();
        assertThat(Reason.values()).allSatisfy(reason -> assertThat(words).contains("  " + reason + ": '"));
        assertThat(DeliveryState.values()).allSatisfy(state -> assertThat(words).contains("  " + state + ": ['"));
    }

    @Test
    void followsAnEventThroughTheLedger() throws Exception {
        String id = json(post("/api/events", GOOD), 200).get("eventId").textValue();
        Decision decision = Decision.newBuilder()
                .setSource("demo-page")
                .setEventId(id)
                .setCategory("like")
                .setProfileVersion(1)
                .setVerdicts(List.of(ChannelVerdict.newBuilder()
                        .setChannel(Channel.EMAIL)
                        .setState(DeliveryState.SKIPPED)
                        .setReason(Reason.CHANNEL_OPTED_OUT)
                        .setDueAt(AT.plusMillis(70))
                        .build()))
                .build();
        Transition transition = Transition.newBuilder()
                .setDeliveryId("delivery")
                .setRoute(Route.APNS)
                .setAddressId("ana-iphone")
                .setAttempt(1)
                .setState(DeliveryState.ACCEPTED)
                .build();
        ledger.add(new LedgerEntry(Cast.TENANT, "ana", "n1", AT, 2, 7L, decision), AT.plusMillis(9));
        ledger.add(new LedgerEntry(Cast.TENANT, "ana", "n1", AT.plusMillis(5), 2, 9L, transition), AT.plusMillis(12));
        ledger.add(letter("notification.requested", 1, 41), AT);
        ledger.add(letter("notification.requested", 1, 42), AT);

        JsonNode entries = json(get("/api/ledger?event=" + id), 200).get("entries");

        assertThat(entries.findValuesAsText("kind")).containsExactly("decision", "transition", "dead-letter");
        assertThat(entries.at("/0/verdicts/0/reason").textValue()).isEqualTo("CHANNEL_OPTED_OUT");
        assertThat(entries.at("/0/again").booleanValue()).isFalse();
        assertThat(entries.at("/0/verdicts/0/dueAt").longValue())
                .isEqualTo(AT.plusMillis(70).toEpochMilli());
        assertThat(entries.at("/0/at").longValue()).isEqualTo(AT.toEpochMilli());
        assertThat(entries.at("/1/state").textValue()).isEqualTo("ACCEPTED");
        assertThat(json(get("/api/ledger"), 200).get("events")).hasSize(1);
        assertThat(json(get("/api/ledger?event=unknown"), 200).get("entries")).isEmpty();
    }

    @Test
    void tellsOpenPagesWhatArrives() throws Exception {
        HttpResponse<Stream<String>> stream = client.send(request("/api/stream").build(), BodyHandlers.ofLines());
        List<String> lines = new CopyOnWriteArrayList<>();
        Thread reader = new Thread(() -> stream.body().forEach(lines::add));
        reader.setDaemon(true);
        reader.setUncaughtExceptionHandler((thread, closed) -> lines.add("closed"));
        reader.start();
        assertThat(stream.headers().firstValue("Content-Type")).hasValue("text/event-stream; charset=utf-8");
        await().until(() -> lines.contains("event: hello"));

        apns.take(push("two\nlines", AT));

        await().until(() -> lines.contains("event: push"));
        String data = lines.get(lines.indexOf("event: push") + 1);
        assertThat(JSON.readTree(data.substring("data: ".length())).get("title").textValue())
                .isEqualTo("two\nlines");
    }

    private static String keyOf(DemoTokens issuer) throws ParseException {
        return SignedJWT.parse(issuer.sign("ana", "web-1")).getHeader().getKeyID();
    }

    private Receipt publish(Topic topic, String key, SpecificRecord record) {
        if (!kafkaAnswers) {
            throw new UnavailableException("Kafka", null);
        }
        published.add(record);
        keys.add(String.valueOf(key));
        return new Receipt(AT, AT.plusMillis(3), topic.name(), 1, 41);
    }

    private static DeadLetter letter(String topic, int partition, long offset) {
        return DeadLetter.newBuilder()
                .setReason(Reason.INVALID)
                .setDetail("why")
                .setStage("intake")
                .setTopic(topic)
                .setPartition(partition)
                .setOffset(offset)
                .setAt(AT)
                .setLength(1)
                .build();
    }

    private static Push push(String title, Instant at) {
        return new Push(at, "delivery", "token", title, "body", null, null, "10", null, false, null, List.of(), "");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path).build());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    private HttpResponse<String> send(HttpRequest request) throws Exception {
        return client.send(request, BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer, int status) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    /** Sends a request as it stands, which a well-behaved client would not, and returns the answer's status. */
    private int status(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                OutputStream out = socket.getOutputStream();
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            String line = in.readLine();
            assertThat(line).startsWith("HTTP/1.1 ");
            return Integer.parseInt(line.substring(9, 12));
        }
    }
}
