package io.herald.sender;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.DeadLetter;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.Intent;
import io.herald.schema.Lane;
import io.herald.schema.Route;
import io.herald.sender.callback.CallbackConfig;
import io.herald.sender.callback.Callbacks;
import io.herald.testkit.TestBroker;
import io.herald.testkit.TestDeliveries;
import io.herald.testkit.TestRegistry;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.wire.UserKey;
import io.herald.wire.WireFormat;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A real broker and registry, and what tests of the loop do with them. Each test has a consumer group of its own. */
final class LoopHarness implements AutoCloseable {
    static final Topic TOPIC = Topics.delivery(Route.FCM, Lane.URGENT);

    final TestBroker broker;
    final TestRegistry registry = TestRegistry.start();
    final Admin admin;
    final KafkaProducer<byte[], byte[]> producer;
    private final WireFormat wire = new WireFormat(Map.of("schema.registry.url", registry.url()));
    private final Route route;
    private String group = "";

    LoopHarness(Path folder) {
        this(folder, Route.FCM);
    }

    /** Starts one for the sender of {@code route}. */
    LoopHarness(Path folder, Route route) {
        this.route = route;
        broker = TestBroker.start(folder);
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap()), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Begins a test: its groups start at the ends of their topics. */
    void newGroup() throws Exception {
        group = "group-" + UUID.randomUUID();
        for (Lane lane : Lane.values()) {
            Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
            try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_uncommitted")) {
                consumer.endOffsets(partitions(lane))
                        .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end)));
            }
            admin.alterConsumerGroupOffsets(groupId(lane), ends).all().get();
        }
    }

    private String groupId(Lane lane) {
        return config(Map.of()).groupId(lane);
    }

    SenderApp start(Provider provider, Map<String, String> settings) {
        return SenderApp.start(config(settings), provider);
    }

    SenderApp start(Provider provider, Map<String, String> settings, CallbackConfig where, Callbacks callbacks) {
        return SenderApp.start(config(settings), provider, where, callbacks);
    }

    private SenderConfig config(Map<String, String> settings) {
        return SenderConfig.from(route, properties(settings), new ConfigDef());
    }

    /** Does {@code work} while a sender runs, and closes the sender. */
    void run(Provider provider, Map<String, String> settings, Work work) throws Exception {
        SenderApp sender = start(provider, settings);
        try {
            work.run();
            if (!sender.live()) {
                throw new AssertionError("the sender has stopped by itself");
            }
        } finally {
            sender.close();
        }
    }

    /** What a test does while a sender runs. */
    interface Work {
        void run() throws Exception;
    }

    Map<String, String> properties(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>();
        all.put("bootstrap.servers", broker.bootstrap());
        all.put("schema.registry.url", registry.url());
        all.put("group.id", group);
        all.put("health.port", "-1");
        all.putAll(settings);
        return all;
    }

    List<Delivery> deliveries(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> TestDeliveries.to(route, address(i))
                        .setUser("user-" + i)
                        .build())
                .toList();
    }

    private String address(int i) {
        return route == Route.EMAIL ? "user-" + i + "@example.com" : "token-" + i;
    }

    void produce(List<Delivery> deliveries) throws Exception {
        List<Future<RecordMetadata>> written = new ArrayList<>();
        deliveries.forEach(delivery -> written.add(producer.send(record(delivery))));
        for (Future<RecordMetadata> each : written) {
            RecordMetadata unused = each.get();
        }
    }

    ProducerRecord<byte[], byte[]> record(Delivery delivery) {
        UserKey user = new UserKey(delivery.getTenant(), delivery.getUser());
        Topic topic = Topics.delivery(route, delivery.getLane());
        return new ProducerRecord<>(
                topic.name(), user.partition(topic.partitions()), user.bytes(), wire.value(topic, delivery));
    }

    /** Returns the reports of {@code deliveries}, in no order. */
    List<DeliveryReported> reports(List<Delivery> deliveries) {
        List<String> ids = deliveries.stream().map(Delivery::getDeliveryId).toList();
        return all(Topics.DELIVERY_REPORTED, DeliveryReported.class).stream()
                .filter(report -> ids.contains(report.getDeliveryId()))
                .toList();
    }

    List<DeadLetter> deadLetters() {
        return all(Topics.DEAD_LETTER, DeadLetter.class);
    }

    /** Returns how many urgent records are not committed as done. */
    long lag() throws Exception {
        return lag(Lane.URGENT);
    }

    /** Returns how many records of a lane are not committed as done. */
    long lag(Lane lane) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> marks = committed(lane);
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_committed")) {
            return consumer.endOffsets(partitions(lane)).entrySet().stream()
                    .mapToLong(end -> end.getValue() - marks.get(end.getKey()).offset())
                    .sum();
        }
    }

    Map<TopicPartition, OffsetAndMetadata> committed() throws Exception {
        return committed(Lane.URGENT);
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(Lane lane) throws Exception {
        return admin.listConsumerGroupOffsets(groupId(lane))
                .partitionsToOffsetAndMetadata()
                .get();
    }

    /** Makes Kafka refuse reports, or take them again. */
    void refuseReports(boolean refuse) throws Exception {
        refuse(Topics.DELIVERY_REPORTED, refuse);
    }

    /** Makes Kafka refuse every record of {@code topic}, or take them again. */
    void refuse(Topic topic, boolean refuse) throws Exception {
        ConfigResource reported = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        int most = refuse ? 10 : topic.maxMessageBytes();
        ConfigEntry limit = new ConfigEntry("max.message.bytes", Integer.toString(most));
        admin.incrementalAlterConfigs(Map.of(reported, List.of(new AlterConfigOp(limit, AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    /** Returns the intents of {@code deliveries}, those that were taken back among them. */
    List<Intent> intents(List<Delivery> deliveries) {
        Topic topic = Topics.intents(route).orElseThrow();
        return intents(
                deliveries, records(topic).stream().map(ConsumerRecord::value).toList());
    }

    /** Returns the intents of {@code deliveries} that were not taken back. */
    List<Intent> openIntents(List<Delivery> deliveries) {
        Map<ByteBuffer, byte[]> newest = new HashMap<>();
        records(Topics.intents(route).orElseThrow())
                .forEach(record -> newest.put(ByteBuffer.wrap(record.key()), record.value()));
        return intents(deliveries, newest.values());
    }

    private List<Intent> intents(List<Delivery> deliveries, Collection<byte[]> values) {
        Set<String> ids = deliveries.stream().map(Delivery::getDeliveryId).collect(Collectors.toSet());
        return values.stream()
                .filter(Objects::nonNull)
                .map(value -> wire.read(Topics.intents(route).orElseThrow(), Intent.class, value))
                .filter(intent -> ids.contains(intent.getDeliveryId()))
                .toList();
    }

    /** Returns all headers of {@code topic}'s records, names and values, in one text. */
    String headers(Topic topic) {
        return records(topic).stream()
                .flatMap(record -> Stream.of(record.headers().toArray()))
                .map(header -> header.key() + "=" + new String(header.value(), UTF_8))
                .collect(Collectors.joining("\n"));
    }

    /** Returns all values of {@code topic}, in order within a partition. */
    <T extends SpecificRecord> List<T> all(Topic topic, Class<T> type) {
        return records(topic).stream()
                .map(record -> wire.read(topic, type, record.value()))
                .toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> records(Topic topic) {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_committed")) {
            List<TopicPartition> partitions = IntStream.range(0, topic.partitions())
                    .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(50)).forEach(all::add);
            }
        }
        return all;
    }

    private KafkaConsumer<byte[], byte[]> consumer(String isolation) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private List<TopicPartition> partitions(Lane lane) {
        Topic topic = Topics.delivery(route, lane);
        return IntStream.range(0, topic.partitions())
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList();
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
        broker.close();
        registry.close();
    }
}
