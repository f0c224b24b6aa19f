package io.herald.local.page;

import io.herald.topic.Topic;
import io.herald.wire.SchemaRegistryUnavailableException;
import io.herald.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends events as any producer service would. Thread-safe; one at a time. */
final class KafkaEvents implements Events, AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final Producer<byte[], byte[]> producer;
    private final WireFormat wire;

    KafkaEvents(String bootstrapServers, String registryUrl) {
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ProducerConfig.CLIENT_ID_CONFIG, "page",
                        ProducerConfig.ACKS_CONFIG, "all",
                        ProducerConfig.LINGER_MS_CONFIG, 0,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        wire = new WireFormat(Map.of("schema.registry.url", registryUrl, "auto.register.schemas", false));
    }

    @Override
    public synchronized Receipt publish(Topic topic, String key, SpecificRecord record) {
        try {
            byte[] value = wire.value(topic, record);
            Instant produced = Instant.now();
            RecordMetadata place = producer.send(new ProducerRecord<>(
                            topic.name(), key == null ? null : key.getBytes(StandardCharsets.UTF_8), value))
                    .get();
            return new Receipt(produced, Instant.now(), place.topic(), place.partition(), place.offset());
        } catch (SchemaRegistryUnavailableException failure) {
            throw new UnavailableException("the schema registry", failure);
        } catch (ExecutionException | KafkaException failure) {
            throw new UnavailableException("Kafka", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("Kafka", interrupted);
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
