package io.herald.sender;

import io.herald.schema.Lane;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes a sender's Kafka clients, with the settings that the loop relies on. */
final class Clients {
    private static final int MOST_REPORT_BYTES = 4 << 20;

    private Clients() {}

    static Consumer<byte[], byte[]> consumer(SenderConfig config, Lane lane) {
        String group = config.groupId(lane);
        Map<String, Object> settings = new HashMap<>();
        settings.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                List.of(CooperativeStickyAssignor.class.getName()));
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, group);
        settings.putAll(config.kafka());
        // The pass-through is for both clients; each warns of what is meant for the other.
        settings.keySet().retainAll(ConsumerConfig.configNames());
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // Loses nothing when offsets are lost, and sends nothing late either: decisions have a shelf life.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Makes one that is of no group, for what is read once. */
    static Consumer<byte[], byte[]> reader(SenderConfig config, Lane lane) {
        Map<String, Object> settings = new HashMap<>(config.kafka());
        settings.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        settings.keySet().retainAll(ConsumerConfig.configNames());
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, config.groupId(lane) + "-intents");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Never gives up a record. */
    static Producer<byte[], byte[]> producer(SenderConfig config) {
        return producer(config, "-reports", Map.of(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE));
    }

    /** Gives up a record within ten seconds: a provider waits no longer, and repeats its callback. */
    static Producer<byte[], byte[]> callbackProducer(SenderConfig config) {
        return producer(
                config,
                "-callbacks",
                Map.of(
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        3_000L,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        3_000,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        6_000));
    }

    private static Producer<byte[], byte[]> producer(SenderConfig config, String name, Map<String, Object> timeouts) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        // A report carries its delivery back, so it is larger than what was read.
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MOST_REPORT_BYTES);
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, config.groupId(Lane.URGENT) + name);
        settings.putAll(config.kafka());
        settings.keySet().retainAll(ProducerConfig.configNames());
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        settings.putAll(timeouts);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
