package io.herald.websocket;

import io.herald.api.DatabaseReader;
import io.herald.api.InboxReader;
import io.herald.api.Permits;
import io.herald.health.HealthServer;
import io.herald.http.Blocking;
import io.herald.http.Tokens;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes changes of inboxes to the open sockets of their users, and writes what users do to them into Kafka.
 *
 * <p>A push is a hint: the inbox in PostgreSQL is the truth. A client reads it when it connects, when it is told
 * {@code resync} and when a {@code seq} is missing, so nothing that gets lost on the way to a socket is lost. An act
 * that was answered with {@code ok} is in Kafka for good.
 */
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(10);
    /** After the last socket was told to go: what the close itself may take. */
    private static final Duration CLOSING = Duration.ofSeconds(4);

    private static final long DRAIN_CHECK_MS = 20;
    private static final long REPORT_CHECK_MS = 100;

    private final GatewayConfig config;
    private final Vertx vertx;
    private final PrometheusMeterRegistry registry;
    private final Connections connections;
    private final InboxLog log;
    private final ChangeFeed feed;
    private final Lease lease;
    private final AtomicInteger port = new AtomicInteger();
    private HealthServer health;
    private volatile boolean serving;

    /** What the gateway is connected to, made once its meters are there. */
    interface Kafka {
        InboxLog log(GatewayMeters meters);

        ChangeFeed feed(GatewayMeters meters);

        /** Returns where is read what clients have missed: from the inbox, but where a test holds it. */
        default Resume resume(Resume inbox) {
            return inbox;
        }
    }

    private Gateway(GatewayConfig config, Kafka kafka, Duration keyRefetch) {
        this.config = config;
        registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        GatewayMeters meters = new GatewayMeters(registry);
        Frames frames = new Frames();
        log = kafka.log(meters);
        ShownReports reports = new ShownReports(config.id(), config.limits().ackTimeout(), log, meters);
        connections = new Connections(
                config.admittance().connections(), config.limits().perUser(), frames, reports);
        meters.gauge(GatewayMetric.CONNECTIONS, connections::size, "open");
        meters.gauge(GatewayMetric.CONNECTIONS, connections::authenticated, "authenticated");
        meters.gauge(GatewayMetric.OUTBOUND_BYTES, connections::outboundBytes);
        feed = kafka.feed(meters);
        vertx = Vertx.vertx(new VertxOptions().setUseDaemonThread(true));
        String instance = UUID.randomUUID().toString();
        lease = new Lease(config.id(), instance, vertx, log, meters);
        TokenChecks tokens = new TokenChecks(vertx, new Tokens(config.issuers(), Set.of("device"), keyRefetch), meters);
        Optional<InboxReader> reader = config.others().database().map(database -> new DatabaseReader(vertx, database));
        Services services = new Services(
                config.id(),
                instance,
                config.limits(),
                tokens,
                new Admission(config.admittance(), connections, tokens),
                new CommandReader(),
                frames,
                connections,
                log,
                kafka.resume(resume(reader)),
                meters);
        try {
            feed.start(connections);
            lease.start();
            vertx.setPeriodic(REPORT_CHECK_MS, nothing -> reports.expire(System.nanoTime()));
            RestDoor rest = new RestDoor(config.others(), vertx, tokens, reader, log);
            Future<?> deployed = vertx.deployVerticle(
                    () -> new SocketServer(config, services, new WebPages(config.origins(), rest), port),
                    new DeploymentOptions().setInstances(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE));
            Blocking.started(deployed, START);
            health = HealthServer.start(
                    config.healthHost(), config.healthPort(), () -> true, this::isReady, registry::scrape);
            serving = true;
            LOG.info(
                    "serving sockets on {}:{}, health on {}:{}",
                    config.host(),
                    port(),
                    config.healthHost(),
                    healthPort());
        } catch (RuntimeException failure) {
            release();
            throw failure;
        }
    }

    /**
     * Starts a gateway and returns once it serves, and no change from then on can be missed.
     *
     * @throws RuntimeException if a port is taken, Kafka cannot be reached, or a topic is missing
     */
    public static Gateway start(GatewayConfig config) {
        Kafka kafka = new Kafka() {
            @Override
            public InboxLog log(GatewayMeters meters) {
                return new KafkaInboxLog(config);
            }

            @Override
            public ChangeFeed feed(GatewayMeters meters) {
                return new KafkaChangeFeed(config, meters);
            }
        };
        return start(config, kafka, Tokens.REFETCH);
    }

    static Gateway start(GatewayConfig config, Kafka kafka, Duration keyRefetch) {
        return new Gateway(config, kafka, keyRefetch);
    }

    /** Returns the port that sockets connect to. */
    public int port() {
        return port.get();
    }

    /** Returns the port of health and metrics. */
    public int healthPort() {
        return health.port();
    }

    private boolean isReady() {
        return serving && feed.isHealthy();
    }

    /**
     * Takes no more sockets, has the clients of the open ones reconnect over the configured time, closes those that
     * stay, writes what is left to write, gives its lease back, and stops. Does nothing the second time.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (!serving) {
                return;
            }
            serving = false;
        }
        drain();
        lease.close();
        release();
    }

    private void drain() {
        connections.drain().forEach(connection -> connection.retire(config.drain()));
        Promise<Void> empty = Promise.promise();
        vertx.setPeriodic(DRAIN_CHECK_MS, timer -> {
            if (connections.size() == 0) {
                vertx.cancelTimer(timer);
                empty.tryComplete();
            }
        });
        if (!Blocking.await(
                empty.future(),
                config.drain().plus(config.limits().reconnectGrace()).plus(CLOSING))) {
            LOG.warn("{} sockets did not close in time", connections.size());
        }
    }

    private void release() {
        try {
            if (!Blocking.await(vertx.close(), STOP)) {
                LOG.warn("the server did not stop in time");
            }
        } finally {
            if (health != null) {
                health.close();
            }
            // After the sockets: each says that it is gone.
            feed.close();
            log.close();
            registry.close();
        }
    }

    private Resume resume(Optional<InboxReader> reader) {
        return reader.<Resume>map(inbox -> new InboxResume(
                        vertx,
                        inbox::snapshot,
                        new Permits(
                                config.others().database().orElseThrow().resumes(),
                                task -> vertx.runOnContext(nothing -> task.run()))))
                .orElse(Resume::unavailable);
    }
}
