package io.herald.sender;

import io.herald.schema.Delivery;
import io.herald.schema.Intent;
import io.herald.schema.IntentKey;
import io.herald.schema.Lane;
import io.herald.topic.Topic;
import io.herald.wire.UnreadableRecordException;
import io.herald.wire.WireFormat;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is about to be sent, noted in Kafka, for routes on which a repeat would show: an e-mail, an SMS. A call is made
 * once its intent is acknowledged; the intent is taken back when it is committed that the delivery is done. Whoever
 * takes a partition over reads what is left before anything else: those may have been sent, and nobody knows.
 *
 * <p>Without a topic it does nothing.
 */
final class Intents {
    private static final Logger LOG = LoggerFactory.getLogger(Intents.class);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Optional<Topic> topic;
    private final Lane lane;
    private final Reporter reporter;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final WireFormat wire;
    private final Clock clock;
    private final Map<Integer, Set<Name>> left = new ConcurrentHashMap<>();

    Intents(
            Optional<Topic> topic,
            Lane lane,
            Reporter reporter,
            Supplier<Consumer<byte[], byte[]>> consumers,
            WireFormat wire,
            Clock clock) {
        this.topic = topic;
        this.lane = lane;
        this.reporter = reporter;
        this.consumers = consumers;
        this.wire = wire;
        this.clock = clock;
    }

    /** An attempt's name. */
    private record Name(String deliveryId, int attempt) {}

    /** Notes that {@code attempt} is about to be made, and calls {@code then} when that cannot be lost any more. */
    void before(Attempt attempt, Runnable then) {
        if (topic.isEmpty()) {
            then.run();
            return;
        }
        Delivery delivery = attempt.delivery();
        attempt.noted(true);
        write(
                attempt,
                new Intent(delivery.getDeliveryId(), delivery.getAttempt(), lane, attempt.offset(), clock.instant()),
                then);
    }

    /** Notes that it was not made, or that it is committed that it was. */
    void takeBack(Attempt attempt) {
        if (attempt.isNoted()) {
            attempt.noted(false);
            write(attempt, null, () -> {});
        }
    }

    /** Returns whether an earlier owner of its partition may have made it. */
    boolean interrupted(Attempt attempt) {
        Delivery delivery = attempt.delivery();
        boolean interrupted = left.getOrDefault(attempt.from().partition().partition(), Set.of())
                .contains(new Name(delivery.getDeliveryId(), delivery.getAttempt()));
        attempt.noted(interrupted);
        return interrupted;
    }

    /**
     * Reads what is left of partitions whose deliveries are to be sent from here. Throws what Kafka's client throws.
     */
    void read(Collection<TopicPartition> deliveries) {
        if (topic.isEmpty() || deliveries.isEmpty()) {
            return;
        }
        List<TopicPartition> partitions = deliveries.stream()
                .map(each -> new TopicPartition(topic.get().name(), each.partition()))
                .toList();
        Map<TopicPartition, Map<ByteBuffer, byte[]>> open = new HashMap<>();
        partitions.forEach(each -> open.put(each, new HashMap<>()));
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    Map<ByteBuffer, byte[]> of = open.get(new TopicPartition(record.topic(), record.partition()));
                    if (record.value() == null) {
                        of.remove(ByteBuffer.wrap(record.key()));
                    } else {
                        of.put(ByteBuffer.wrap(record.key()), record.value());
                    }
                }
            }
        }
        open.forEach((partition, values) -> left.put(partition.partition(), names(values.values())));
    }

    /** Forgets what was left of partitions that have another owner now. */
    void forget(Collection<TopicPartition> deliveries) {
        deliveries.forEach(each -> left.remove(each.partition()));
    }

    private Set<Name> names(Collection<byte[]> intents) {
        return intents.stream().flatMap(each -> name(each).stream()).collect(Collectors.toUnmodifiableSet());
    }

    private Optional<Name> name(byte[] bytes) {
        try {
            Intent intent = wire.read(topic.orElseThrow(), Intent.class, bytes);
            return intent.getLane() == lane
                    ? Optional.of(new Name(intent.getDeliveryId(), intent.getAttempt()))
                    : Optional.empty();
        } catch (UnreadableRecordException foreign) {
            LOG.warn("{} holds what is no intent: {}", topic.orElseThrow().name(), foreign.getMessage());
            return Optional.empty();
        }
    }

    private void write(Attempt attempt, Intent intent, Runnable then) {
        Delivery delivery = attempt.delivery();
        Topic to = topic.orElseThrow();
        IntentKey key = new IntentKey(
                delivery.getTenant(), delivery.getUser(), delivery.getDeliveryId(), delivery.getAttempt());
        reporter.write(to, attempt.from().partition().partition(), key, intent, then);
    }
}
