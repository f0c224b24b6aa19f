package io.herald.bench;

import io.herald.local.Installation;
import io.herald.local.LocalRegistry;
import io.herald.local.Ports;
import io.herald.local.StateFolder;
import io.herald.topic.Topic;
import io.herald.topic.TopicAdmin;
import io.herald.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What all that is measured needs: a broker and a schema registry, each in a process of its own. */
class Backbone implements AutoCloseable {
    /** Of every topic: inputs, mailbox, outputs, and those that the limits are measured with. */
    static final int PARTITIONS = 4;

    private static final List<String> BROKER_HEAP = List.of("-Xms1g", "-Xmx1g");
    private static final long LOOK_MS = 25;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path folder;
    private final Child broker;
    private final String bootstrap;
    private final LocalRegistry registry;
    private final Admin admin;

    /** Starts them, with all of Herald's topics. */
    Backbone(Path folder) throws IOException {
        this.folder = folder;
        StateFolder state = StateFolder.at(folder);
        broker = new Child(
                "broker",
                folder,
                BROKER_HEAP,
                BrokerMain.class,
                state.data("kafka").toString());
        registry = new LocalRegistry(Installation.find(), state, Ports.free());
        registry.start();
        bootstrap = broker.answer();
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap));
        new TopicAdmin(admin).create(Topics.ALL, (short) 1);
        registry.register(Topics.ALL);
    }

    String bootstrap() {
        return bootstrap;
    }

    String registryUrl() {
        return registry.url();
    }

    Path folder() {
        return folder;
    }

    Admin admin() {
        return admin;
    }

    Child broker() {
        return broker;
    }

    /** Makes topics that are not of the catalogue. */
    void create(Collection<String> names, Map<String, String> settings) {
        get(admin.createTopics(names.stream()
                        .map(name -> new NewTopic(name, PARTITIONS, (short) 1).configs(settings))
                        .toList())
                .all());
        // A producer that writes before the broker leads the partitions loses count of its own batches.
        ends(names);
    }

    /** Returns how many records of a topic a group has not committed yet; transactions' own marks count, too. */
    long waiting(String group, Topic topic) {
        return behind(group, ends(List.of(topic.name())));
    }

    /** Waits until a consumer group has committed all that its topics hold. */
    void await(String group, Map<TopicPartition, Long> ends) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (behind(group, ends) > 0) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(group + " is still behind after " + PATIENCE + ": see " + folder);
            }
            pause();
        }
    }

    /** Returns a consumer, for the caller to close, that reads what is committed. */
    KafkaConsumer<byte[], byte[]> consumer() {
        Properties settings = new Properties();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Returns the offsets that the next records will have. */
    Map<TopicPartition, Long> ends(Collection<String> topics) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (String topic : topics) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                latest.put(new TopicPartition(topic, partition), OffsetSpec.latest());
            }
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        get(admin.listOffsets(latest).all()).forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
        registry.close();
        broker.close();
    }

    /** Makes a group, that has no members now, go on at the end of what is in {@code topics}. */
    void seekToEnd(String group, List<Topic> topics) {
        Map<TopicPartition, OffsetAndMetadata> places = new HashMap<>();
        ends(topics.stream().map(Topic::name).toList())
                .forEach((partition, end) -> places.put(partition, new OffsetAndMetadata(end)));
        get(admin.alterConsumerGroupOffsets(group, places).all());
    }

    private long behind(String group, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        long behind = 0;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            OffsetAndMetadata place = committed.get(end.getKey());
            behind += Math.max(0, end.getValue() - (place == null ? 0 : place.offset()));
        }
        return behind;
    }

    static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } catch (ExecutionException failure) {
            throw new IllegalStateException("the broker refuses: " + failure.getCause(), failure.getCause());
        }
    }

    static void pause() {
        try {
            Thread.sleep(LOOK_MS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
