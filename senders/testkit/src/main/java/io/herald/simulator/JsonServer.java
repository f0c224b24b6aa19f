package io.herald.simulator;

import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A JSON API on loopback, whose answers can be scripted. */
final class JsonServer implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int MOST_BODY_BYTES = 12 << 20;
    private static final int TOO_LARGE = 413;
    private static final Reply GARBAGE = new Reply(200, Map.of(), "\u0000\uFFFD{{<\u0007");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final Api api;
    private final Script script;
    private final X509Bundle certificate;
    private final Set<HttpConnection> broken = ConcurrentHashMap.newKeySet();
    private HttpServer server;

    private JsonServer(Vertx vertx, Api api, Script script, X509Bundle certificate) {
        this.certificate = certificate;
        this.vertx = vertx;
        this.api = api;
        this.script = script;
    }

    /** One provider's behaviour. Called on one thread. */
    interface Api {
        /** Returns the answer to a request, once its side effects are done. */
        Reply handle(HttpServerRequest request, Buffer body);

        /** Returns an error in the provider's format. */
        Reply error(int status, String code, String message);

        /** Returns which delivery a request is about, for the log; empty if it does not say. */
        String deliveryId(HttpServerRequest request, Buffer body);
    }

    /** An answer: status, headers and a JSON body. */
    record Reply(int status, Map<String, String> headers, String body) {
        static Reply json(int status, JsonObject body) {
            return new Reply(status, Map.of(), body.encode());
        }

        Reply with(String name, String value) {
            return new Reply(status, Map.of(name, value), body);
        }
    }

    /**
     * Listens over plain HTTP.
     *
     * @param port 0 for any that is free
     * @throws IllegalStateException if it is not
     */
    static JsonServer start(int port, Api api, Script script) {
        return start(port, api, script, null);
    }

    /**
     * Listens over TLS with a certificate, or over plain HTTP with null.
     *
     * @param port 0 for any that is free
     * @throws IllegalStateException if it is not
     */
    static JsonServer start(int port, Api api, Script script, X509Bundle certificate) {
        JsonServer started =
                new JsonServer(Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1)), api, script, certificate);
        try {
            started.server = await(started.vertx
                    .createHttpServer(options(port, certificate))
                    .connectionHandler(started::admit)
                    .requestHandler(started::serve)
                    .listen());
            return started;
        } catch (IllegalStateException failure) {
            started.close();
            throw failure;
        }
    }

    private static HttpServerOptions options(int port, X509Bundle certificate) {
        HttpServerOptions options = new HttpServerOptions().setHost(HOST).setPort(port);
        if (certificate != null) {
            options.setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .setKeyValue(Buffer.buffer(certificate.getPrivateKeyPEM()))
                            .setCertValue(Buffer.buffer(certificate.getCertificatePathPEM())));
        }
        return options;
    }

    int port() {
        return server.actualPort();
    }

    URI url() {
        return URI.create((certificate == null ? "http://" : "https://") + HOST + ":" + port());
    }

    private void admit(HttpConnection connection) {
        if (script.breaksHandshake()) {
            broken.add(connection);
            connection.closeHandler(closed -> broken.remove(connection));
            connection.close();
        }
    }

    private void serve(HttpServerRequest request) {
        if (broken.contains(request.connection())) {
            return; // It came before the end that was on its way.
        }
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() <= MOST_BODY_BYTES) {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(end -> answer(request, body));
    }

    private void answer(HttpServerRequest request, Buffer body) {
        Answer ordered = script.take();
        if (ordered.ending() == Answer.Ending.TLS_BREAK) {
            script.log(ordered, 0, () -> api.deliveryId(request, body));
            request.connection().close();
            return;
        }
        Reply reply = reply(request, body, ordered);
        script.log(ordered, reply.status(), () -> api.deliveryId(request, body));
        long latency = ordered.latency().toMillis();
        switch (ordered.ending()) {
            case USUAL, ERROR -> later(latency, () -> write(request.response(), reply));
            case GARBAGE -> later(latency, () -> write(request.response(), GARBAGE));
            case GOAWAY -> later(latency, () -> writeLast(request, reply));
            case RESET, TLS_BREAK -> later(latency, () -> request.connection().close());
            case SILENCE -> {
                // The connection stays open until the client gives up.
            }
        }
    }

    private Reply reply(HttpServerRequest request, Buffer body, Answer ordered) {
        if (ordered.ending() == Answer.Ending.ERROR) {
            Reply refusal = ordered.code().isEmpty()
                    ? new Reply(ordered.status(), Map.of("Content-Type", "text/html"), ordered.message())
                    : api.error(ordered.status(), ordered.code(), ordered.message());
            if (ordered.retryAfter() == null) {
                return refusal;
            }
            Map<String, String> headers = new HashMap<>(refusal.headers());
            headers.put("Retry-After", ordered.retryAfter());
            return new Reply(refusal.status(), headers, refusal.body());
        }
        if (body.length() > MOST_BODY_BYTES) {
            return new Reply(TOO_LARGE, Map.of(), "");
        }
        return api.handle(request, body);
    }

    private void later(long millis, Runnable action) {
        if (millis == 0) {
            action.run();
        } else {
            vertx.setTimer(millis, timer -> action.run());
        }
    }

    private static void write(HttpServerResponse response, Reply reply) {
        if (response.closed()) {
            return;
        }
        response.setStatusCode(reply.status()).putHeader("Content-Type", "application/json; charset=UTF-8");
        reply.headers().forEach(response::putHeader);
        response.end(reply.body());
    }

    /** Answers, and lets the connection carry nothing more. */
    private static void writeLast(HttpServerRequest request, Reply reply) {
        HttpConnection connection = request.connection();
        if (request.version() == HttpVersion.HTTP_2) {
            write(request.response(), reply);
            connection.goAway(0);
            connection.close();
        } else {
            request.response().putHeader("Connection", "close");
            write(request.response(), reply);
        }
    }

    @Override
    public void close() {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
