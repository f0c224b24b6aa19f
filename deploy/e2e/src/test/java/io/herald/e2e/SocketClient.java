package io.herald.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A client by the book of senders/websocket: it says what it has, comes back when it is cut off, and reads its inbox
 * when it is told {@code resync}. Its state lives on one thread.
 */
final class SocketClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpClient http;
    private final URI gateway;
    private final String token;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final Map<Long, String> held = new TreeMap<>();
    private String since = "0";
    private WebSocket socket;
    private boolean closed;
    private int connections;
    private int resyncs;
    private int repeats;

    /** Creates a client of {@code gateway}, an http URL without path; it connects at once. */
    SocketClient(HttpClient http, URI gateway, String token) {
        this.http = http;
        this.gateway = gateway;
        this.token = token;
        thread.execute(this::connect);
    }

    /** Returns the notifications it holds, by seq. */
    synchronized Map<Long, String> held() {
        return new TreeMap<>(held);
    }

    /** Returns how often it was connected. */
    synchronized int connections() {
        return connections;
    }

    /** Returns how often it was told to read the inbox anew. */
    synchronized int resyncs() {
        return resyncs;
    }

    /** Returns how many items came that it had. */
    synchronized int repeats() {
        return repeats;
    }

    @Override
    public synchronized String toString() {
        return held.size() + " items, since " + since + ", connected " + connections + ", to read anew " + resyncs;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (socket != null) {
                socket.abort();
            }
        }
        thread.shutdownNow();
    }

    private void connect() {
        URI address = URI.create("ws" + gateway.toString().substring("http".length()) + "/v1/socket");
        try {
            WebSocket opened = http.newWebSocketBuilder()
                    .connectTimeout(PATIENCE)
                    .subprotocols("herald.v1", "bearer." + token)
                    .buildAsync(address, new Ears())
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            synchronized (this) {
                socket = opened;
                connections++;
            }
            CompletableFuture<WebSocket> unused =
                    opened.sendText("{\"type\":\"resume\",\"since\":\"" + since + "\"}", true);
        } catch (Exception refused) {
            again();
        }
    }

    private synchronized void again() {
        if (!closed) {
            Future<?> unused = thread.schedule(
                    this::connect, 100 + ThreadLocalRandom.current().nextLong(400), TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void heard(JsonNode frame) {
        switch (frame.path("type").asText()) {
            case "item" -> {
                if (held.put(
                                frame.path("seq").asLong(),
                                frame.path("item").path("notificationId").asText())
                        != null) {
                    repeats++;
                }
                // What came live is complete up to itself once it was brought up to date; before, it comes in order.
                since = frame.path("seq").asLong() + since.replaceFirst("^\\d+", "");
            }
            case "caught_up" ->
                since = frame.path("seq").asLong() + "." + frame.path("version").asLong() + "."
                        + frame.path("epoch").asInt();
            case "resync" -> {
                resyncs++;
                long upTo = frame.path("lastSeq").asLong();
                thread.execute(() -> readInbox(upTo));
            }
            default -> {}
        }
    }

    /** Reads the whole inbox, again where the tables are not that far yet. */
    private void readInbox(long upTo) {
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve("/v1/inbox?limit=100"))
                .header("Authorization", "Bearer " + token)
                .timeout(PATIENCE)
                .build();
        try {
            JsonNode page =
                    JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
            if (!page.has("items") || page.path("lastSeq").asLong() < upTo) {
                throw new IOException("not there yet");
            }
            synchronized (this) {
                page.path("items")
                        .forEach(item -> held.put(
                                item.path("seq").asLong(),
                                item.path("notificationId").asText()));
            }
        } catch (IOException unavailable) {
            Future<?> unused = thread.schedule(() -> readInbox(upTo), 500, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Ears implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                try {
                    heard(JSON.readTree(text.toString()));
                } catch (IOException malformed) {
                    throw new UncheckedIOException(malformed);
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            again();
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable broken) {
            again();
        }
    }
}
