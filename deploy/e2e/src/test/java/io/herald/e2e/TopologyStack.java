package io.herald.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.local.Installation;
import io.herald.local.LocalKafka;
import io.herald.local.LocalRegistry;
import io.herald.local.Ports;
import io.herald.local.StateFolder;
import io.herald.topic.Topic;
import io.herald.topic.TopicAdmin;
import io.herald.topic.Topics;
import io.herald.topology.app.TopologyApp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** A real broker, a real registry, and the topology in a process of its own. */
final class TopologyStack implements AutoCloseable {
    private static final String INTAKE = "herald-intake";
    private static final String BULK = "herald-bulk";
    private static final String ROUTER = "herald-router";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final LocalKafka kafka;
    private final LocalRegistry registry;
    private final Admin admin;
    private final Wire wire;
    private final HeraldProcess topology;
    private final Map<String, String> settings;

    /** Starts all of it but the topology. */
    TopologyStack(String name) {
        try {
            Path root = Files.createTempDirectory(Path.of("target"), name).toAbsolutePath();
            StateFolder folder = StateFolder.at(root);
            Ports ports = Ports.free();
            kafka = new LocalKafka(folder.data("kafka"), ports);
            kafka.start();
            registry = new LocalRegistry(Installation.find(), folder, ports);
            registry.start();
            admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrap()));
            new TopicAdmin(admin).create(Topics.ALL, (short) 1);
            registry.register(Topics.ALL);
            wire = new Wire(kafka.bootstrap(), registry.url());
            settings = Map.of(
                    "bootstrap.servers", kafka.bootstrap(),
                    "schema.registry.url", registry.url(),
                    "state.dir", folder.data("streams").toString(),
                    "health.port", "0");
            topology = new HeraldProcess(TopologyApp.class, "HERALD_TOPOLOGY_", settings, root.resolve("topology.log"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    Wire wire() {
        return wire;
    }

    HeraldProcess topology() {
        return topology;
    }

    /** Returns what the topology is run with, without the prefix of its environment. */
    Map<String, String> settings() {
        return settings;
    }

    String bootstrap() {
        return kafka.bootstrap();
    }

    String registryUrl() {
        return registry.url();
    }

    /** Returns how many records of the mailbox the router has committed. */
    long mailboxReached() {
        return mailboxCommitted().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Returns the offset that the router has committed of each partition of the mailbox. */
    Map<Integer, Long> mailboxCommitted() {
        return committed(ROUTER).entrySet().stream()
                .filter(entry -> entry.getKey().topic().equals(Topics.MAILBOX.name()))
                .collect(Collectors.toMap(entry -> entry.getKey().partition(), Map.Entry::getValue));
    }

    /** Returns how many records the mailbox has. */
    long mailboxWritten() {
        return ends(List.of(Topics.MAILBOX)).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Returns how many bulk records have not been taken in. */
    long bulkWaiting() {
        return behind(BULK, ends(Topics.BULK_INPUTS));
    }

    /** Waits until the mailbox has more than {@code records}, and returns as soon as it has. */
    void awaitWritten(long records) {
        await("intake to make progress")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> mailboxWritten() > records);
    }

    /** Waits until the router has committed more than {@code records}. */
    void awaitReached(long records) {
        await("the router to make progress").atMost(PATIENCE).until(() -> {
            assertThat(topology.isAlive()).as("the topology runs").isTrue();
            return mailboxReached() > records;
        });
    }

    /** Starts the topology, and kills it when intake has written, or the router has reached, some records more. */
    void killAfter(long records, boolean ofIntake) {
        long written = mailboxWritten();
        long reached = mailboxReached();
        topology.start();
        if (ofIntake) {
            awaitWritten(written + records);
        } else {
            awaitReached(reached + records);
        }
        topology.kill();
    }

    /** Waits until intake has read all input that there is, the router all that came of it, and readers can see it. */
    void awaitQuiet() {
        await("intake to have read everything").atMost(PATIENCE).until(() -> {
            assertThat(topology.isAlive()).as("the topology runs").isTrue();
            return behind(INTAKE, ends(Topics.INPUTS)) == 0 && bulkWaiting() == 0;
        });
        Map<TopicPartition, Long> mailbox = ends(List.of(Topics.MAILBOX));
        await("the router to have decided everything").atMost(PATIENCE).until(() -> {
            assertThat(topology.isAlive()).as("the topology runs").isTrue();
            return behind(ROUTER, mailbox) == 0;
        });
        // A transaction's offsets may be visible before what it wrote is: its markers reach each partition by
        // themselves.
        Map<TopicPartition, Long> written = ends(Topics.OUTPUTS);
        await("the router's transactions to have ended").atMost(PATIENCE).until(() -> {
            Map<TopicPartition, Long> readable = ends(Topics.OUTPUTS, IsolationLevel.READ_COMMITTED);
            return written.entrySet().stream().allMatch(end -> readable.get(end.getKey()) >= end.getValue());
        });
    }

    @Override
    public void close() {
        topology.close();
        wire.close();
        admin.close();
        registry.close();
        kafka.close();
    }

    private long behind(String group, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> committed = committed(group);
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - committed.getOrDefault(end.getKey(), 0L)))
                .sum();
    }

    private Map<TopicPartition, Long> ends(List<Topic> topics) {
        return ends(topics, IsolationLevel.READ_UNCOMMITTED);
    }

    private Map<TopicPartition, Long> ends(List<Topic> topics, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        new TopicAdmin(admin).describe(topics).forEach((name, topic) -> {
            for (int partition = 0; partition < topic.partitions().size(); partition++) {
                latest.put(new TopicPartition(name, partition), OffsetSpec.latest());
            }
        });
        Map<TopicPartition, Long> ends = new HashMap<>();
        try {
            admin.listOffsets(latest, new ListOffsetsOptions(isolation))
                    .all()
                    .get()
                    .forEach((partition, end) -> ends.put(partition, end.offset()));
        } catch (InterruptedException | ExecutionException failure) {
            throw new AssertionError(failure);
        }
        return ends;
    }

    private Map<TopicPartition, Long> committed(String group) {
        Map<TopicPartition, Long> committed = new HashMap<>();
        try {
            admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, place) -> committed.put(partition, place == null ? 0 : place.offset()));
        } catch (InterruptedException | ExecutionException failure) {
            throw new AssertionError(failure);
        }
        return committed;
    }
}
