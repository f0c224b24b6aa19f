package io.herald.websocket;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Reads a stream of server-sent events on the JDK's HTTP client. */
final class StreamClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpResponse<Stream<String>> response;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    private StreamClient(HttpResponse<Stream<String>> response) {
        this.response = response;
        Thread reader = new Thread(this::read, "stream-client");
        reader.setDaemon(true);
        reader.start();
    }

    /** Opens a stream; {@code headers} are names and values in turn. */
    static StreamClient open(int port, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/events"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return new StreamClient(HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofLines()));
    }

    private void read() {
        try {
            response.body().forEach(lines::add);
        } catch (RuntimeException cut) {
            lines.add("cut");
        }
        ended = true;
    }

    int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    List<String> lines() {
        return lines;
    }

    /** Waits for an event of a type, and returns the first. */
    JsonNode expect(String type) {
        await().atMost(PATIENCE).until(() -> events().anyMatch(event -> isOf(type, event)));
        return events().filter(event -> isOf(type, event)).findFirst().orElseThrow();
    }

    private Stream<JsonNode> events() {
        return lines.stream().filter(line -> line.startsWith("data: ")).map(line -> {
            try {
                return JSON.readTree(line.substring("data: ".length()));
            } catch (IOException broken) {
                throw new IllegalStateException(broken);
            }
        });
    }

    private static boolean isOf(String type, JsonNode event) {
        return event.path("type").asText().equals(type);
    }

    void expectEnd() {
        await().atMost(PATIENCE).until(() -> ended);
    }

    @Override
    public void close() {
        response.body().close();
    }
}
