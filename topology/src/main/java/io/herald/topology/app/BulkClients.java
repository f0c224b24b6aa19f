package io.herald.topology.app;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;

/** Makes the Kafka clients of the bulk intake. What the operator passes through wins, but for what it relies on. */
final class BulkClients {
    private BulkClients() {}

    static Consumer<byte[], byte[]> consumer(HeraldConfig config) {
        return new KafkaConsumer<>(consumerSettings(config), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    static Producer<byte[], byte[]> producer(HeraldConfig config) {
        return new KafkaProducer<>(producerSettings(config), new ByteArraySerializer(), new ByteArraySerializer());
    }

    static Map<String, Object> consumerSettings(HeraldConfig config) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                List.of(CooperativeStickyAssignor.class.getName()));
        // Keeps nothing, so a move costs nothing: notice a dead instance soon.
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        // As many as wait in memory; small, because some have a hundred recipients.
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500);
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, config.bulkId());
        passThrough(config, StreamsConfig.CONSUMER_PREFIX, ConsumerConfig.configNames(), settings);
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, config.bulkId());
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // Its first place is set before it starts; whoever has lost it must not skip or repeat in silence.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return settings;
    }

    static Map<String, Object> producerSettings(HeraldConfig config) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, config.bulkId());
        passThrough(config, StreamsConfig.PRODUCER_PREFIX, ProducerConfig.configNames(), settings);
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        // With several, those behind one that fails for good are written all the same: a gap that nothing can fill.
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        return settings;
    }

    // The pass-through is for all clients, Streams and the registry's; each warns of what is meant for another.
    private static void passThrough(
            HeraldConfig config, String prefix, Set<String> names, Map<String, Object> settings) {
        config.kafka().forEach((name, value) -> {
            if (names.contains(name)) {
                settings.put(name, value);
            }
        });
        config.kafka().forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                settings.put(name.substring(prefix.length()), value);
            }
        });
    }
}
