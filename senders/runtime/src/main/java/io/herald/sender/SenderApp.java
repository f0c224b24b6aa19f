package io.herald.sender;

import io.herald.health.HealthServer;
import io.herald.schema.AddressReported;
import io.herald.schema.Lane;
import io.herald.sender.callback.CallbackConfig;
import io.herald.sender.callback.CallbackServer;
import io.herald.sender.callback.Callbacks;
import io.herald.topic.Topics;
import io.herald.wire.UserKey;
import io.herald.wire.WireFormat;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running sender: a loop for each lane, over one provider and one writer of reports, so that no backlog of bulk keeps
 * an urgent delivery waiting. Several senders run in one JVM without knowing of each other.
 *
 * <p>Closing one waits for what is in flight, up to {@code drain.timeout.ms}, and closes its provider.
 */
public final class SenderApp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SenderApp.class);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final SenderConfig config;
    private final Provider provider;
    private final Map<Lane, SenderLoop> loops = new EnumMap<>(Lane.class);
    private final List<Thread> threads = new ArrayList<>();
    private final Reporter reporter;
    private final Gate gate;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final HealthServer health;
    private CallbackServer callbacks;
    private volatile boolean failed;
    private volatile boolean closing;

    private SenderApp(SenderConfig config, Provider provider, Clock clock) {
        this.config = config;
        this.provider = provider;
        String name = "sender-" + config.route();
        provider.bindTo(registry);
        SenderMeters meters = SenderMeters.ofSender(registry, config.route());
        this.reporter = new Reporter(name, Clients.producer(config), new WireFormat(config.wire()), meters);
        this.gate = new Gate(config.route(), config.flow(), provider::allowedPerSecond);
        meters.gauge(SenderMetric.CIRCUIT, () -> gate.state().gauge());
        meters.gauge(SenderMetric.RATE_LIMIT, gate::perSecond);
        for (Lane lane : Lane.values()) {
            SenderLoop loop = loop(lane, clock);
            loops.put(lane, loop);
            threads.add(new Thread(() -> run(lane, loop), name + "-" + lane));
        }
        this.health = config.healthPort() < 0
                ? null
                : HealthServer.start(
                        config.healthHost(), config.healthPort(), this::live, this::ready, registry::scrape);
    }

    private SenderLoop loop(Lane lane, Clock clock) {
        SenderMeters meters = SenderMeters.ofLane(registry, config.route(), lane);
        WireFormat wire = new WireFormat(config.wire());
        Intents intents = new Intents(
                Topics.intents(config.route()), lane, reporter, () -> Clients.reader(config, lane), wire, clock);
        Flight flight = new Flight(
                lane,
                config.inFlightMax(lane),
                gate,
                provider,
                new Attempts(provider, config.requestTimeout(), clock, meters),
                intents,
                reporter,
                clock,
                meters);
        return new SenderLoop(
                config, lane, Clients.consumer(config, lane), wire, flight, intents, reporter, clock, meters);
    }

    /**
     * Starts to send. Returns at once; {@link #ready} says when it takes part.
     *
     * @param provider is closed with the sender
     */
    public static SenderApp start(SenderConfig config, Provider provider) {
        return start(config, provider, Clock.systemUTC());
    }

    /**
     * Starts to send, and to hear the provider's callbacks, if {@code where} says so.
     *
     * @param provider is closed with the sender
     * @throws java.io.UncheckedIOException if it cannot listen there; then nothing is sent, and the provider is closed
     */
    public static SenderApp start(SenderConfig config, Provider provider, CallbackConfig where, Callbacks callbacks) {
        SenderApp app = new SenderApp(config, provider, Clock.systemUTC());
        if (where.listens()) {
            try {
                app.callbacks = CallbackServer.start(
                        where,
                        callbacks,
                        Clients.callbackProducer(config),
                        new WireFormat(config.wire()),
                        SenderMeters.ofCallbacks(app.registry, config.route()));
            } catch (UncheckedIOException failure) {
                app.close();
                throw failure;
            }
        }
        return app.started();
    }

    static SenderApp start(SenderConfig config, Provider provider, Clock clock) {
        return new SenderApp(config, provider, clock).started();
    }

    private SenderApp started() {
        provider.reportTo(this::write);
        reporter.start();
        threads.forEach(Thread::start);
        LOG.info("Started {}", config);
        return this;
    }

    private CompletionStage<Void> write(AddressReported report) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        byte[] key = new UserKey(report.getTenant(), report.getUser()).bytes();
        reporter.write(Topics.ADDRESS_REPORTED, key, report, () -> written.complete(null));
        return written;
    }

    /** Returns whether both lanes take part in their consumer groups. Does not depend on the provider. */
    public boolean ready() {
        return live() && loops.values().stream().allMatch(SenderLoop::ready);
    }

    /** Returns false once one of its lanes has ended, by itself or by {@link #close}. */
    public boolean live() {
        return ended.getCount() > 0;
    }

    /** Returns the port of the health endpoint, if there is one. */
    public OptionalInt healthPort() {
        return health == null ? OptionalInt.empty() : OptionalInt.of(health.port());
    }

    /** Returns the port of the provider's callbacks, if they are heard. */
    public OptionalInt callbackPort() {
        return callbacks == null ? OptionalInt.empty() : OptionalInt.of(callbacks.port());
    }

    /** Returns all meters in Prometheus' text format. */
    public String metrics() {
        return registry.scrape();
    }

    /**
     * Waits until one of its lanes ends.
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
        if (callbacks != null) {
            callbacks.close();
        }
        loops.values().forEach(SenderLoop::stop);
        joinThreads(config.drainTimeout().multipliedBy(2).plus(GRACE));
        reporter.close(GRACE);
        provider.close();
        if (health != null) {
            health.close();
        }
        registry.close();
    }

    private void joinThreads(Duration most) {
        long deadline = System.nanoTime() + most.toNanos();
        try {
            for (Thread thread : threads) {
                thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Lane lane, SenderLoop loop) {
        try {
            loop.run();
        } catch (RuntimeException | Error fatal) {
            failed = true;
            LOG.error("The sender of {} has stopped its lane {}", config.route(), lane, fatal);
        } finally {
            ended.countDown();
        }
    }
}
