package io.herald.sender.sms;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Route;
import io.herald.sender.Outcome;
import io.herald.testkit.TestDeliveries;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class TwilioTransportTest {
    private static final VelocityCaps.Limits NONE = new VelocityCaps.Limits(6, 0, 0, 0);

    @TempDir
    private Path folder;

    private final CountDownLatch done = new CountDownLatch(1);

    /** Else a call keeps its thread for ever. */
    @ParameterizedTest(name = "{1}")
    @CsvSource(textBlock = """
            201, it may have been sent
            503, what the code would say is not known
            """)
    void doesNotWaitForABodyThatDoesNotEnd(int status, String why) throws Exception {
        Path tokens = Twilio.file(folder, "tokens", "token\n");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread serving = new Thread(() -> serve(server, status), "server");
            serving.start();
            URI url = URI.create("http://127.0.0.1:" + server.getLocalPort());
            try (TwilioProvider provider = Twilio.provider(Twilio.config(url, tokens, null, NONE), new NumberBook())) {
                Outcome outcome = provider.send(
                                TestDeliveries.to(Route.SMS, "+15551230000").build())
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);

                assertThat(outcome).isEqualTo(new Outcome.Unknown("no answer in time"));
            } finally {
                done.countDown();
            }
            serving.join();
        }
    }

    private void serve(ServerSocket server, int status) {
        try (Socket connection = server.accept()) {
            String head =
                    "HTTP/1.1 " + status + " Any\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{";
            connection.getOutputStream().write(head.getBytes(US_ASCII));
            connection.getOutputStream().flush();
            done.await();
        } catch (IOException | InterruptedException gone) {
            throw new IllegalStateException(gone);
        }
    }
}
