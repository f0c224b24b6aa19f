package io.herald.ingest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.testkit.LogCapture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class IngestHostileIT {
    @TempDir
    private static Path folder;

    private static Rig rig;
    private static String key;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig(folder);
        rig.start(Map.of("body.max.bytes", "100000", "bodies.max.bytes", "1048576"));
        key = rig.key("demo", Rig.EVERY_SCOPE);
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    @Test
    void boundsTheBody() throws Exception {
        assertThat(post(Rig.event("x".repeat(100_001))).statusCode()).isEqualTo(413);
        assertThat(post("{\"data\":" + "[".repeat(50_000)).statusCode()).isEqualTo(400);
        assertThat(post("").statusCode()).isEqualTo(400);
        assertThat(rig.send(rig.request("POST", "/v1/notifications", key, "{}").header("Content-Encoding", "gzip"))
                        .statusCode())
                .isEqualTo(415);
        assertThat(rig.send(rig.request("POST", "/v1/notifications", key, null).header("Content-Type", "text/plain"))
                        .statusCode())
                .isEqualTo(415);
    }

    private static HttpResponse<String> post(String body) throws Exception {
        return rig.send("POST", "/v1/notifications", key, body);
    }

    @Test
    void readsNoBodyOfAStranger() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), rig.uri("/").getPort())) {
            write(
                    socket,
                    String.join(
                            "\r\n",
                            "POST /v1/notifications HTTP/1.1",
                            "Host: h",
                            "Content-Type: application/json",
                            "Content-Length: 90000",
                            "",
                            ""));

            assertThat(read(socket)).startsWith("HTTP/1.1 401").containsIgnoringCase("connection: close");
        }
    }

    @Test
    void boundsHeadAndAddress() throws Exception {
        assertThat(raw("GET /openapi.json HTTP/1.1\r\nHost: h\r\nX: " + "x".repeat(9_000) + "\r\n\r\n"))
                .contains(" 431 ");
        assertThat(raw("GET /" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: h\r\n\r\n"))
                .contains(" 414 ");
        assertThat(raw("POST /v1/notifications HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n"))
                .contains(" 400 ");
    }

    private static String raw(String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), rig.uri("/").getPort())) {
            write(socket, request);
            return read(socket);
        }
    }

    /** One byte now and then keeps every idle timeout away; the head has to be there in ten seconds all the same. */
    @Test
    void cutsADrippingClient() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), rig.uri("/").getPort())) {
            write(socket, "POST /v1/notifications HTTP/1.1\r\n");
            socket.setSoTimeout(1_000);
            long began = System.nanoTime();
            boolean open = true;
            while (open && System.nanoTime() - began < 20e9) {
                try {
                    write(socket, "X");
                    open = socket.getInputStream().read() >= 0;
                } catch (SocketTimeoutException stillOpen) {
                    open = true;
                } catch (IOException cut) {
                    open = false;
                }
            }

            assertThat(open).isFalse();
            assertThat((System.nanoTime() - began) / 1e9).isBetween(8.0, 15.0);
        }
    }

    /** While its key is looked up: what was to be held for its body must not be for ever. */
    @Test
    void holdsNothingForAClientThatLeft() throws Exception {
        String asked = rig.key("demo", Rig.EVERY_SCOPE);
        try (Connection connection = rig.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE ingest.api_key IN ACCESS EXCLUSIVE MODE");
            try (Socket socket =
                    new Socket(InetAddress.getLoopbackAddress(), rig.uri("/").getPort())) {
                write(
                        socket,
                        String.join(
                                "\r\n",
                                "POST /v1/notifications HTTP/1.1",
                                "Host: h",
                                "Authorization: Bearer " + asked,
                                "Content-Type: application/json",
                                "Content-Length: 90000",
                                "",
                                ""));
                rig.awaitQueryThatWaits();
            }
            await().until(() -> rig.metrics().contains("herald_ingest_connections 0.0"));
            connection.commit();
        }

        await().until(() -> rig.metrics().contains("result=\"known\""));
        await().untilAsserted(() -> assertThat(rig.metrics()).contains("herald_ingest_body_bytes 0.0"));
    }

    @Test
    void keepsOutOfTheDatabaseAndTheLogWhatItIsSent() throws Exception {
        try (LogCapture log = LogCapture.begin()) {
            assertThat(rig.send("GET", "/v1/broadcasts/s/x'%3BDROP%20TABLE%20broadcast_state%3B--", key, null)
                            .statusCode())
                    .isEqualTo(404);
            assertThat(rig.send("GET", "/v1/broadcasts/s/x", key, null).statusCode())
                    .isEqualTo(404);
            assertThat(rig.send("GET", "/v1/broadcasts/s/a%00b", key, null).statusCode())
                    .as("NUL, which PostgreSQL refuses")
                    .isEqualTo(400);
            assertThat(post("{\"canary-4711\":").statusCode()).isEqualTo(400);
            assertThat(rig.send("POST", "/v1/notifications", "hk_canary-4711", "{}")
                            .statusCode())
                    .isEqualTo(401);

            assertThat(String.join("\n", log.lines())).doesNotContain("4711");
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
        socket.getOutputStream().flush();
    }

    private static String read(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
}
