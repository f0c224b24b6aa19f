package io.herald.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * As much of a Confluent schema registry as serializers ask: ids for schemas, and schemas for ids. Unlike a
 * {@code mock://} one it is shared by processes, and can be away.
 */
public final class TestRegistry implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BY_ID = "/schemas/ids/";
    private static final int NO_SCHEMA = 40_403;

    private final List<String> schemas = new ArrayList<>();
    private final HttpServer server;
    private volatile boolean away;

    private TestRegistry() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    /** Starts without any schemas. */
    public static TestRegistry start() {
        return new TestRegistry();
    }

    /** Returns the value of {@code schema.registry.url}. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Makes it fail every request, or stop to. */
    public void away(boolean isAway) {
        away = isAway;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (away) {
                exchange.sendResponseHeaders(503, -1);
            } else if (path.startsWith(BY_ID)) {
                schema(exchange, Integer.parseInt(path.substring(BY_ID.length())));
            } else {
                String schema =
                        JSON.readTree(exchange.getRequestBody()).path("schema").asText();
                if (!schemas.contains(schema)) {
                    schemas.add(schema);
                }
                send(exchange, 200, JSON.createObjectNode().put("id", schemas.indexOf(schema) + 1));
            }
        }
    }

    private void schema(HttpExchange exchange, int id) throws IOException {
        if (id < 1 || id > schemas.size()) {
            send(
                    exchange,
                    404,
                    JSON.createObjectNode().put("error_code", NO_SCHEMA).put("message", "Schema not found"));
        } else {
            send(exchange, 200, JSON.createObjectNode().put("schema", schemas.get(id - 1)));
        }
    }

    private static void send(HttpExchange exchange, int status, ObjectNode answer) throws IOException {
        byte[] body = answer.toString().getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
