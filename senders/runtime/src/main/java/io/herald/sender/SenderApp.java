package io.herald.sender;

import io.herald.wire.WireFormat;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running sender. Several of them run in one JVM without knowing of each other.
 *
 * <p>Closing one waits for what is in flight, up to {@code drain.timeout.ms}, and closes its provider.
 */
public final class SenderApp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SenderApp.class);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final SenderConfig config;
    private final Provider provider;
    private final SenderLoop loop;
    private final Reporter reporter;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final HealthServer health;
    private volatile boolean failed;
    private volatile boolean closing;

    private SenderApp(SenderConfig config, Provider provider, Clock clock) {
        this.config = config;
        this.provider = provider;
        String name = "sender-" + config.route();
        SenderMeters meters = new SenderMeters(registry, config.route());
        this.reporter = new Reporter(name, Clients.producer(config), new WireFormat(config.wire()), meters);
        this.loop = new SenderLoop(
                config,
                Clients.consumer(config),
                new WireFormat(config.wire()),
                new Attempts(provider, config.requestTimeout(), clock, meters),
                reporter,
                clock,
                meters);
        this.thread = new Thread(this::run, name);
        this.health = config.healthPort() < 0
                ? null
                : HealthServer.start(
                        config.healthHost(), config.healthPort(), this::live, this::ready, registry::scrape);
    }

    /**
     * Starts to send. Returns at once; {@link #ready} says when it takes part.
     *
     * @param provider is closed with the sender
     */
    public static SenderApp start(SenderConfig config, Provider provider) {
        return start(config, provider, Clock.systemUTC());
    }

    static SenderApp start(SenderConfig config, Provider provider, Clock clock) {
        SenderApp app = new SenderApp(config, provider, clock);
        app.reporter.start();
        app.thread.start();
        LOG.info("Started {}", config);
        return app;
    }

    /** Returns whether it takes part in its consumer group. Does not depend on the provider. */
    public boolean ready() {
        return live() && loop.ready();
    }

    /** Returns false once it has ended, by itself or by {@link #close}. */
    public boolean live() {
        return ended.getCount() > 0;
    }

    /** Returns the port of the health endpoint, if there is one. */
    public OptionalInt healthPort() {
        return health == null ? OptionalInt.empty() : OptionalInt.of(health.port());
    }

    /** Returns all meters in Prometheus' text format. */
    public String metrics() {
        return registry.scrape();
    }

    /**
     * Waits until it ends.
     *
     * @return whether it was closed; false if it failed, which the log tells of
     */
    public boolean await() throws InterruptedException {
        ended.await();
        return !failed;
    }

    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        loop.stop();
        try {
            thread.join(config.drainTimeout().multipliedBy(2).plus(GRACE).toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        reporter.close(GRACE);
        provider.close();
        if (health != null) {
            health.close();
        }
        registry.close();
    }

    private void run() {
        try {
            loop.run();
        } catch (RuntimeException | Error fatal) {
            failed = true;
            LOG.error("The sender of {} has stopped", config.route(), fatal);
        } finally {
            ended.countDown();
        }
    }
}
