package io.herald.topology.snapshot;

import io.herald.topology.router.RouterStores;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** The changelogs of one router application. */
public final class Changelogs {
    private final Cluster cluster;
    private final String application;

    public Changelogs(Cluster cluster, String application) {
        this.cluster = cluster;
        this.application = application;
    }

    /** Returns the changelog of a store, as Streams names it. */
    public String topic(String store) {
        return application + "-" + store + "-changelog";
    }

    public List<String> topics() {
        return RouterStores.NAMES.stream().map(this::topic).toList();
    }

    /**
     * Returns all partitions.
     *
     * @throws ToolRefusedException unless all changelogs exist, with {@code partitions} each
     */
    List<TopicPartition> all(int partitions) {
        Map<String, ?> present = cluster.topics(topics());
        List<String> missing =
                topics().stream().filter(topic -> !present.containsKey(topic)).toList();
        if (!missing.isEmpty()) {
            throw new ToolRefusedException("there is no state of " + application + " yet: no " + missing);
        }
        List<TopicPartition> all =
                topics().stream().map(cluster::partitions).flatMap(List::stream).toList();
        if (all.size() != partitions * RouterStores.NAMES.size()) {
            throw new ToolRefusedException("the changelogs of " + application + " have not " + partitions
                    + " partitions each, as the mailbox has");
        }
        return all;
    }

    /** Returns the settings of a store's changelog that differ from the broker's own. */
    Map<String, String> settings(String store) {
        ConfigResource resource = resource(store);
        Config config = Cluster.get(
                        cluster.admin().describeConfigs(List.of(resource)).all())
                .get(resource);
        Map<String, String> settings = new HashMap<>();
        for (ConfigEntry entry : config.entries()) {
            if (entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG) {
                settings.put(entry.name(), entry.value());
            }
        }
        return settings;
    }

    /** Has every changelog keep all records for {@code least}; one that keeps them longer is left alone. */
    void keepUncompacted(Duration least) {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        for (String store : RouterStores.NAMES) {
            String lag = settings(store).getOrDefault(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, "0");
            if (Long.parseLong(lag) < least.toMillis()) {
                ConfigEntry entry =
                        new ConfigEntry(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, Long.toString(least.toMillis()));
                changes.put(resource(store), List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET)));
            }
        }
        if (!changes.isEmpty()) {
            Cluster.get(cluster.admin().incrementalAlterConfigs(changes).all());
        }
    }

    /** Makes the changelog of a store. */
    public void create(String store, int partitions, Map<String, String> settings) {
        NewTopic topic = new NewTopic(topic(store), Optional.of(partitions), Optional.empty()).configs(settings);
        // A broker may still be busy deleting the one before.
        cluster.await(Duration.ofSeconds(60), topic(store) + " to be made", () -> {
            try {
                Cluster.get(cluster.admin().createTopics(List.of(topic)).all());
                return true;
            } catch (TopicExistsException still) {
                return false;
            }
        });
        cluster.await(Duration.ofSeconds(60), topic(store) + " to be known", () -> cluster.topics(List.of(topic(store)))
                .containsKey(topic(store)));
        // Answered by those that lead the partitions, and so only when they do.
        cluster.offsets(cluster.partitions(topic(store)), OffsetSpec.latest());
    }

    /** Fills the changelog of a store with what {@code kept} lets through of a snapshot. Returns how many entries. */
    public long load(String store, Snapshot snapshot, BiPredicate<String, StateEntry> kept) {
        AtomicReference<Exception> failure = new AtomicReference<>();
        long[] count = {0};
        try (KafkaProducer<byte[], byte[]> producer = cluster.producer()) {
            for (int partition = 0; partition < snapshot.manifest().partitions(); partition++) {
                int to = partition;
                snapshot.entries(store, partition).forEach(entry -> {
                    if (kept.test(store, entry)) {
                        // What fails is told to the callback.
                        var unused = producer.send(
                                new ProducerRecord<>(
                                        topic(store),
                                        to,
                                        entry.timestamp(),
                                        entry.key().get(),
                                        entry.value().get()),
                                (written, broken) -> failure.compareAndSet(null, broken));
                        count[0]++;
                    }
                });
            }
            producer.flush();
        }
        if (failure.get() != null) {
            throw new KafkaException("cannot fill " + topic(store), failure.get());
        }
        return count[0];
    }

    private ConfigResource resource(String store) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic(store));
    }
}
