package io.herald.sender.fcm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.herald.schema.Delivery;
import io.herald.sender.Outcome;
import io.herald.sender.Provider;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.tracing.TracingPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends to Firebase Cloud Messaging, HTTP v1, over a few connections of HTTP/2 that carry many calls each.
 *
 * <p>A repeat of a delivery replaces its first copy on the screen, by the notification's tag. A silent delivery is a
 * message of data alone.
 */
public final class FcmProvider implements Provider {
    private static final Logger LOG = LoggerFactory.getLogger(FcmProvider.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int THREADS = 2;
    private static final int OK = 200;
    /** Error codes of HTTP/2, RFC 9113 §7: the server has not looked at the request; the client wants no answer. */
    private static final long REFUSED_STREAM = 7;

    private static final long CANCEL = 8;
    private static final long CLOSE_SECONDS = 5;

    private final Vertx vertx;
    private final HttpClient client;
    private final FcmCredentials credentials;
    private final RequestOptions target;
    private final long timeoutMs;
    private final Clock clock = Clock.systemUTC();

    /**
     * Connects nothing yet, but reads the credentials.
     *
     * @param requestTimeout how long each call may take
     * @throws org.apache.kafka.common.config.ConfigException if the credentials cannot be read
     */
    public FcmProvider(FcmConfig config, Duration requestTimeout) {
        this.credentials = new FcmCredentials(config);
        this.timeoutMs = requestTimeout.toMillis();
        this.target = target(config);
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(THREADS)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(2)
                .setUseDaemonThread(true));
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setSsl(Boolean.TRUE.equals(target.isSsl()))
                        .setUseAlpn(Boolean.TRUE.equals(target.isSsl()))
                        // A simulator without TLS speaks HTTP/2 from the first byte.
                        .setHttp2ClearTextUpgrade(false)
                        .setConnectTimeout((int) config.connectTimeout().toMillis())
                        .setTracingPolicy(TracingPolicy.IGNORE),
                new PoolOptions().setHttp2MaxSize(config.connections()));
    }

    @Override
    public CompletionStage<Outcome> send(Delivery delivery) {
        FcmMessage message;
        try {
            message = FcmMessage.of(delivery, clock.instant());
        } catch (IllegalArgumentException unfit) {
            return CompletableFuture.completedFuture(new Outcome.Rejected(unfit.getMessage()));
        }
        if (!message.fits()) {
            return CompletableFuture.completedFuture(
                    new Outcome.Rejected("payload of " + message.bytes() + " bytes: the limit is " + FcmMessage.LIMIT));
        }
        return credentials
                .access()
                .thenCompose(access -> access.refusal() == null
                        ? call(access.authorization(), message)
                        : CompletableFuture.completedFuture(access.refusal()));
    }

    private CompletableFuture<Outcome> call(String authorization, FcmMessage message) {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        RequestOptions options = new RequestOptions(target)
                .putHeader(HttpHeaders.AUTHORIZATION, authorization)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=UTF-8");
        client.request(options)
                .onSuccess(request -> send(request, message, answer))
                .onFailure(failure ->
                        answer.complete(Outcome.Retry.ofAll(Duration.ZERO, "not connected: " + name(failure))));
        return answer;
    }

    private void send(HttpClientRequest request, FcmMessage message, CompletableFuture<Outcome> answer) {
        long timer = vertx.setTimer(timeoutMs, late -> {
            if (answer.complete(new Outcome.Unknown("no answer within " + timeoutMs + " ms"))) {
                request.reset(CANCEL);
            }
        });
        request.send(Buffer.buffer(message.json()))
                .compose(response -> response.body().map(body -> answered(response, body)))
                .onComplete(result -> {
                    vertx.cancelTimer(timer);
                    answer.complete(result.succeeded() ? result.result() : lost(result.cause()));
                });
    }

    private Outcome answered(HttpClientResponse response, Buffer body) {
        if (response.statusCode() != OK) {
            return FcmErrors.outcome(
                    response.statusCode(), response.getHeader("Retry-After"), body.toString(), clock.instant());
        }
        try {
            return new Outcome.Accepted(
                    JSON.readTree(body.getBytes()).path("name").asText());
        } catch (JsonProcessingException foreign) {
            // It says that it took it, in words that nobody knows.
            return new Outcome.Accepted("");
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Outcome lost(Throwable failure) {
        return failure instanceof StreamResetException reset && reset.getCode() == REFUSED_STREAM
                ? Outcome.Retry.ofAll(Duration.ZERO, "refused stream")
                : new Outcome.Unknown("connection lost: " + name(failure));
    }

    private static String name(Throwable failure) {
        return failure.getClass().getSimpleName();
    }

    private static RequestOptions target(FcmConfig config) {
        URI url = config.url();
        boolean tls = "https".equals(url.getScheme());
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                // Until it is on a connection: one that waited longer would leave when nobody expects it any more.
                .setConnectTimeout(config.connectTimeout().toMillis())
                .setHost(url.getHost())
                .setPort(url.getPort() > 0 ? url.getPort() : tls ? 443 : 80)
                .setSsl(tls)
                .setURI(url.getPath().replaceAll("/+$", "") + "/v1/projects/" + config.project() + "/messages:send");
    }

    @Override
    public void close() {
        credentials.close();
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException failure) {
            LOG.warn("The client of FCM does not close in good order", failure);
        }
    }
}
