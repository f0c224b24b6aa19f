package io.herald.local.story;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.ContactChanged;
import io.herald.schema.DeviceChanged;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.wire.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Plain Kafka clients by which the demonstration acts: a producer like any other, and a look at how far groups are. */
public final class Stage implements AutoCloseable {
    private static final String INTAKE = "herald-intake";
    private static final String ROUTER = "herald-router";
    private static final Duration POLL = Duration.ofMillis(50);

    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;
    private final WireFormat wire;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();

    public Stage(String bootstrap, String registry) {
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap));
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        3 << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        wire = new WireFormat(Map.of("schema.registry.url", registry));
    }

    /** Introduces the cast: rules, texts, devices, addresses, settings. Doing so again restores them. */
    public void introduceCast() {
        Cast.rules().forEach(rule -> send(Topics.RULE_CHANGED, rule.getCategory(), rule));
        Cast.templates().forEach(template -> send(Topics.TEMPLATE_CHANGED, template.getCategory(), template));
        for (Cast.Member member : Cast.members()) {
            Cast.devices(member).forEach(device -> send(Topics.DEVICE_CHANGED, member.user(), device));
            Cast.contacts(member).forEach(contact -> send(Topics.CONTACT_CHANGED, member.user(), contact));
            Cast.startsSms(member).forEach(start -> send(Topics.ADDRESS_REPORTED, member.user(), start));
            send(Topics.PREFERENCE_CHANGED, member.user(), Cast.settings(member));
        }
        flush();
    }

    /** Introduces addresses that only those who have made them know: browsers' subscriptions, and chats' URLs. */
    public void introduce(List<DeviceChanged> browsers, List<ContactChanged> chats) {
        browsers.forEach(browser -> send(Topics.DEVICE_CHANGED, browser.getUser(), browser));
        chats.forEach(chat -> send(Topics.CONTACT_CHANGED, chat.getUser(), chat));
        flush();
    }

    void send(Scene.Said said) {
        send(said.topic(), said.key(), said.record());
    }

    private void send(Topic topic, String key, SpecificRecord record) {
        sendBytes(topic, key, wire.value(topic, record));
    }

    void sendBytes(Topic topic, String key, byte[] value) {
        sent.add(producer.send(new ProducerRecord<>(topic.name(), key.getBytes(UTF_8), value)));
    }

    /** Waits until Kafka has all that was sent. */
    void flush() {
        producer.flush();
        for (Future<RecordMetadata> written : sent) {
            get(written);
        }
        sent.clear();
    }

    /**
     * Waits until the router has taken in all that the inputs hold now; returns false if it has not within
     * {@code most}.
     */
    boolean awaitTakenIn(Duration most) throws InterruptedException {
        long deadline = System.nanoTime() + most.toNanos();
        return awaitReached(INTAKE, ends(Topics.INPUTS), deadline)
                && awaitReached(ROUTER, ends(List.of(Topics.MAILBOX)), deadline);
    }

    WireFormat wire() {
        return wire;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        admin.close(Duration.ofSeconds(5));
    }

    private boolean awaitReached(String group, Map<TopicPartition, Long> ends, long deadline)
            throws InterruptedException {
        while (System.nanoTime() < deadline) {
            Map<TopicPartition, Long> reached = new HashMap<>();
            get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                    .forEach((partition, place) -> reached.put(partition, place == null ? 0L : place.offset()));
            if (ends.entrySet().stream().allMatch(end -> reached.getOrDefault(end.getKey(), 0L) >= end.getValue())) {
                return true;
            }
            Thread.sleep(POLL.toMillis());
        }
        return false;
    }

    private Map<TopicPartition, Long> ends(Collection<Topic> topics) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        get(admin.describeTopics(topics.stream().map(Topic::name).toList()).allTopicNames())
                .forEach((name, topic) -> topic.partitions()
                        .forEach(partition ->
                                latest.put(new TopicPartition(name, partition.partition()), OffsetSpec.latest())));
        Map<TopicPartition, Long> ends = new HashMap<>();
        get(admin.listOffsets(latest).all()).forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException failure) {
            throw new IllegalStateException("Kafka does not do as it is asked", failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static <T> T get(KafkaFuture<T> future) {
        return get(future.toCompletionStage().toCompletableFuture());
    }
}
