package io.herald.topology.snapshot;

import io.herald.topology.app.HeraldConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Kafka that Herald runs on, for the operators' tools. */
public final class Cluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    private static final long LOOK_MS = 100;

    private final HeraldConfig config;
    private final Clock clock;
    private final Admin admin;

    public Cluster(HeraldConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
        this.admin = Admin.create(settings());
    }

    public HeraldConfig config() {
        return config;
    }

    public Admin admin() {
        return admin;
    }

    public Clock clock() {
        return clock;
    }

    /** Returns the settings of {@link io.herald.wire.WireFormat}. */
    public Map<String, Object> wire() {
        Map<String, Object> wire = new HashMap<>(config.kafka());
        wire.put("schema.registry.url", config.schemaRegistryUrl());
        return wire;
    }

    /** Returns a consumer that reads what is committed, and belongs to no group. */
    public KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> settings = settings();
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    public KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> settings = settings();
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 131_072);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 4 << 20);
        // A topic that was just made may refuse the first batch and take the one behind it: then no sequence number is
        // right any more.
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Returns those of {@code names} that exist. */
    public Map<String, TopicDescription> topics(Collection<String> names) {
        Map<String, TopicDescription> topics = new HashMap<>();
        admin.describeTopics(names).topicNameValues().forEach((name, description) -> {
            try {
                topics.put(name, get(description));
            } catch (UnknownTopicOrPartitionException missing) {
                LOG.debug("there is no topic {}", name);
            }
        });
        return topics;
    }

    /** Returns a topic's partitions. */
    public List<TopicPartition> partitions(String topic) {
        TopicDescription described = topics(List.of(topic)).get(topic);
        if (described == null) {
            throw new ToolRefusedException("topic " + topic + " does not exist");
        }
        return IntStream.range(0, described.partitions().size())
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    /**
     * Returns an offset for each partition: the earliest, the latest, or the first at a time; -1 where there is none.
     */
    public Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec spec) {
        return offsets(partitions, spec, IsolationLevel.READ_UNCOMMITTED);
    }

    public Map<TopicPartition, Long> offsets(
            Collection<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> asked =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> spec));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        get(admin.listOffsets(asked, new ListOffsetsOptions(isolation)).all())
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    /** Returns where a group is; partitions of which nothing is known are not in it. */
    public Map<TopicPartition, OffsetAndMetadata> committed(String group) {
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, place) -> {
                    if (place != null) {
                        committed.put(partition, place);
                    }
                });
        return committed;
    }

    /** Deletes those of {@code topics} that exist, and waits until they are gone. */
    public void delete(Collection<String> topics) {
        List<String> present = new ArrayList<>(topics(topics).keySet());
        if (present.isEmpty()) {
            return;
        }
        get(admin.deleteTopics(present).all());
        await(Duration.ofSeconds(60), "topics to be deleted", () -> topics(present)
                .isEmpty());
    }

    /** Waits until something is so. */
    public void await(Duration most, String what, BooleanSupplier condition) {
        Instant end = clock.instant().plus(most);
        while (!condition.getAsBoolean()) {
            if (clock.instant().isAfter(end)) {
                throw new ToolRefusedException("waited " + most.toSeconds() + " s in vain for " + what);
            }
            rest();
        }
    }

    /** Waits a moment, before looking again. */
    public static void rest() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", interrupted);
        }
    }

    /** Returns what the cluster answers. */
    public static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof RuntimeException cause
                    ? cause
                    : new KafkaException("the cluster cannot be asked", failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", interrupted);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>(config.kafka());
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        return settings;
    }
}
