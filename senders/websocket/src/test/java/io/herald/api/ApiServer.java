package io.herald.api;

import io.herald.http.Identity;
import io.herald.http.TokenIssuer;
import io.herald.http.Tokens;
import io.herald.testkit.Issuer;
import io.herald.topic.Topic;
import io.herald.wire.UserKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** Routes on a real port, with a stand-in for Kafka that remembers what is written. */
public final class ApiServer implements AutoCloseable {
    private static final int PARTITION = 3;

    private final Vertx vertx = Vertx.vertx();
    private final Issuer issuer = new Issuer();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Written> written = new CopyOnWriteArrayList<>();
    private volatile boolean failing;
    private final HttpServer server;

    /** A record that was written. */
    public record Written(Topic topic, UserKey user, SpecificRecord value) {}

    /** Starts a server with the API. */
    static ApiServer api(Path folder, Function<Vertx, InboxReader> reader, ApiSettings settings) {
        return new ApiServer(folder, (router, server) -> new InboxApi(
                        server.vertx,
                        server.tokens(folder),
                        settings,
                        reader.apply(server.vertx),
                        server.writes(),
                        Clock.systemUTC())
                .mount(router));
    }

    /** Starts a server. */
    public ApiServer(Path folder, BiConsumer<Router, ApiServer> routes) {
        issuer.publish(folder.resolve("keys.json"));
        Router router = Router.router(vertx);
        routes.accept(router, this);
        server = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .requestHandler(router)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    public Writes writes() {
        return new Writes(this::write, Clock.systemUTC());
    }

    private Function<String, Future<Identity>> tokens(Path folder) {
        Tokens tokens = new Tokens(
                List.of(new TokenIssuer(Issuer.NAME, folder.resolve("keys.json").toUri(), Issuer.AUDIENCE, Set.of())),
                Set.of(),
                Duration.ofMillis(50));
        return token -> vertx.executeBlocking(() -> tokens.verify(token), false);
    }

    private CompletionStage<RecordMetadata> write(Topic topic, UserKey user, SpecificRecord value) {
        if (failing) {
            return CompletableFuture.failedFuture(new IllegalStateException("no broker"));
        }
        written.add(new Written(topic, user, value));
        TopicPartition partition = new TopicPartition(topic.name(), PARTITION);
        return CompletableFuture.completedFuture(new RecordMetadata(partition, written.size() - 1L, 0, 0, 0, 0));
    }

    /** Lets writes fail from now on. */
    public void fail() {
        failing = true;
    }

    public List<Written> written() {
        return written;
    }

    Issuer issuer() {
        return issuer;
    }

    HttpResponse<String> get(String user, String path) throws Exception {
        return send(request(user, path).GET());
    }

    HttpResponse<String> send(String user, String method, String path, String body) throws Exception {
        return send(request(user, path)
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String user, String path) {
        return request(path).header("Authorization", "Bearer " + issuer.token(user, "phone"));
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path));
    }

    public HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
