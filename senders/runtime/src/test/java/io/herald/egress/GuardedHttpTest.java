package io.herald.egress;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GuardedHttpTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final EgressConfig STRICT = new EgressConfig(Set.of(443), Duration.ofSeconds(1), 4, 100, false);
    private static final EgressConfig LOCAL = new EgressConfig(Set.of(443), Duration.ofSeconds(1), 4, 100, true);
    private static final Map<String, String> HEADERS = Map.of("Content-Type", "text/plain", "X-Kind", "test");

    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private ServerSocket server;
    private volatile String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Id: 7\r\n\r\nok";

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread accepting = new Thread(this::accept, "server");
        accepting.setDaemon(true);
        accepting.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        for (Socket each : connections) {
            each.close();
        }
    }

    @Test
    void bringsTheAnswer() {
        assertThat(post(LOCAL, url("/a?b=c"))).isInstanceOfSatisfying(Exchange.Answered.class, answered -> {
            assertThat(answered.status()).isEqualTo(200);
            assertThat(answered.body()).isEqualTo("ok");
            assertThat(answered.header("X-ID")).isEqualTo("7");
        });
        assertThat(requests).singleElement().asString().contains("POST /a?b=c HTTP/1.1", "X-Kind: test", "hello");
    }

    @Test
    void refusesLoopbackUnlessAllowed() {
        Destinations.Names loopback = host -> new InetAddress[] {InetAddress.getLoopbackAddress()};

        assertThat(post(STRICT, "https://example.com/", loopback))
                .isEqualTo(new Exchange.Forbidden("no public address"));
        assertThat(connections).isEmpty();
    }

    /** The classic hole: what was checked is not what is called. */
    @Test
    void refusesANameThatChangesBetweenCheckAndConnect() throws IOException {
        AtomicInteger lookups = new AtomicInteger();
        Destinations.Names rebinding = host -> new InetAddress[] {
            lookups.getAndIncrement() == 0 ? InetAddress.getByName("93.184.215.14") : InetAddress.getLoopbackAddress()
        };
        EgressConfig anyPort = new EgressConfig(Set.of(server.getLocalPort()), Duration.ofSeconds(1), 4, 100, false);

        assertThat(post(anyPort, "https://rebound.example:" + server.getLocalPort() + "/", rebinding))
                .isEqualTo(new Exchange.Forbidden("no public address"));
        assertThat(lookups).as("looked up again for the connection").hasValue(2);
        assertThat(connections).isEmpty();
    }

    @Test
    void leavesOutTheAddressesThatAreNotPublic() throws UnknownHostException {
        InetAddress good = InetAddress.getByName("93.184.215.14");
        Destinations both =
                new Destinations(STRICT, host -> new InetAddress[] {InetAddress.getByName("10.0.0.1"), good});

        assertThat(both.resolve("mixed.example")).containsExactly(good);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/",
                "https://127.1/",
                "https://2130706433/",
                "https://0177.0.0.1/",
                "https://0x7f.0.0.1/",
                "https://localhost/",
                "https://169.254.169.254/latest/meta-data/",
                "https://10.0.0.1/",
                "https://[::1]/",
                "https://[::ffff:127.0.0.1]/",
                "https://[::ffff:a00:1]/",
                "https://[fe80::1%25lo]/",
                "https://[fd00:ec2::254]/",
                "https://[64:ff9b::7f00:1]/",
                "https://[2002:7f00:1::]/",
                "https://0.0.0.0/",
                "https://0/"
            })
    void refusesAddressesInEveryForm(String url) {
        // A form that nobody understands is a name that nobody knows.
        assertThat(post(STRICT, url)).isNotInstanceOfAny(Exchange.Answered.class, Exchange.NoAnswer.class);
        assertThat(connections).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(textBlock = """
            http://example.com/,           not https
            ftp://example.com/,            not https
            https://example.com:8443/,     port not allowed
            https://example.com:22/,       port not allowed
            https://user@example.com/,     not a URL with a host and without user
            mailto:ann@example.com,        not a URL with a host and without user
            /path,                         not a URL with a host and without user
            https://[fe80::1%25eth0]/,     an address with a zone
            """)
    void refusesUrlsThatAreNoPlaceToSendTo(String url, String reason) {
        assertThat(post(STRICT, url)).isEqualTo(new Exchange.Forbidden(reason));
    }

    @Test
    void allowsPlainHttpForLoopbackAlone() {
        assertThat(post(LOCAL, "http://example.com/")).isEqualTo(new Exchange.Forbidden("not https"));
    }

    @Test
    void followsNoRedirect() {
        answer = "HTTP/1.1 307 Temporary Redirect\r\nLocation: " + url("/other") + "\r\nContent-Length: 0\r\n\r\n";

        assertThat(post(LOCAL, url("/")))
                .isInstanceOfSatisfying(Exchange.Answered.class, answered -> assertThat(answered.status())
                        .isEqualTo(307));
        assertThat(requests).hasSize(1);
    }

    @Test
    void readsNoMoreThanItIsToldTo() {
        answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + ("ff\r\n" + "x".repeat(255) + "\r\n").repeat(99);

        assertThat(post(LOCAL, url("/"))).isInstanceOfSatisfying(Exchange.Answered.class, answered -> {
            assertThat(answered.status()).isEqualTo(200);
            assertThat(answered.body()).isEqualTo("x".repeat(100));
        });
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(textBlock = """
            1000, 2000,    more headers than anybody needs
            1000000, 1,    a header that does not end
            """)
    void keepsNoMoreOfAHeadThanAnAnswerNeeds(int length, int headers, String why) {
        answer = "HTTP/1.1 200 OK\r\n" + ("X-Filler: " + "x".repeat(length) + "\r\n").repeat(headers);

        assertThat(post(LOCAL, url("/"))).isEqualTo(new Exchange.NoAnswer("no answer: MessageConstraintException"));
    }

    @Test
    void takesAStatusForAnAnswerWhenTheBodyNeverEnds() {
        answer = "HTTP/1.1 410 Gone\r\nContent-Length: 50\r\n\r\nhalf";

        assertThat(post(LOCAL, url("/")))
                .isInstanceOfSatisfying(Exchange.Answered.class, answered -> assertThat(answered.status())
                        .isEqualTo(410));
    }

    @Test
    void doesNotKnowWhenNoAnswerComes() {
        answer = "";

        assertThat(post(LOCAL, url("/"))).isInstanceOf(Exchange.NoAnswer.class);
        assertThat(requests).as("sent once").hasSize(1);
    }

    @Test
    void doesNotKnowWhenTheConnectionIsLost() {
        answer = null;

        assertThat(post(LOCAL, url("/"))).isInstanceOf(Exchange.NoAnswer.class);
        assertThat(requests).as("sent once").hasSize(1);
    }

    @Test
    void saysSoWhenNobodyListens() throws IOException {
        server.close();

        assertThat(post(LOCAL, url("/"))).isInstanceOf(Exchange.NotConnected.class);
    }

    @Test
    void saysSoWhenTlsFails() {
        answer = "no TLS at all";
        try (GuardedHttp http = new GuardedHttp(LOCAL, TIMEOUT, 8)) {
            assertThat(post(http, "https://127.0.0.1:" + server.getLocalPort() + "/"))
                    .isInstanceOf(Exchange.NotConnected.class);
        }
    }

    @Test
    void saysSoWhenTheNameIsUnknown() {
        Destinations.Names nobody = host -> {
            throw new UnknownHostException(host);
        };

        assertThat(post(STRICT, "https://nobody.example/", nobody))
                .isEqualTo(new Exchange.NotConnected("not connected: UnknownHostException"));
    }

    @Test
    void keepsASlowHostFromTheConnectionsOfOthers() {
        answer = "";
        try (GuardedHttp http = new GuardedHttp(LOCAL, Duration.ofSeconds(10), 8)) {
            for (int i = 0; i < 4; i++) {
                http.post(URI.create(url("/")), HEADERS, "hello".getBytes(UTF_8));
            }
            await().untilAsserted(() -> assertThat(requests).hasSize(4));

            assertThat(post(http, url("/"))).isInstanceOf(Exchange.NotConnected.class);
            answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
            assertThat(post(http, url("/").replace("127.0.0.1", "localhost"))).isInstanceOf(Exchange.Answered.class);
        }
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getLocalPort() + path;
    }

    private static Exchange post(EgressConfig config, String url) {
        try (GuardedHttp http = new GuardedHttp(config, TIMEOUT, 8)) {
            return post(http, url);
        }
    }

    private static Exchange post(EgressConfig config, String url, Destinations.Names names) {
        try (GuardedHttp http = new GuardedHttp(config, TIMEOUT, 8, names)) {
            return post(http, url);
        }
    }

    private static Exchange post(GuardedHttp http, String url) {
        return http.post(URI.create(url), HEADERS, "hello".getBytes(UTF_8))
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket connection = server.accept();
                connections.add(connection);
                Thread serving = new Thread(() -> serve(connection), "connection");
                serving.setDaemon(true);
                serving.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** Reads one request, then writes the answer; null closes the connection. */
    private void serve(Socket connection) {
        try {
            BufferedReader in = new BufferedReader(new InputStreamReader(connection.getInputStream(), US_ASCII));
            StringBuilder request = new StringBuilder();
            int length = 0;
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                request.append(line).append('\n');
                if (line.startsWith("Content-Length: ")) {
                    length = Integer.parseInt(line.substring("Content-Length: ".length()));
                }
            }
            for (int i = 0; i < length; i++) {
                request.append((char) in.read());
            }
            requests.add(request.toString());
            if (answer == null) {
                connection.close();
                return;
            }
            OutputStream out = connection.getOutputStream();
            out.write(answer.getBytes(US_ASCII));
            out.flush();
        } catch (IOException broken) {
            // The client gave up, as some tests want.
        }
    }
}
