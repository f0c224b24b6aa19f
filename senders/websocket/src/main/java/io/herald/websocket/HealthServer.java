package io.herald.websocket;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Health and metrics, on a port of their own: {@code /live}, {@code /ready}, {@code /metrics}. */
final class HealthServer extends VerticleBase {
    private final GatewayConfig config;
    private final PrometheusMeterRegistry registry;
    private final BooleanSupplier ready;
    private final AtomicInteger port;
    private HttpServer server;

    HealthServer(GatewayConfig config, PrometheusMeterRegistry registry, BooleanSupplier ready, AtomicInteger port) {
        this.config = config;
        this.registry = registry;
        this.ready = ready;
        this.port = port;
    }

    @Override
    public Future<?> start() {
        server = vertx.createHttpServer(
                        new HttpServerOptions().setHost(config.healthHost()).setPort(config.healthPort()))
                .requestHandler(this::handle);
        return server.listen().onSuccess(listening -> port.set(listening.actualPort()));
    }

    private void handle(HttpServerRequest request) {
        switch (request.path()) {
            case "/live" -> answer(request, 200, "live");
            case "/ready" -> {
                boolean isReady = ready.getAsBoolean();
                answer(request, isReady ? 200 : 503, isReady ? "ready" : "not ready");
            }
            case "/metrics" -> answer(request, 200, registry.scrape());
            default -> answer(request, 404, "not found");
        }
    }

    private static void answer(HttpServerRequest request, int status, String text) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                .end(text);
    }

    @Override
    public Future<?> stop() {
        return server.close();
    }
}
