package io.herald.websocket;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A client on the JDK's WebSocket, which shares no code with the gateway. */
final class Client implements WebSocket.Listener, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final List<JsonNode> received = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder partial = new StringBuilder();
    private final boolean reading;
    private volatile String closeReason = "";
    private WebSocket socket;

    private Client(boolean reading) {
        this.reading = reading;
    }

    /** What is sent with the handshake; null for what is not. */
    record Handshake(String origin, String token, String since, boolean reading) {
        static Handshake withToken(String token) {
            return new Handshake(null, token, null, true);
        }

        static Handshake withoutToken() {
            return new Handshake(null, null, null, true);
        }

        Handshake from(String page) {
            return new Handshake(page, token, since, reading);
        }

        /** A client that has had the inbox up to there. */
        Handshake since(String position) {
            return new Handshake(origin, token, position, reading);
        }

        /** A client that takes nothing from its socket after the handshake. */
        Handshake deaf() {
            return new Handshake(origin, token, since, false);
        }
    }

    /** Opens a socket; throws {@link java.net.http.WebSocketHandshakeException} where it is refused. */
    static Client open(int port, Handshake handshake) throws Exception {
        Client client = new Client(handshake.reading());
        WebSocket.Builder builder = HTTP.newWebSocketBuilder();
        if (handshake.origin() != null) {
            builder.header("Origin", handshake.origin());
        }
        List<String> offered = new ArrayList<>();
        if (handshake.token() != null) {
            offered.add("bearer." + handshake.token());
        }
        if (handshake.since() != null) {
            offered.add("since." + handshake.since());
        }
        builder.subprotocols("herald.v1", offered.toArray(String[]::new));
        try {
            client.socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port + "/v1/socket"), client)
                    .join();
        } catch (CompletionException failure) {
            throw (Exception) failure.getCause();
        }
        return client;
    }

    /** Opens a socket and waits until the token was taken. */
    static Client welcomed(int port, String token) throws Exception {
        Client client = open(port, Handshake.withToken(token));
        client.expect("welcome");
        return client;
    }

    String subprotocol() {
        return socket.getSubprotocol();
    }

    Client send(String message) {
        socket.sendText(message, true).join();
        return this;
    }

    WebSocket socket() {
        return socket;
    }

    /** Waits for a frame of a type, and returns the first. */
    JsonNode expect(String type) {
        return expect(frame -> frame.path("type").asText().equals(type));
    }

    JsonNode expect(Predicate<JsonNode> wanted) {
        await().atMost(PATIENCE).until(() -> received.stream().anyMatch(wanted));
        return received.stream().filter(wanted).findFirst().orElseThrow();
    }

    List<JsonNode> received() {
        return received;
    }

    /** Waits until the gateway closed the socket, and returns its code. */
    int expectClose() {
        await().atMost(PATIENCE).until(closed::isDone);
        return closed.join();
    }

    String closeReason() {
        return closeReason;
    }

    @Override
    public void onOpen(WebSocket opened) {
        if (reading) {
            opened.request(Long.MAX_VALUE);
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            try {
                received.add(JSON.readTree(partial.toString()));
            } catch (JsonProcessingException broken) {
                closed.completeExceptionally(broken);
            }
            partial.setLength(0);
        }
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closeReason = reason;
        closed.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.completeExceptionally(error);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
