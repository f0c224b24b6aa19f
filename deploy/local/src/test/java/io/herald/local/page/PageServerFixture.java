package io.herald.local.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jwt.SignedJWT;
import io.herald.local.page.Events.Receipt;
import io.herald.schema.DeadLetter;
import io.herald.schema.Reason;
import io.herald.simulator.FcmSimulator;
import io.herald.simulator.Mail;
import io.herald.simulator.Push;
import io.herald.simulator.SmsMessage;
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
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The page's server with stand-ins behind it, and a hand to ask it. */
abstract class PageServerFixture {
    static final ObjectMapper JSON = new ObjectMapper();
    static final String GOOD = "{\"category\":\"like\",\"actor\":\"bo\",\"recipient\":\"ana\",\"text\":\"hi\"}";
    static final Instant AT = Instant.ofEpochMilli(1_790_000_000_123L);

    final HttpClient client = HttpClient.newHttpClient();
    final Source<Push> apns = new Source<>();
    final Source<Push> fcm = new Source<>();
    final Source<Push> browsers = new Source<>();
    final Source<Mail> mails = new Source<>();
    final Source<SmsMessage> messages = new Source<>();
    final Source<WebhookPost> posts = new Source<>();
    final FcmSimulator simulator = FcmSimulator.start(0);
    final List<String> replies = new CopyOnWriteArrayList<>();
    boolean phonesAnswer = true;
    final List<SpecificRecord> published = new CopyOnWriteArrayList<>();
    final List<String> keys = new CopyOnWriteArrayList<>();
    final LedgerBook ledger = new LedgerBook();
    boolean kafkaAnswers = true;
    DemoTokens tokens;
    PageServer server;

    /** Stands in for a simulator. */
    static final class Source<T> {
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

    static String keyOf(DemoTokens issuer) throws ParseException {
        return SignedJWT.parse(issuer.sign("ana", "web-1")).getHeader().getKeyID();
    }

    Receipt publish(Topic topic, String key, SpecificRecord record) {
        if (!kafkaAnswers) {
            throw new UnavailableException("Kafka", null);
        }
        published.add(record);
        keys.add(String.valueOf(key));
        return new Receipt(AT, AT.plusMillis(3), topic.name(), 1, 41);
    }

    static DeadLetter letter(String topic, int partition, long offset) {
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

    static Push push(String title, Instant at) {
        return new Push(at, "delivery", "token", title, "body", null, null, "10", null, false, null, List.of(), "");
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path));
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(request(path).build());
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    HttpResponse<String> send(HttpRequest request) throws Exception {
        return client.send(request, BodyHandlers.ofString());
    }

    static JsonNode json(HttpResponse<String> answer, int status) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    /** Sends a request as it stands, which a well-behaved client would not, and returns the answer's status. */
    int status(String request) throws IOException {
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
