package io.herald.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.herald.inbox.InboxDatabase;
import io.herald.ingest.IngestConfig.Rate;
import io.herald.testkit.Issuer;
import io.herald.testkit.TestBroker;
import io.herald.testkit.TestRegistry;
import io.herald.topic.Topic;
import io.herald.wire.WireFormat;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Ingest with a real broker, a registry and a real PostgreSQL, and a client. */
final class Rig implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    static final Set<String> EVERY_SCOPE = KeysCommand.EVERY_SCOPE;

    private static final Rate PLENTY = new Rate(1_000_000, 1_000_000);

    final Issuer issuer = new Issuer();
    final TestBroker kafka;
    final TestRegistry registry = TestRegistry.start();
    final EmbeddedPostgres postgres;
    final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final WireFormat wire;
    private final Path folder;
    private Ingest ingest;

    Rig(Path folder) throws IOException {
        this.folder = folder;
        kafka = TestBroker.start(folder.resolve("kafka"));
        wire = new WireFormat(Map.of("schema.registry.url", registry.url()));
        postgres = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(folder.resolve("postgres").toFile())
                .setLocaleConfig("locale-provider", "builtin")
                .setLocaleConfig("builtin-locale", "C.UTF-8")
                .setLocaleConfig("locale", "C")
                .setPGStartupWait(Duration.ofSeconds(60))
                .start();
        InboxDatabase.migrate(jdbcUrl(), "postgres", "postgres");
        issuer.publish(folder.resolve("keys.json"));
    }

    String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres";
    }

    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("port", "0");
        settings.put("health.port", "0");
        settings.put("database.url", jdbcUrl());
        settings.put("database.user", "postgres");
        settings.put("database.password", "postgres");
        settings.put("bootstrap.servers", kafka.bootstrap());
        settings.put("schema.registry.url", registry.url());
        settings.put("registry.auto.register.schemas", "true");
        settings.put("jwt.keys", folder.resolve("keys.json").toUri().toString());
        settings.put("jwt.issuer", Issuer.NAME);
        settings.put("jwt.audience", Issuer.AUDIENCE);
        return settings;
    }

    Ingest start(Map<String, String> overrides) {
        Map<String, String> settings = settings();
        settings.putAll(overrides);
        ingest = Ingest.start(IngestConfig.from(settings));
        return ingest;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), "postgres", "postgres");
    }

    String key(String tenant, Set<String> scopes) throws SQLException {
        return key(tenant, scopes, PLENTY);
    }

    String key(String tenant, Set<String> scopes, Rate rate) throws SQLException {
        try (Connection connection = connect()) {
            return KeysCommand.create(connection, tenant, "test", scopes, rate);
        }
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + ingest.port() + path);
    }

    /** Returns what Prometheus would read. */
    String metrics() throws IOException, InterruptedException {
        return health("/metrics").body();
    }

    HttpResponse<String> health(String path) throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + ingest.healthPort() + path);
        return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    }

    /** Returns once a query of ingest's waits for a lock. */
    void awaitQueryThatWaits() {
        await().ignoreExceptions().until(() -> {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT count(*) FROM pg_stat_activity"
                            + " WHERE application_name = 'herald-ingest' AND wait_event_type = 'Lock'")) {
                return row.next() && row.getInt(1) > 0;
            }
        });
    }

    HttpRequest.Builder request(String method, String path, String bearer, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(30))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (bearer != null) {
            request.header("Authorization", "Bearer " + bearer);
        }
        return body == null ? request : request.header("Content-Type", "application/json");
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> send(String method, String path, String bearer, String body)
            throws IOException, InterruptedException {
        return send(request(method, path, bearer, body));
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    static String event(String id) {
        return """
                {"source":"shop","id":"%s","recipients":["ana"],"category":"comment","data":{"text":"hi"}}
                """.formatted(id);
    }

    /** Returns all that a topic holds. */
    <T extends SpecificRecord> List<T> read(Topic topic, Class<T> type) {
        return raw(topic).stream()
                .map(record -> wire.read(topic, type, record.value()))
                .toList();
    }

    List<String> keys(Topic topic) {
        return raw(topic).stream()
                .map(record -> record.key() == null ? null : new String(record.key(), UTF_8))
                .toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> raw(Topic topic) {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "max.poll.records", "10000"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(all::add);
            }
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        if (ingest != null) {
            ingest.close();
        }
        postgres.close();
        registry.close();
        kafka.close();
    }
}
