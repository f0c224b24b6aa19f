package io.herald.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that mean harm, below what a library would send. */
@Timeout(60)
class HostileSocketTest {
    private static final int FIN = 0x80;
    private static final int RSV1 = 0x40;
    private static final int TEXT = 0x01;
    private static final int CONTINUATION = 0x00;
    private static final int PING = 0x09;
    private static final int PONG = 0x0a;
    private static final int CLOSE = 0x08;

    @TempDir
    private static Path folder;

    private Harness harness;

    private void start(Map<String, String> settings) {
        harness = new Harness(folder, settings);
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate; server_no_context_takeover, x-webkit-deflate-frame"
            })
    void takesNoOfferOfCompression(String offer) throws Exception {
        start(Map.of());
        try (RawSocket nobody = new RawSocket(harness.port(), "Sec-WebSocket-Extensions: " + offer)) {
            assertThat(nobody.answer().toLowerCase(java.util.Locale.ROOT)).doesNotContain("extensions");
            // A bomb would come in a frame like this; it is no frame here, so nothing is blown up.
            nobody.frame(FIN | RSV1 | TEXT, true, new byte[64]);

            assertThat(nobody.closeCode()).isEqualTo(1002);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "crumbs of one message, 0",
        "pings, 9",
        "pongs that nobody asked for, 10",
    })
    void closesFloods(String of, int opcode) throws Exception {
        start(Map.of());
        try (RawSocket nobody = new RawSocket(harness.port())) {
            if (opcode == CONTINUATION) {
                nobody.frame(TEXT, true, new byte[0]);
            }
            int first = opcode == CONTINUATION ? CONTINUATION : FIN | opcode;
            for (int i = 0; i < 100; i++) {
                nobody.frame(first, true, new byte[] {'x'});
            }

            assertThat(nobody.closeCode()).as(of).isEqualTo(4029);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "just above the limit, 16385, 1009",
        "far above, 200000, 1009",
        "as long as can be said, 9223372036854775807, 1009",
        "a negative length, -1, 1002",
    })
    void doesNotReadHugeFrames(String which, long length, int code) throws Exception {
        start(Map.of());
        try (RawSocket nobody = new RawSocket(harness.port())) {
            nobody.frameHead(FIN | TEXT, length);
            if (length > 0 && length < 20_000) {
                nobody.raw(new byte[(int) length]);
            }

            assertThat(nobody.closeCode()).as(which).isEqualTo(code);
        }
    }

    @ParameterizedTest(name = "close code {0}")
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 2999})
    void refusesCloseCodesThatAreNone(int code) throws Exception {
        start(Map.of());
        try (RawSocket nobody = new RawSocket(harness.port())) {
            nobody.frame(FIN | CLOSE, true, new byte[] {(byte) (code >> 8), (byte) code});

            assertThat(nobody.closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void refusesControlFramesThatAreTooLongOrInParts() throws Exception {
        start(Map.of());
        try (RawSocket tooLong = new RawSocket(harness.port());
                RawSocket inParts = new RawSocket(harness.port())) {
            tooLong.frame(FIN | PING, true, new byte[126]);
            inParts.frame(PONG, true, new byte[1]);

            assertThat(tooLong.closeCode()).isEqualTo(1002);
            assertThat(inParts.closeCode()).isEqualTo(1002);
        }
    }

    /** A byte now and then keeps an idle timeout away, but not a deadline. */
    @Test
    void cutsAHandshakeThatTakesForEver() throws Exception {
        start(Map.of("auth.timeout.ms", "300"));
        try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), harness.port());
                Client here = harness.connect("ana", "phone")) {
            slow.setSoTimeout(50);
            slow.getOutputStream().write("GET /v1/socket HTTP/1.1\r\nX: ".getBytes(ISO_8859_1));

            assertThat(bytesUntilCut(slow)).isLessThan(100);
            here.send("{\"type\":\"ping\"}").expect("pong");
        }
    }

    private static int bytesUntilCut(Socket slow) throws IOException {
        InputStream in = slow.getInputStream();
        for (int sent = 0; sent < 200; sent++) {
            try {
                slow.getOutputStream().write('x');
                if (in.read() < 0) {
                    return sent;
                }
            } catch (java.net.SocketTimeoutException open) {
                // It lets us go on.
            } catch (IOException cut) {
                return sent;
            }
        }
        return Integer.MAX_VALUE;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://evil127.0.0.1:8080",
                "http://127.0.0.1:8080@evil.test",
                "http://user@127.0.0.1:8080",
                "http://127.0.0.1",
                "HTTP://127.0.0.1:8080",
                "http://127.0.0.1:8080, https://evil.test",
                "null",
                "''"
            })
    void refusesOriginsThatLookAlike(String origin) throws Exception {
        start(Map.of());
        try (Socket page = new Socket(InetAddress.getLoopbackAddress(), harness.port())) {
            page.setSoTimeout(10_000);
            page.getOutputStream()
                    .write(RawSocket.handshake("Origin: " + origin.replace("''", ""))
                            .getBytes(UTF_8));

            assertThat(RawSocket.head(page.getInputStream())).startsWith("HTTP/1.1 403");
        }
    }

    @Test
    void refusesTwoOrigins() throws Exception {
        start(Map.of());
        try (Socket page = new Socket(InetAddress.getLoopbackAddress(), harness.port())) {
            page.setSoTimeout(10_000);
            String both = "Origin: " + Harness.PAGE + "\r\nOrigin: https://evil.test";
            page.getOutputStream().write(RawSocket.handshake(both).getBytes(UTF_8));

            assertThat(RawSocket.head(page.getInputStream())).startsWith("HTTP/1.1 403");
        }
    }
}
