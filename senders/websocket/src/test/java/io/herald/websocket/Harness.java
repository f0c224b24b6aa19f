package io.herald.websocket;

import io.herald.schema.GatewayLeased;
import io.herald.schema.InboxActed;
import io.herald.schema.InboxItem;
import io.herald.schema.InboxMark;
import io.herald.schema.PresenceChanged;
import io.herald.schema.Realtime;
import io.herald.schema.SocketReported;
import io.herald.testkit.Issuer;
import io.herald.topic.Topic;
import io.herald.wire.Heard;
import io.herald.wire.UserKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** A real gateway on a real port, with a stand-in for Kafka that a test can hold. */
final class Harness implements AutoCloseable {
    static final String PAGE = "http://127.0.0.1:8080";

    private final Issuer issuer = new Issuer();
    private final HeldLog log = new HeldLog();
    private final HeldFeed feed = new HeldFeed();
    private final List<List<Position>> asked = new CopyOnWriteArrayList<>();
    private final Promise<Missed> missed = Promise.promise();
    private final Gateway gateway;

    Harness(Path folder, Map<String, String> overrides) {
        Map<String, String> settings = new HashMap<>(Map.of(
                GatewayKeys.ID,
                "gateway-under-test",
                GatewayKeys.PORT,
                "0",
                GatewayKeys.HEALTH_PORT,
                "0",
                GatewayKeys.ORIGINS,
                PAGE,
                "jwt.keys",
                issuer.publish(folder.resolve("keys.json")).toUri().toString(),
                "jwt.issuer",
                Issuer.NAME,
                "jwt.audience",
                Issuer.AUDIENCE,
                GatewayKeys.BOOTSTRAP_SERVERS,
                "not-used:1",
                GatewayKeys.SCHEMA_REGISTRY_URL,
                "mock://harness"));
        settings.put(GatewayKeys.DRAIN_MS, "50");
        settings.put(GatewayKeys.RECONNECT_GRACE_MS, "50");
        settings.putAll(overrides);
        Gateway.Kafka kafka = new Gateway.Kafka() {
            @Override
            public InboxLog log(GatewayMeters meters) {
                return log;
            }

            @Override
            public ChangeFeed feed(GatewayMeters meters) {
                return feed;
            }

            @Override
            public Resume resume(Resume inbox) {
                return Harness.this::missed;
            }
        };
        gateway = Gateway.start(GatewayConfig.from(settings), kafka, Duration.ofMillis(50));
    }

    private Future<Missed> missed(UserKey user, Position since, Position atLeast) {
        asked.add(List.of(since, atLeast));
        return missed.future();
    }

    /** Returns what was asked for: since what, and up to what at least. */
    List<List<Position>> asked() {
        return asked;
    }

    /** Completed by a test with what the database holds. */
    Promise<Missed> missed() {
        return missed;
    }

    Issuer issuer() {
        return issuer;
    }

    HeldLog log() {
        return log;
    }

    HeldFeed feed() {
        return feed;
    }

    Gateway gateway() {
        return gateway;
    }

    int port() {
        return gateway.port();
    }

    Client connect(String user, String device) throws Exception {
        return Client.welcomed(port(), issuer.token(user, device));
    }

    /** Asks the gateway for its health or its metrics. */
    HttpResponse<String> health(String path) throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + gateway.healthPort() + path);
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    }

    static Realtime item(String user, long seq, String title) {
        return change(user)
                .setUnread(3)
                .setLastSeq(seq)
                .setSeqs(List.of(seq))
                .setItem(InboxItem.newBuilder()
                        .setNotificationId("5c6f3a5e-0000-0000-0000-000000000001")
                        .setCategory("comment")
                        .setActor("bo")
                        .setTitle(title)
                        .setBody("body")
                        .setLink("https://example.com/p/1")
                        .setCreatedAt(now())
                        .setExpiresAt(now())
                        .build())
                .build();
    }

    static Realtime mark(String user, List<Long> seqs) {
        return change(user)
                .setUnread(0)
                .setLastSeq(9)
                .setSeqs(seqs)
                .setMark(InboxMark.newBuilder()
                        .setVersion(12)
                        .setSeen(true)
                        .setRead(true)
                        .setArchived(false)
                        .setDismissed(true)
                        .setChangedAt(now())
                        .build())
                .build();
    }

    static Realtime.Builder change(String user) {
        return Realtime.newBuilder().setTenant("demo").setUser(user).setAt(now());
    }

    private static Instant now() {
        return Instant.ofEpochMilli(System.currentTimeMillis());
    }

    @Override
    public void close() {
        gateway.close();
    }

    /** Takes acts, presence and reports down; answers acts when the test says so. */
    static final class HeldLog implements InboxLog {
        final List<InboxActed> acts = new CopyOnWriteArrayList<>();
        final List<PresenceChanged> presence = new CopyOnWriteArrayList<>();
        final List<SocketReported> reports = new CopyOnWriteArrayList<>();
        final List<GatewayLeased> leases = new CopyOnWriteArrayList<>();
        final CompletableFuture<Heard> acknowledged = new CompletableFuture<>();

        @Override
        public CompletionStage<RecordMetadata> write(Topic topic, UserKey user, SpecificRecord value) {
            return CompletableFuture.failedFuture(new IllegalStateException("nobody writes this here"));
        }

        @Override
        public CompletionStage<Heard> acted(InboxActed acted) {
            acts.add(acted);
            return acknowledged;
        }

        @Override
        public CompletionStage<Void> presence(PresenceChanged changed) {
            presence.add(changed);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> reported(SocketReported report) {
            reports.add(report);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> leased(GatewayLeased lease) {
            leases.add(lease);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {
            // Nothing is held open.
        }
    }

    /** Lets the test say what changed. */
    static final class HeldFeed implements ChangeFeed {
        private ChangeSink sink;
        volatile boolean healthy = true;

        @Override
        public void start(ChangeSink changes) {
            sink = changes;
        }

        ChangeSink sink() {
            return sink;
        }

        @Override
        public boolean isHealthy() {
            return healthy;
        }

        @Override
        public void close() {
            // Nothing is held open.
        }
    }
}
