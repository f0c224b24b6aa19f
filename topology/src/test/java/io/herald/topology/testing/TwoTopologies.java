package io.herald.topology.testing;

import io.herald.schema.Mail;
import io.herald.schema.NotificationRequested;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.IntakeTopology;
import io.herald.topology.RouterTopology;
import io.herald.topology.guarantee.Guarantee;
import io.herald.topology.intake.IntakeProcessor;
import io.herald.topology.intake.RouterLagReading;
import io.herald.topology.router.RouterAlarms;
import io.herald.topology.router.RouterProcessor;
import io.herald.wire.UnreadableRecordException;
import io.herald.wire.WireFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Queue;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/**
 * Intake's topology and the router's, one behind the other: what the one writes the other reads at once, and every
 * promise is told of it and checked after each record.
 */
public final class TwoTopologies implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(250);

    private final WireFormat wire;
    private final TopologyTestDriver intake;
    private final TopologyTestDriver router;
    private final TestOutputTopic<byte[], byte[]> fromIntake;
    private final TestOutputTopic<byte[], byte[]> refused;
    private final TestInputTopic<byte[], byte[]> toRouter;
    private final Map<Topic, List<Written>> written = new HashMap<>();
    private final List<TestRecord<byte[], byte[]>> mailbox = new ArrayList<>();
    private final Map<Topic, TestOutputTopic<byte[], byte[]>> outputs = new LinkedHashMap<>();
    private final List<Guarantee> promises = new ArrayList<>(Guarantee.all());
    // What the router writes for intake.
    private final Queue<Looped> loop = new ArrayDeque<>();
    private final RouterAlarms alarms = new RouterAlarms();
    private int refusals;

    /** A record that the system wrote. */
    public record Written(Bytes key, Bytes value, long timestamp) {}

    TwoTopologies(Map<String, Object> wireConfig, int cachedUsers, Instant start) {
        this.wire = new WireFormat(wireConfig);
        Map<String, Uuid> ids = Topics.INPUTS.stream()
                .collect(Collectors.toMap(
                        Topic::name, topic -> new Uuid(7, topic.name().hashCode())));
        this.intake = new TopologyTestDriver(
                IntakeTopology.build(() -> new IntakeProcessor(wireConfig, ids, new NoLag(), TICK)),
                settings("intake"),
                start);
        this.router = new TopologyTestDriver(
                RouterTopology.build(() -> new RouterProcessor(wireConfig, cachedUsers, alarms)),
                settings("router"),
                start);
        this.fromIntake = output(intake, Topics.MAILBOX);
        this.refused = output(intake, Topics.DEAD_LETTER);
        Topics.OUTPUTS.forEach(topic -> outputs.put(topic, output(router, topic)));
        this.toRouter =
                router.createInputTopic(Topics.MAILBOX.name(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** The promises that are checked; may be changed. */
    List<Guarantee> promises() {
        return promises;
    }

    RouterAlarms alarms() {
        return alarms;
    }

    TopologyTestDriver router() {
        return router;
    }

    /** Returns what a topic holds, oldest first. */
    List<Written> written(Topic topic) {
        return List.copyOf(written.getOrDefault(topic, List.of()));
    }

    /** Returns the mailbox as intake wrote it. */
    List<TestRecord<byte[], byte[]>> mailbox() {
        return List.copyOf(mailbox);
    }

    /** Moves intake's clock to {@code now}. */
    void advance(Duration step, Instant now) {
        intake.advanceWallClockTime(step);
        pump(now);
    }

    /** Writes a record to an input topic, and returns when all that follows from it is written. */
    void send(Topic topic, byte[] value, Instant timestamp, Instant now) {
        int refusedBefore = refusals;
        intake.createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(null, value, timestamp));
        pump(now);
        if (topic.equals(Topics.NOTIFICATION_REQUESTED) && refusals == refusedBefore) {
            NotificationRequested event = wire.read(topic, NotificationRequested.class, value);
            promises.forEach(promise -> promise.requested(event));
        }
    }

    /** Writes a record straight into the mailbox. */
    void mail(TestRecord<byte[], byte[]> letter, Instant now) {
        route(letter, now);
    }

    @Override
    public void close() {
        intake.close();
        router.close();
    }

    private void pump(Instant now) {
        while (!fromIntake.isEmpty()) {
            TestRecord<byte[], byte[]> letter = fromIntake.readRecord();
            mailbox.add(letter);
            route(letter, now);
        }
        while (!refused.isEmpty()) {
            refusals++;
            keep(Topics.DEAD_LETTER, refused.readRecord());
        }
        collect(now);
    }

    private void route(TestRecord<byte[], byte[]> letter, Instant now) {
        readable(letter).ifPresent(mail -> promises.forEach(promise -> promise.read(mail)));
        toRouter.pipeInput(letter);
        collect(now);
        promises.forEach(Guarantee::check);
    }

    private Optional<Mail> readable(TestRecord<byte[], byte[]> letter) {
        try {
            return Optional.of(wire.read(Topics.MAILBOX, Mail.class, letter.value()));
        } catch (UnreadableRecordException hostile) {
            return Optional.empty();
        }
    }

    private void collect(Instant now) {
        outputs.forEach((topic, records) -> {
            while (!records.isEmpty()) {
                TestRecord<byte[], byte[]> record = records.readRecord();
                keep(topic, record);
                if (Topics.INPUTS.contains(topic)) {
                    loop.add(new Looped(topic, record));
                }
            }
        });
        while (!loop.isEmpty()) {
            Looped next = loop.remove();
            send(next.topic(), next.record().value(), now, now);
        }
    }

    private void keep(Topic topic, TestRecord<byte[], byte[]> record) {
        Class<?> type = SpecificData.get().getClass(topic.value());
        SpecificRecord value =
                record.value() == null ? null : wire.read(topic, type.asSubclass(SpecificRecord.class), record.value());
        promises.forEach(promise -> promise.written(topic, record.key(), value));
        written.computeIfAbsent(topic, name -> new ArrayList<>())
                .add(new Written(Bytes.wrap(record.key()), Bytes.wrap(record.value()), record.timestamp()));
    }

    private static TestOutputTopic<byte[], byte[]> output(TopologyTestDriver driver, Topic topic) {
        return driver.createOutputTopic(topic.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Properties settings(String id) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, id);
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:9092");
        // The default is one folder for the whole machine: builds at the same time would share their stores.
        settings.put(StreamsConfig.STATE_DIR_CONFIG, "target/streams");
        return settings;
    }

    private record Looped(Topic topic, TestRecord<byte[], byte[]> record) {}

    /** A router that keeps up. */
    private static final class NoLag implements RouterLagReading {
        @Override
        public Duration of(int partition) {
            return Duration.ZERO;
        }

        @Override
        public int partitions() {
            return 1;
        }
    }
}
