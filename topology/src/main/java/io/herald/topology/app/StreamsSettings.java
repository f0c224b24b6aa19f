package io.herald.topology.app;

import io.herald.topic.Topic;
import io.herald.topic.Topics;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** Settings of the Streams applications, each with its reason. What the operator passes through wins. */
public final class StreamsSettings {
    private static final int LARGEST_OUTPUT =
            Topics.OUTPUTS.stream().mapToInt(Topic::maxMessageBytes).max().orElseThrow();

    private StreamsSettings() {}

    static Properties intake(HeraldConfig config) {
        Properties settings = common(config, config.intakeId());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.intakeThreads());
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 200);
        // No order between the input topics is promised, and to look through all of them before every record costs more
        // than to take it in.
        settings.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        // Stateless, so a move costs nothing: notice a dead instance soon.
        consumer(settings, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
        consumer(settings, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        // What a producer took back never happened.
        consumer(settings, ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // Origins tell repeats only while a source partition's records arrive in order without a gap, so a batch is
        // never given up.
        producer(settings, ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        producer(settings, ProducerConfig.LINGER_MS_CONFIG, 2);
        settings.putAll(config.kafka());
        return settings;
    }

    /** Returns the settings of the router. */
    public static Properties router(HeraldConfig config) {
        Properties settings = common(config, config.routerId());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.routerThreads());
        settings.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, config.commitInterval().toMillis());
        settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.standbys());
        // Only the control store is cached: a handful of keys that change with every record.
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 4L << 20);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class.getName());
        settings.put(BoundedRocksDb.MEMORY_BYTES, Long.toString(config.rocksDbBytes()));
        consumer(settings, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 15_000);
        consumer(settings, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000);
        // A transaction left open by a killed instance holds readers back for this long.
        producer(settings, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
        producer(settings, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_OUTPUT);
        settings.putAll(config.kafka());
        return settings;
    }

    static Properties status(HeraldConfig config) {
        Properties settings = common(config, config.statusId());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        // Nobody waits for a status as for a notification, and fewer transactions leave the broker to the router.
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 200);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class.getName());
        settings.put(BoundedRocksDb.MEMORY_BYTES, Long.toString(config.rocksDbBytes()));
        // A transaction left open by a killed instance holds the bulk intake back for this long.
        producer(settings, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
        settings.putAll(config.kafka());
        return settings;
    }

    private static Properties common(HeraldConfig config, String applicationId) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        settings.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDir().toString());
        // The streams protocol refuses a changed topology and lacks warm-up tasks and static members in 4.3.
        settings.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, -1);
        // Small fetches: what is urgent waits for at most one.
        consumer(settings, ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 131_072);
        // Kafka's LZ4 takes 130 KB of fresh memory for each batch, and a transaction of 25 ms has one for each topic.
        producer(settings, ProducerConfig.COMPRESSION_TYPE_CONFIG, "snappy");
        producer(settings, ProducerConfig.ACKS_CONFIG, "all");
        return settings;
    }

    private static void consumer(Properties settings, String key, Object value) {
        settings.put(StreamsConfig.mainConsumerPrefix(key), value);
    }

    private static void producer(Properties settings, String key, Object value) {
        settings.put(StreamsConfig.producerPrefix(key), value);
    }
}
