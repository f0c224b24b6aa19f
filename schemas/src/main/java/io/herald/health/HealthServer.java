package io.herald.health;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Answers {@code /live}, {@code /ready} and {@code /metrics}, which every process of Herald's has. None of them depends
 * on anything outside of the process: a restart would not heal that. What it asks is asked on its own thread.
 */
public final class HealthServer implements AutoCloseable {
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final HttpServer server;

    private HealthServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts to answer.
     *
     * @param port 0 for any that is free
     * @param live whether the process need not be restarted; 503 if not
     * @param ready whether it does its work; 503 if not
     * @param metrics in Prometheus' text format
     * @throws UncheckedIOException if it cannot listen there
     */
    public static HealthServer start(
            String host, int port, BooleanSupplier live, BooleanSupplier ready, Supplier<String> metrics) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 0);
            server.createContext("/live", exchange -> state(exchange, live.getAsBoolean()));
            server.createContext("/ready", exchange -> state(exchange, ready.getAsBoolean()));
            server.createContext(
                    "/metrics", exchange -> answer(exchange, OK, "text/plain; version=0.0.4", metrics.get()));
            server.start();
            return new HealthServer(server);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot listen on " + host + ":" + port, failure);
        }
    }

    /** Returns the port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    private static void state(HttpExchange exchange, boolean well) throws IOException {
        answer(exchange, well ? OK : UNAVAILABLE, "text/plain", well ? "yes\n" : "no\n");
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
