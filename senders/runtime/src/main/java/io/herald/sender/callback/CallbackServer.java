package io.herald.sender.callback;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.herald.wire.SchemaRegistryUnavailableException;
import io.herald.wire.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears a provider's callbacks and answers 200 once Kafka has acknowledged what they report, so that none is lost: what
 * the provider is answered otherwise, or not at all, it repeats. Any path will do, as a proxy before it may rewrite it.
 *
 * <p>Anybody may call: a request is bounded in size and time, and the number of those at a time is too.
 */
public final class CallbackServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallbackServer.class);
    private static final int MOST_BODY_BYTES = 256 << 10;
    private static final Duration QUIET = Duration.ofMinutes(1);

    /** Providers wait 15 s for an answer. */
    private static final Duration MOST_TIME = Duration.ofSeconds(12);

    private static final Duration GRACE = Duration.ofSeconds(5);

    private final String publicUrl;
    private final Callbacks handler;
    private final CallbackWriter writer;
    private final Consumer<CallbackResult> counted;
    private final CallbackThreads threads;
    private final HttpServer server;
    private final Map<CallbackResult, Long> logged = new ConcurrentHashMap<>();

    private CallbackServer(
            CallbackConfig config,
            Callbacks handler,
            CallbackWriter writer,
            Consumer<CallbackResult> counted,
            Duration mostTime)
            throws IOException {
        this.publicUrl = config.publicUrl();
        this.handler = handler;
        this.writer = writer;
        this.counted = counted;
        this.server = HttpServer.create(new InetSocketAddress(config.host(), config.port()), 0);
        this.threads = new CallbackThreads(mostTime);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
    }

    /**
     * Starts to listen.
     *
     * @param producer see {@link CallbackWriter}; closed with the server
     * @param wire for this server alone
     * @param counted told of what became of each callback
     * @throws UncheckedIOException if it cannot listen there
     */
    public static CallbackServer start(
            CallbackConfig config,
            Callbacks handler,
            Producer<byte[], byte[]> producer,
            WireFormat wire,
            Consumer<CallbackResult> counted) {
        return start(config, handler, new CallbackWriter(producer, wire, MOST_TIME), counted, MOST_TIME);
    }

    static CallbackServer start(
            CallbackConfig config,
            Callbacks handler,
            CallbackWriter writer,
            Consumer<CallbackResult> counted,
            Duration mostTime) {
        try {
            CallbackServer server = new CallbackServer(config, handler, writer, counted, mostTime);
            server.server.start();
            return server;
        } catch (IOException failure) {
            writer.close();
            throw new UncheckedIOException("cannot listen on " + config.host() + ":" + config.port(), failure);
        }
    }

    /** Returns the port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            CallbackResult result = result(exchange);
            counted.accept(result);
            if (result == CallbackResult.NOT_POSTED) {
                exchange.getResponseHeaders().set("Allow", "POST");
            }
            exchange.sendResponseHeaders(result.status(), -1);
        }
    }

    private CallbackResult result(HttpExchange exchange) throws IOException {
        if (!"POST".equals(exchange.getRequestMethod())) {
            return refused(CallbackResult.NOT_POSTED, "only POST is");
        }
        byte[] body = exchange.getRequestBody().readNBytes(MOST_BODY_BYTES + 1);
        if (body.length > MOST_BODY_BYTES) {
            return refused(CallbackResult.TOO_LARGE, "more than " + MOST_BODY_BYTES + " bytes");
        }
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
            return written(handler.handle(request(exchange, text)));
        } catch (CharacterCodingException binary) {
            return refused(CallbackResult.MALFORMED, "not UTF-8");
        } catch (RefusedCallbackException refused) {
            return refused(refused.result(), refused.getMessage());
        } catch (SchemaRegistryUnavailableException | KafkaException away) {
            return refused(CallbackResult.NOT_WRITTEN, away.getClass().getSimpleName());
        } catch (RuntimeException bug) {
            // Its message may quote the callback.
            return refused(CallbackResult.FAILED, bug.getClass().getName() + where(bug));
        }
    }

    private CallbackResult written(List<SpecificRecord> reports) {
        try {
            return writer.write(reports)
                    ? CallbackResult.TAKEN
                    : refused(CallbackResult.NOT_WRITTEN, "Kafka has not acknowledged its reports");
        } catch (InterruptedException late) {
            Thread.currentThread().interrupt();
            return refused(CallbackResult.NOT_WRITTEN, "Kafka has not acknowledged its reports in time");
        }
    }

    private CallbackRequest request(HttpExchange exchange, String body) {
        String query = exchange.getRequestURI().getRawQuery();
        Map<String, String> headers = new HashMap<>();
        Headers given = exchange.getRequestHeaders();
        given.keySet().forEach(name -> headers.put(name.toLowerCase(Locale.ROOT), given.getFirst(name)));
        return query == null
                ? new CallbackRequest(publicUrl, "", Map.copyOf(headers), body)
                : new CallbackRequest(publicUrl + "?" + query, query, Map.copyOf(headers), body);
    }

    /** Whoever finds the port may send any number of these: one line a minute for each kind, the meter has them all. */
    private CallbackResult refused(CallbackResult result, String reason) {
        long now = System.nanoTime();
        Long before = logged.get(result);
        if (before == null || now - before > QUIET.toNanos()) {
            logged.put(result, now);
            LOG.warn("A callback is not taken: {} ({})", result, reason);
        }
        return result;
    }

    private static String where(RuntimeException bug) {
        StackTraceElement[] trace = bug.getStackTrace();
        return trace.length == 0 ? "" : " at " + trace[0];
    }

    /** Finishes what is at hand, for some seconds; turns the rest away, which the provider repeats. */
    @Override
    public void close() {
        threads.close(GRACE);
        server.stop(0);
        writer.close();
    }
}
