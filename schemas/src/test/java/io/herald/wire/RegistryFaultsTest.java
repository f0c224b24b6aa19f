package io.herald.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.herald.schema.ContactChanged;
import io.herald.schema.ContactKind;
import io.herald.topic.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A registry that fails must never make a good record look bad: what is unreadable is never looked at again. */
@Timeout(20)
class RegistryFaultsTest {
    private static final byte[] RECORD = {0, 0, 0, 0, 1, 8, 'a', 'c', 'm', 'e', 6, 'a', 'n', 'n', 0, 0};
    private static final ContactChanged CONTACT = new ContactChanged("acme", "ann", ContactKind.EMAIL, null);

    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer registry;
    private int status;
    private String answer;
    private int promised;

    @BeforeEach
    void start() throws IOException {
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/", exchange -> {
            requests.incrementAndGet();
            byte[] body = answer.getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/vnd.schemaregistry.v1+json");
            exchange.sendResponseHeaders(status, Math.max(promised, body.length));
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        registry.start();
    }

    @AfterEach
    void stop() {
        registry.stop(0);
    }

    @Test
    void aGoodAnswerIsAskedForOnce() {
        answers(200, schemaAnswer());
        WireFormat wire = wire();
        for (int time = 0; time < 3; time++) {
            assertThat(wire.read(Topics.CONTACT_CHANGED, ContactChanged.class, RECORD))
                    .isEqualTo(CONTACT);
        }
        assertThat(requests).hasValue(1);
    }

    @Test
    void anUnknownIdIsAskedForOnce() {
        answers(404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
        WireFormat wire = wire();
        for (int time = 0; time < 3; time++) {
            UnreadableRecordException unreadable = catchThrowableOfType(
                    UnreadableRecordException.class,
                    () -> wire.read(Topics.CONTACT_CHANGED, ContactChanged.class, RECORD));
            assertThat(unreadable).isNotNull();
            assertThat(unreadable.unknownSchema()).isTrue();
        }
        assertThat(requests).hasValue(1);
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(delimiter = '|', textBlock = """
            500 | '{"error_code":50001,"message":"store"}' | 0   | the registry fails
            503 | 'no backend'                             | 0   | a proxy has no registry behind it
            401 | '{"error_code":401,"message":"who"}'     | 0   | our credentials are wrong
            429 | 'slow down'                              | 0   | it is busy
            404 | '<html>no such page</html>'              | 0   | the address leads elsewhere
            404 | '{"status":404,"title":"no such page"}'  | 0   | the address leads to another API
            200 | '<html>sign in</html>'                   | 0   | a proxy answers for it
            200 | '{"schema":'                             | 0   | the answer is cut
            200 | '{"schema":'                             | 400 | the connection breaks
            """)
    void aFaultOfTheRegistryIsNotOneOfTheRecord(int code, String body, int length, String why) {
        answers(code, body);
        promised = length;
        WireFormat wire = wire();
        assertThatThrownBy(() -> wire.read(Topics.CONTACT_CHANGED, ContactChanged.class, RECORD))
                .isInstanceOf(SchemaRegistryUnavailableException.class);
        assertThatThrownBy(() -> wire.value(Topics.CONTACT_CHANGED, CONTACT))
                .isInstanceOf(SchemaRegistryUnavailableException.class);
        promised = 0;
        answers(200, schemaAnswer());
        assertThat(wire.read(Topics.CONTACT_CHANGED, ContactChanged.class, RECORD))
                .as("once it is well again")
                .isEqualTo(CONTACT);
    }

    @Test
    void anAnswerThatIsNoSchemaIsAFaultOfTheRegistry() {
        answers(200, "{\"schema\":\"{]\",\"id\":1}");
        WireFormat wire = wire();
        assertThatThrownBy(() -> wire.read(Topics.CONTACT_CHANGED, ContactChanged.class, RECORD))
                .isInstanceOf(SchemaRegistryUnavailableException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROTOBUF", "JSON"})
    void aRecordOfAnotherKindOfSchemaIsUnreadable(String kind) {
        answers(200, "{\"schema\":\"{}\",\"schemaType\":\"" + kind + "\",\"id\":1}");
        WireFormat wire = wire();
        assertThatThrownBy(() -> wire.read(Topics.CONTACT_CHANGED, ContactChanged.class, RECORD))
                .isInstanceOfSatisfying(
                        UnreadableRecordException.class,
                        unreadable -> assertThat(unreadable.unknownSchema()).isTrue());
    }

    @Test
    void aClosedPortIsNotAFaultOfTheRecord() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        WireFormat wire = wire(port);
        assertThatThrownBy(() -> wire.read(Topics.CONTACT_CHANGED, ContactChanged.class, RECORD))
                .isInstanceOf(SchemaRegistryUnavailableException.class);
        assertThatThrownBy(() -> wire.value(Topics.CONTACT_CHANGED, CONTACT))
                .isInstanceOf(SchemaRegistryUnavailableException.class);
    }

    private WireFormat wire() {
        return wire(registry.getAddress().getPort());
    }

    private static WireFormat wire(int port) {
        return new WireFormat(Map.of("schema.registry.url", "http://127.0.0.1:" + port, "retries.wait.ms", 1));
    }

    private void answers(int code, String body) {
        status = code;
        answer = body;
    }

    private static String schemaAnswer() {
        return "{\"schema\":\""
                + ContactChanged.getClassSchema()
                        .toString()
                        .replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                + "\",\"id\":1}";
    }
}
