package io.herald.ingest;

import io.herald.health.HealthServer;
import io.herald.http.Blocking;
import io.herald.http.JsonBodies;
import io.herald.http.KafkaWriter;
import io.herald.http.Tokens;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over HTTP what producers and app back ends have to say, and writes it to Kafka.
 *
 * <p>What is answered with 202 is in Kafka for good, and so is who asked. What is answered with 503 may be there or
 * not: the same request again is safe, since the router knows events by (tenant, source, id), and changes of a user's
 * are the same the second time.
 */
public final class Ingest implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final Duration FORGET_EVERY = Duration.ofSeconds(60);
    private static final int FORGET_AT_ONCE = 5_000;

    private final IngestConfig config;
    private final Vertx vertx;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final IngestMeters meters = new IngestMeters(registry);
    private final KafkaWriter writer;
    private final Database database;
    private final AtomicInteger port = new AtomicInteger();
    private Future<String> server;
    private HealthServer health;
    private volatile boolean serving;

    private Ingest(IngestConfig config) {
        this.config = config;
        writer = new KafkaWriter(config.id(), config.clients(), config.registry(), config.waitingMax());
        vertx = Vertx.vertx(new VertxOptions().setUseDaemonThread(true));
        database = new Database(vertx, config.store());
        try {
            serve();
        } catch (RuntimeException failure) {
            release();
            throw failure;
        }
    }

    /**
     * Brings the database up to date, starts, and returns once it serves.
     *
     * @throws RuntimeException if a port is taken, or PostgreSQL cannot be reached. Kafka may be away: then writes are
     *     answered with 503 until it is there
     */
    public static Ingest start(IngestConfig config) {
        Database.migrate(config.store());
        return new Ingest(config);
    }

    private void serve() {
        Admission admission = new Admission(config.heldBytes());
        AtomicInteger open = new AtomicInteger();
        Idempotency idempotency = new Idempotency(database, meters);
        Tokens tokens =
                config.issuers().isEmpty() ? null : new Tokens(config.issuers(), Set.of("scope"), Tokens.REFETCH);
        Server.Parts parts = new Server.Parts(
                config,
                Operations.of(new EventLog(writer, meters), database),
                new Callers(vertx, database, tokens, config.tokenRate(), meters),
                new Rates(),
                idempotency,
                admission,
                writer,
                open,
                new JsonBodies(config.bodyDepth()),
                document(),
                meters);
        meters.gauge(IngestMetric.BODY_BYTES, admission::held);
        meters.gauge(IngestMetric.CONNECTIONS, open::get);
        server = vertx.deployVerticle(
                () -> new Server(parts, port),
                new DeploymentOptions()
                        .setInstances(Math.max(2, Runtime.getRuntime().availableProcessors())));
        Blocking.started(server, START);
        forgetLater(idempotency);
        health = HealthServer.start(
                config.healthHost(),
                config.healthPort(),
                () -> true,
                () -> serving && writer.isKeepingUp(),
                registry::scrape);
        serving = true;
        LOG.info("serving on {}:{}, health on {}:{}", config.host(), port(), config.healthHost(), healthPort());
    }

    // Each time from the end of the one before: what is behind may take longer than until the next.
    private void forgetLater(Idempotency idempotency) {
        vertx.setTimer(FORGET_EVERY.toMillis(), timer -> idempotency
                .forget(config.remembered(), FORGET_AT_ONCE)
                .onSuccess(forgotten -> meters.count(IngestMetric.FORGOTTEN, forgotten))
                .onComplete(done -> {
                    if (serving) {
                        forgetLater(idempotency);
                    }
                }));
    }

    /** Returns the OpenAPI document. */
    static Buffer document() {
        try (InputStream in = Ingest.class.getResourceAsStream("/openapi.json")) {
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Returns the port that requests come to. */
    public int port() {
        return port.get();
    }

    /** Returns the port of health and metrics. */
    public int healthPort() {
        return health.port();
    }

    /** Answers what is here, writes what is left to write, and stops. Does nothing the second time. */
    @Override
    public void close() {
        synchronized (this) {
            if (!serving) {
                return;
            }
            serving = false;
        }
        release();
    }

    private void release() {
        try {
            // The server first, apart: Vert.x itself closes the pool before it, under requests that still need it.
            stop(server != null && server.succeeded() ? vertx.undeploy(server.result()) : Future.succeededFuture());
            stop(vertx.close());
        } finally {
            if (health != null) {
                health.close();
            }
            writer.close();
            registry.close();
        }
    }

    private static void stop(Future<?> stopped) {
        if (!Blocking.await(stopped, STOP)) {
            LOG.warn("the server did not stop in time");
        }
    }
}
