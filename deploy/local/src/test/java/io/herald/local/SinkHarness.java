package io.herald.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.topic.Topic;
import io.herald.wire.WireFormat;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A real Kafka, registry, Connect and PostgreSQL, with a hand at each end: records in, rows out. */
final class SinkHarness implements AutoCloseable {
    /** How long a row may take, on a busy machine. */
    static final Duration ARRIVAL = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(SinkHarness.class);

    private final Infrastructure stack;
    private final WireFormat wire;
    private final Producer<byte[], byte[]> producer;

    /** Takes over what runs. */
    SinkHarness(Infrastructure running) {
        stack = running;
        wire = new WireFormat(Map.of("schema.registry.url", stack.registry().url(), "auto.register.schemas", false));
        producer = new KafkaProducer<>(clients());
    }

    /** Starts what there is to write to, with nothing that writes by itself. */
    static SinkHarness start(Path folder) {
        Infrastructure stack = new Infrastructure(Installation.find(), new StateFolder(folder), Ports.free());
        try (Progress progress = new Progress(LOG::info)) {
            stack.start(progress);
        } catch (RuntimeException failure) {
            stack.close();
            throw failure;
        }
        return new SinkHarness(stack);
    }

    Infrastructure stack() {
        return stack;
    }

    Producer<byte[], byte[]> producer() {
        return producer;
    }

    Map<String, Object> clients() {
        return Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, stack.kafka().bootstrap(),
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    }

    /** Writes a record, or a tombstone, and waits until Kafka has it. */
    void send(Topic topic, SpecificRecord key, SpecificRecord value) {
        sent(producer, record(topic, key, value));
    }

    /** Writes what a producer or an app would, and waits until Kafka has it. */
    void send(Topic input, String key, SpecificRecord value) {
        sent(producer, new ProducerRecord<>(input.name(), key.getBytes(UTF_8), wire.value(input, value)));
    }

    static void sent(Producer<byte[], byte[]> by, ProducerRecord<byte[], byte[]> record) {
        try {
            by.send(record).get();
        } catch (ExecutionException failure) {
            throw new AssertionError(failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    ProducerRecord<byte[], byte[]> record(Topic topic, SpecificRecord key, SpecificRecord value) {
        byte[] bytes = value == null ? null : wire.value(topic, value);
        return new ProducerRecord<>(topic.name(), 0, wire.key(topic, key), bytes);
    }

    /** Waits until {@code query}, with {@code parameter}, returns exactly {@code rows}. */
    void expect(String query, String parameter, List<?>... rows) {
        await().atMost(ARRIVAL)
                .untilAsserted(() -> assertThat(select(query, parameter)).isEqualTo(List.of(rows)));
    }

    void execute(String command) throws SQLException {
        try (Connection connection = stack.postgres().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
    }

    List<List<Object>> select(String query, String parameter) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        try (Connection connection = stack.postgres().connect();
                PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, parameter);
            try (ResultSet found = statement.executeQuery()) {
                int columns = found.getMetaData().getColumnCount();
                while (found.next()) {
                    List<Object> row = new ArrayList<>();
                    for (int column = 1; column <= columns; column++) {
                        Object value = found.getObject(column);
                        row.add(value instanceof Timestamp time ? time.toInstant() : value);
                    }
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    @Override
    public void close() {
        producer.close();
        stack.close();
    }
}
