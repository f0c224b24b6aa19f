package io.herald.bench;

import io.herald.schema.DeliveryReported;
import io.herald.schema.Lane;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Route;
import io.herald.topic.Topics;
import io.herald.wire.WireFormat;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Where senders are measured: what they need, and how long they take over what waits for them. */
final class SenderStage implements AutoCloseable {
    /** Sizes that a sender needs, and no more: see senders/runtime/README.md. */
    static final List<String> SENDER_JVM = List.of(
            "-Xms72m",
            "-Xmx72m",
            "-Xmn36m",
            "-XX:+UseSerialGC",
            "-XX:MaxMetaspaceSize=96m",
            "-XX:ReservedCodeCacheSize=48m",
            "-XX:MaxDirectMemorySize=48m",
            "-Xss512k");

    static final Map<String, String> SENDER_ENVIRONMENT =
            Map.of("MALLOC_ARENA_MAX", "2", "MALLOC_TRIM_THRESHOLD_", "131072");

    private static final List<String> OTHER_JVM = List.of("-Xms256m", "-Xmx512m");
    private static final List<String> REPORTS = List.of(Topics.DELIVERY_REPORTED.name());
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Backbone backbone;
    private final SenderLoad load;
    private final boolean quick;
    private final PrintStream progress;

    /**
     * How fast deliveries went from the topic to their reports.
     *
     * @param perSecond reports that Kafka has acknowledged
     * @param micros processor time of the sender for each, in microseconds
     * @param brokerMicros that of the broker
     */
    record Pace(double perSecond, double micros, double brokerMicros) {}

    SenderStage(Backbone backbone, SenderLoad load, boolean quick, PrintStream progress) {
        this.backbone = backbone;
        this.load = load;
        this.quick = quick;
        this.progress = progress;
    }

    /** Returns {@code full}, or {@code less} if it is to be quick. */
    int size(int full, int less) {
        return quick ? less : full;
    }

    void say(String what) {
        progress.println(what);
    }

    SenderLoad load() {
        return load;
    }

    /** Starts the process of a sender, with the memory that one has. */
    Child sender(String kind) {
        return new Child(
                "sender-" + kind, backbone.folder(), SENDER_JVM, SENDER_ENVIRONMENT, SenderProcess.class, kind);
    }

    /** Starts a process that drains deliveries and is no sender. */
    Child drain(String name, String kind) {
        return new Child(name, backbone.folder(), OTHER_JVM, SenderProcess.class, kind);
    }

    /** Starts a provider. */
    Child simulator(String provider) {
        return new Child(
                "simulator-" + provider,
                backbone.folder(),
                OTHER_JVM,
                SimulatorProcess.class,
                provider,
                backbone.folder().resolve(provider).toString());
    }

    /** Starts a provider's own client. */
    Child bare(String client, List<String> settings) {
        List<String> arguments = new ArrayList<>(List.of(client));
        arguments.addAll(settings);
        return new Child(
                "bare-" + client, backbone.folder(), OTHER_JVM, BareProcess.class, arguments.toArray(String[]::new));
    }

    /** Lets a sender go on at the end of its topics. */
    void start(Child sender, String group, List<String> settings) {
        List<String> order = new ArrayList<>(List.of(
                "start",
                "bootstrap.servers=" + backbone.bootstrap(),
                "schema.registry.url=" + backbone.registryUrl(),
                "health.port=-1",
                "group.id=" + group));
        order.addAll(settings);
        sender.ask(order.toArray(String[]::new));
    }

    /** Makes a sender's groups pass over what is in its topics. */
    void skip(Route route, String group) {
        backbone.seekToEnd(group, List.of(Topics.delivery(route, Lane.URGENT)));
        backbone.seekToEnd(group + "-bulk", List.of(Topics.delivery(route, Lane.BULK)));
    }

    /** Returns how many of a lane wait. */
    long waiting(Route route, Lane lane, String group) {
        return backbone.waiting(lane == Lane.BULK ? group + "-bulk" : group, Topics.delivery(route, lane));
    }

    /**
     * Writes so many deliveries, then lets a sender send them, and stops it. The clock runs from the first tenth to the
     * last one, so that starting up is not counted.
     *
     * @throws IllegalStateException if one was not accepted
     */
    Pace run(Child sender, Route route, String group, List<String> settings, int count) {
        skip(route, group);
        load.write(route, Lane.URGENT, count);
        Map<TopicPartition, Long> before = backbone.ends(REPORTS);
        long nothing = sum(before);
        start(sender, group, settings);
        long first = await(nothing + count / 10);
        long start = System.nanoTime();
        Duration cpu = sender.cpu();
        Duration broker = backbone.broker().cpu();
        await(nothing + count);
        double seconds = (System.nanoTime() - start) / 1e9;
        double measured = nothing + count - first;
        Pace pace = new Pace(
                measured / seconds,
                sender.cpu().minus(cpu).toNanos() / 1e3 / measured,
                backbone.broker().cpu().minus(broker).toNanos() / 1e3 / measured);
        sender.ask("stop");
        check(before, count);
        return pace;
    }

    private long await(long reports) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long seen = sum(backbone.ends(REPORTS));
        while (seen < reports) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(reports - seen + " deliveries were not reported");
            }
            Backbone.pause();
            seen = sum(backbone.ends(REPORTS));
        }
        return seen;
    }

    private void check(Map<TopicPartition, Long> from, int count) {
        WireFormat wire = new WireFormat(Map.of("schema.registry.url", backbone.registryUrl()));
        Map<TopicPartition, Long> ends = backbone.ends(REPORTS);
        long accepted = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = backbone.consumer()) {
            consumer.assign(from.keySet());
            from.forEach(consumer::seek);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    DeliveryReported report =
                            wire.read(Topics.DELIVERY_REPORTED, DeliveryReported.class, record.value());
                    accepted += report.getOutcome() == ReportedOutcome.ACCEPTED ? 1 : 0;
                }
            }
        }
        if (accepted != count) {
            throw new IllegalStateException("of " + count + " deliveries " + accepted + " were reported as accepted");
        }
    }

    private static long sum(Map<TopicPartition, Long> ends) {
        return ends.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() {
        load.close();
        backbone.close();
    }
}
