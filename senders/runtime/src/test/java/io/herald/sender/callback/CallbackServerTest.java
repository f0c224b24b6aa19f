package io.herald.sender.callback;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.schema.Receipt;
import io.herald.schema.ReceiptReported;
import io.herald.schema.Route;
import io.herald.wire.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server over real HTTP; what it does with a real broker is in senders/testkit. */
@Timeout(60)
class CallbackServerTest {
    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final String PUBLIC = "https://hooks.example/sms";

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<CallbackRequest> seen = new CopyOnWriteArrayList<>();
    private final List<CallbackResult> counted = new CopyOnWriteArrayList<>();
    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private CallbackServer server;
    private volatile Callbacks handler = request -> List.of();

    @BeforeEach
    void start() {
        server = start(PATIENT);
    }

    private CallbackServer start(Duration mostTime) {
        CallbackWriter writer =
                new CallbackWriter(kafka, new WireFormat(Map.of("schema.registry.url", "mock://callbacks")), PATIENT);
        return CallbackServer.start(
                new CallbackConfig("127.0.0.1", 0, PUBLIC),
                request -> {
                    seen.add(request);
                    return handler.handle(request);
                },
                writer,
                counted::add,
                mostTime);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void handsOverTheUrlThatTheProviderCalled() throws Exception {
        assertThat(post("/behind/a/proxy?tenant=acme&user=a%2Fb", "x=1").statusCode())
                .isEqualTo(200);

        CallbackRequest request = seen.get(0);
        assertThat(request.url()).isEqualTo(PUBLIC + "?tenant=acme&user=a%2Fb");
        assertThat(request.query()).isEqualTo("tenant=acme&user=a%2Fb");
        assertThat(request.header("X-Signature")).contains("s");
        assertThat(request.header("X-Other")).isEmpty();
        assertThat(request.body()).isEqualTo("x=1");
        assertThat(request.toString()).doesNotContain("acme").doesNotContain("x=1");
        assertThat(counted).containsExactly(CallbackResult.TAKEN);
    }

    @Test
    void answersOnlyWhenKafkaHasAcknowledged() throws Exception {
        handler = request -> List.of(receipt("ann"), receipt("bob"));

        CompletableFuture<HttpResponse<Void>> answer = http.sendAsync(request("/", "x"), BodyHandlers.discarding());
        await().until(() -> kafka.history().size() == 2);
        kafka.completeNext();
        await().during(Duration.ofMillis(200)).until(() -> !answer.isDone());
        kafka.completeNext();

        assertThat(answer.join().statusCode()).isEqualTo(200);
        assertThat(kafka.history())
                .extracting(record -> record.topic() + " " + new String(record.key(), UTF_8))
                .containsExactly("receipt.reported acme/ann", "receipt.reported acme/bob");
    }

    @Test
    void leavesItToTheProviderToRepeatWhatKafkaDoesNotTake() throws Exception {
        handler = request -> List.of(receipt("ann"));

        CompletableFuture<HttpResponse<Void>> answer = http.sendAsync(request("/", "x"), BodyHandlers.discarding());
        await().until(() -> kafka.history().size() == 1);
        kafka.errorNext(new TimeoutException("away"));

        assertThat(answer.join().statusCode()).isEqualTo(503);
        assertThat(counted).containsExactly(CallbackResult.NOT_WRITTEN);
    }

    @Test
    void refusesWhatTheHandlerRefuses() throws Exception {
        handler = request -> {
            throw RefusedCallbackException.forged("no signature");
        };
        assertThat(post("/", "x").statusCode()).isEqualTo(403);
        handler = request -> {
            throw RefusedCallbackException.malformed("no form");
        };
        assertThat(post("/", "x").statusCode()).isEqualTo(400);
        handler = request -> {
            throw RefusedCallbackException.later("no certificate yet");
        };
        assertThat(post("/", "x").statusCode()).isEqualTo(503);
        handler = request -> {
            throw new IllegalStateException("bug");
        };
        assertThat(post("/", "x").statusCode()).isEqualTo(500);

        assertThat(counted)
                .containsExactly(
                        CallbackResult.FORGED,
                        CallbackResult.MALFORMED,
                        CallbackResult.NOT_WRITTEN,
                        CallbackResult.FAILED);
        assertThat(kafka.history()).isEmpty();
    }

    @Test
    void takesPostsOnly() throws Exception {
        HttpResponse<Void> answer = http.send(HttpRequest.newBuilder(url("/")).build(), BodyHandlers.discarding());

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("POST");
        assertThat(seen).isEmpty();
    }

    @Test
    void takesNoMoreThanACallbackCanBe() throws Exception {
        assertThat(post("/", "x".repeat(256 << 10)).statusCode()).isEqualTo(200);
        assertThat(post("/", "x".repeat((256 << 10) + 1)).statusCode()).isEqualTo(413);
        assertThat(seen).hasSize(1);
    }

    @Test
    void takesTextOnly() throws Exception {
        HttpRequest binary = HttpRequest.newBuilder(url("/"))
                .POST(BodyPublishers.ofByteArray(new byte[] {(byte) 0xc3, 0x28}))
                .build();

        assertThat(http.send(binary, BodyHandlers.discarding()).statusCode()).isEqualTo(400);
        assertThat(seen).isEmpty();
    }

    @Test
    void cutsOffWhoSendsTooSlowly() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try (CallbackServer impatient = start(Duration.ofMillis(500))) {
            // More than there are threads: while these hold all of them, nobody else is heard.
            for (int i = 0; i < 12; i++) {
                slow.add(halfARequest(
                        impatient, i % 2 == 0 ? "POST / HT" : "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nx"));
            }
            for (Socket each : slow) {
                assertThat(each.getInputStream().read()).as("closed").isEqualTo(-1);
            }

            assertThat(http.send(request(impatient, "/", "x"), BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);
        } finally {
            for (Socket each : slow) {
                each.close();
            }
        }
    }

    @Test
    void answersSeveralRequestsOfOneConnection() throws Exception {
        try (Socket socket = halfARequest(server, "")) {
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream()
                        .write("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx".getBytes(UTF_8));
                assertThat(line(socket.getInputStream())).isEqualTo("HTTP/1.1 200 OK");
            }
        }
    }

    private static Socket halfARequest(CallbackServer to, String text) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.port());
        socket.setSoTimeout((int) PATIENT.toMillis());
        socket.getOutputStream().write(text.getBytes(UTF_8));
        return socket;
    }

    /** Reads an answer without a body, and returns its first line. */
    private static String line(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.substring(0, Math.max(0, head.indexOf("\r\n")));
    }

    private HttpResponse<Void> post(String path, String body) throws Exception {
        return http.send(request(path, body), BodyHandlers.discarding());
    }

    private HttpRequest request(String path, String body) {
        return request(server, path, body);
    }

    private static HttpRequest request(CallbackServer to, String path, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to.port() + path))
                .header("x-signature", "s")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private static SpecificRecord receipt(String user) {
        return ReceiptReported.newBuilder()
                .setTenant("acme")
                .setUser(user)
                .setNotificationId("n")
                .setDeliveryId("d")
                .setRoute(Route.SMS)
                .setReceipt(Receipt.DELIVERED)
                .setAt(Instant.EPOCH)
                .build();
    }
}
