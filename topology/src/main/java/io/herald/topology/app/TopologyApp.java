package io.herald.topology.app;

import io.herald.health.HealthServer;
import io.herald.topic.Topics;
import io.herald.topology.IntakeTopology;
import io.herald.topology.RouterTopology;
import io.herald.topology.StatusTopology;
import io.herald.topology.intake.BulkIntake;
import io.herald.topology.intake.IntakeCounts;
import io.herald.topology.intake.IntakeProcessor;
import io.herald.topology.intake.RouterLag;
import io.herald.topology.intake.RouterLagReading;
import io.herald.topology.router.RouterAlarms;
import io.herald.topology.router.RouterProcessor;
import io.herald.topology.status.StatusProcessor;
import io.herald.wire.WireFormat;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs intake, with the bulk intake beside it, and router, or one of them; and, where they are asked for, statuses for
 * producers.
 *
 * <p>A failure that Streams cannot heal by itself ends the application: the process exits with 1, and whoever
 * supervises it starts it again. Nothing is lost by that; what was not committed is done again.
 */
public final class TopologyApp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopologyApp.class);
    private static final Duration CLOSING = Duration.ofSeconds(30);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final List<Application> applications = new ArrayList<>();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final TopologyMeters meters = new TopologyMeters(registry);
    private final CountDownLatch failed = new CountDownLatch(1);
    private final HeraldConfig config;
    private HealthServer health;

    private TopologyApp(HeraldConfig config) {
        this.config = config;
    }

    /**
     * Checks the cluster and starts.
     *
     * @throws StartRefusedException if the cluster or the topics are not as Herald needs them
     */
    public static TopologyApp start(HeraldConfig config) {
        TopologyApp app = new TopologyApp(config);
        try {
            app.start();
            return app;
        } catch (RuntimeException failure) {
            app.close();
            throw failure;
        }
    }

    /** Waits until an application has failed for good, or the time is over; returns whether one has. */
    public boolean awaitFailure(Duration most) throws InterruptedException {
        return failed.await(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns whether an application has failed for good. */
    public boolean failed() {
        return failed.getCount() == 0;
    }

    /** Returns whether every application that this process runs has its partitions and its state. */
    public boolean ready() {
        return !failed() && applications.stream().allMatch(Application::ready);
    }

    /** Returns whether nothing has failed for good, and all stream threads live. */
    public boolean live() {
        return !failed() && applications.stream().allMatch(Application::live);
    }

    /** Returns the port of health and metrics, if it has one. */
    public OptionalInt healthPort() {
        return health == null ? OptionalInt.empty() : OptionalInt.of(health.port());
    }

    /** Ends the applications in order, within half a minute each. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception failure) {
                LOG.warn("A part did not close: {}", failure.toString());
            }
        }
    }

    /** Runs until it is told to end, or fails. */
    public static void main(String[] args) throws InterruptedException {
        TopologyApp app = start(HeraldConfig.from(HeraldConfig.properties(System.getenv())));
        Runtime.getRuntime().addShutdownHook(new Thread(app::close, "close"));
        while (!app.awaitFailure(Duration.ofDays(1))) {
            LOG.debug("still running");
        }
        System.exit(1);
    }

    private void start() {
        Map<String, Object> adminConfig = new HashMap<>(config.kafka());
        adminConfig.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        Admin admin = Admin.create(adminConfig);
        parts.push(admin);
        StartChecks checks = new StartChecks(admin);
        Map<String, TopicDescription> topics = checks.cluster();
        checks.notGrowing(config.routerId());
        int partitions = topics.get(Topics.MAILBOX.name()).partitions().size();
        if (config.roles().contains("router")) {
            checks.offsets(config.routerId(), List.of(Topics.MAILBOX), topics);
            LocalState.keepOnlyFor(partitions, config.stateDir(), config.routerId());
            RouterAlarms alarms = new RouterAlarms();
            meters.router(alarms);
            run(
                    RouterTopology.build(() -> new RouterProcessor(wire(), config.cachedUsers(), alarms)),
                    StreamsSettings.router(config));
        }
        if (config.roles().contains("intake")) {
            checks.offsets(config.intakeId(), Topics.INPUTS, topics);
            RouterLag lag = new RouterLag(admin, config.routerId(), partitions);
            parts.push(lag);
            meters.routerLag(lag);
            IntakeCounts counts = new IntakeCounts();
            meters.intake(counts);
            run(
                    IntakeTopology.build(() ->
                            new IntakeProcessor(wire(), StartChecks.ids(topics), lag, config.tickInterval(), counts)),
                    StreamsSettings.intake(config));
            if (config.bulkEnabled()) {
                checks.offsets(config.bulkId(), Topics.BULK_INPUTS, topics);
                runBulk(lag, StartChecks.ids(topics));
            }
        }
        if (!config.statusSources().isEmpty()) {
            checks.offsetsFromNow(config.statusId(), List.of(Topics.LEDGER), topics);
            run(
                    StatusTopology.build(() -> new StatusProcessor(wire(), config.statusSources())),
                    StreamsSettings.status(config));
        }
        if (config.healthPort() >= 0) {
            health = HealthServer.start(
                    config.healthHost(), config.healthPort(), this::live, this::ready, registry::scrape);
            parts.push(health);
        }
    }

    private void runBulk(RouterLagReading lag, Map<String, Uuid> topicIds) {
        IntakeCounts counts = new IntakeCounts();
        BulkIntake bulk = new BulkIntake(
                BulkClients.consumer(config),
                BulkClients.producer(config),
                new WireFormat(wire()),
                topicIds,
                lag,
                config.bulkRecordsPerSecond(),
                counts,
                Clock.systemUTC());
        meters.bulk(counts, bulk);
        Thread thread = new Thread(bulk, config.bulkId());
        thread.setUncaughtExceptionHandler((itself, failure) -> {
            LOG.error("{} stops", config.bulkId(), failure);
            failed.countDown();
        });
        parts.push(() -> {
            bulk.stop();
            thread.join(CLOSING.toMillis());
            // Where Kafka is away there is no end to waiting for it.
            thread.interrupt();
        });
        thread.start();
        LOG.info("{} starts", config.bulkId());
    }

    private void run(Topology topology, Properties settings) {
        KafkaStreams streams = new KafkaStreams(topology, settings);
        String name = settings.getProperty(StreamsConfig.APPLICATION_ID_CONFIG);
        streams.setUncaughtExceptionHandler(failure -> {
            LOG.error("{} stops", name, failure);
            failed.countDown();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        int threads = streams.metadataForLocalThreads().size();
        Application application = new Application(name, streams, threads);
        applications.add(application);
        meters.threads(application);
        parts.push(() -> streams.close(CLOSING));
        streams.start();
        LOG.info("{} starts", name);
    }

    private Map<String, Object> wire() {
        Map<String, Object> wire = new HashMap<>(config.kafka());
        wire.put("schema.registry.url", config.schemaRegistryUrl());
        return wire;
    }
}
