package io.herald.sender;

import io.herald.schema.Delivery;
import io.herald.schema.Lane;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.wire.SchemaRegistryUnavailableException;
import io.herald.wire.UnreadableRecordException;
import io.herald.wire.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes deliveries of one lane from Kafka to a provider, and outcomes back.
 *
 * <p><b>Flow.</b> No more than the lane's bound are out at a time; partitions with records that have to wait are
 * paused, and polling goes on. Deliveries of one partition begin in order and end in any.
 *
 * <p><b>After a crash</b> whoever gets the partition repeats what had no acknowledged report, and what was done since
 * the last commit; nothing else, and nothing is lost. <b>On a rebalance</b> and on {@link #stop}, what is in flight is
 * awaited for {@code drain.timeout.ms}; the rest of it is repeated by the next owner. Outcomes that come after that are
 * reported all the same, and the router counts the first report of an attempt.
 *
 * <p><b>Bad records</b> become dead letters, and the partition goes on. While the schema registry cannot be asked,
 * partitions wait.
 */
final class SenderLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SenderLoop.class);
    private static final Duration IDLE = Duration.ofMillis(100);
    private static final Duration FULL = Duration.ofMillis(10);
    private static final long REGISTRY_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    private final SenderConfig config;
    private final Topic topic;
    private final Consumer<byte[], byte[]> consumer;
    private final WireFormat wire;
    private final Attempts attempts;
    private final Reporter reporter;
    private final Clock clock;
    private final SenderMeters meters;
    private final InFlight inFlight;
    private final Map<TopicPartition, Assigned> assigned = new LinkedHashMap<>();
    private long lastCommit = System.nanoTime();
    private long registryAwayUntil = System.nanoTime();
    private boolean registryAway;
    private volatile boolean stopping;
    private volatile boolean joined;
    private volatile long lastPoll = System.nanoTime();

    /** Drains one lane of {@code config}'s route. */
    SenderLoop(
            SenderConfig config,
            Lane lane,
            Consumer<byte[], byte[]> consumer,
            WireFormat wire,
            Attempts attempts,
            Reporter reporter,
            Clock clock,
            SenderMeters meters) {
        this.config = config;
        this.topic = Topics.delivery(config.route(), lane);
        this.consumer = consumer;
        this.wire = wire;
        this.attempts = attempts;
        this.reporter = reporter;
        this.clock = clock;
        this.meters = meters;
        this.inFlight = new InFlight(config.inFlightMax(lane));
        meters.gauge(SenderMetric.IN_FLIGHT, inFlight::count);
        meters.gauge(SenderMetric.IN_FLIGHT_LIMIT, inFlight::limit);
    }

    /** Runs until {@link #stop}; throws what Kafka's client cannot recover from. */
    @Override
    public void run() {
        try {
            consumer.subscribe(List.of(topic.name()), new Rebalances());
            while (!stopping) {
                begin();
                poll();
                commit();
            }
        } catch (WakeupException stopped) {
            if (!stopping) {
                throw stopped;
            }
        } finally {
            try (consumer) {
                release(Set.copyOf(assigned.keySet()));
            }
        }
    }

    /** Makes {@link #run} end; callable from any thread. */
    void stop() {
        stopping = true;
        consumer.wakeup();
    }

    /** Returns whether this is a member of its group, and polls. Says nothing about the provider. */
    boolean ready() {
        return joined
                && System.nanoTime() - lastPoll
                        < config.drainTimeout().toNanos()
                                + Duration.ofSeconds(30).toNanos();
    }

    /** Begins what may begin, from each partition in turn, so that none waits for the backlog of another. */
    private void begin() {
        boolean more = System.nanoTime() - registryAwayUntil >= 0;
        while (more) {
            more = false;
            for (Assigned from : assigned.values()) {
                if (!from.backlog().isEmpty()) {
                    if (!inFlight.start()) {
                        return;
                    }
                    if (!begin(from)) {
                        return;
                    }
                    more = true;
                }
            }
        }
    }

    /** Begins the next record of a partition, for which there is room; returns false if it cannot be read for now. */
    private boolean begin(Assigned from) {
        ConsumerRecord<byte[], byte[]> record = from.backlog().element();
        Runnable done = () -> {
            from.progress().complete(record.offset());
            inFlight.end();
        };
        try {
            Delivery delivery = wire.read(topic, Delivery.class, record.value());
            registryAway = false;
            from.backlog().remove();
            if (from.progress().begin(record.offset())) {
                send(delivery, record.key(), done);
            } else {
                inFlight.end();
            }
        } catch (UnreadableRecordException unreadable) {
            from.backlog().remove();
            if (from.progress().begin(record.offset())) {
                bury(record, unreadable, done);
            } else {
                inFlight.end();
            }
        } catch (SchemaRegistryUnavailableException away) {
            inFlight.end();
            registryAwayUntil = System.nanoTime() + REGISTRY_PAUSE_NANOS;
            if (!registryAway) {
                registryAway = true;
                LOG.error("The schema registry cannot be asked: {} waits", topic.name(), away);
            }
            return false;
        }
        return true;
    }

    private void send(Delivery delivery, byte[] key, Runnable done) {
        Instant decided = delivery.getDecidedAt();
        attempts.start(delivery)
                .thenAccept(outcome -> reporter.write(
                        Topics.DELIVERY_REPORTED, key, Reports.of(delivery, outcome, clock.instant()), () -> {
                            meters.reported(outcome.kind(), Duration.between(decided, clock.instant()));
                            done.run();
                        }))
                .exceptionally(bug -> {
                    LOG.error("No report could be made of {}: it stays in flight", delivery.getDeliveryId(), bug);
                    return null;
                });
    }

    private void bury(ConsumerRecord<byte[], byte[]> record, UnreadableRecordException why, Runnable done) {
        LOG.warn("{}-{}@{}: {}", record.topic(), record.partition(), record.offset(), why.getMessage());
        reporter.write(Topics.DEAD_LETTER, record.key(), Reports.unreadable(record, why, clock.instant()), () -> {
            meters.count(SenderMetric.DEAD_LETTERS);
            done.run();
        });
    }

    /** Reads on where nothing waits; where something does, the partition is paused and its fetched records kept. */
    private void poll() {
        boolean waiting = false;
        for (Assigned each : assigned.values()) {
            if (each.backlog().isEmpty()) {
                consumer.resume(Set.of(each.partition()));
            } else {
                consumer.pause(Set.of(each.partition()));
                waiting = true;
            }
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(waiting && !registryAway ? awaitRoom() : IDLE)) {
            assigned.get(new TopicPartition(record.topic(), record.partition())).add(record);
        }
        lastPoll = System.nanoTime();
    }

    private Duration awaitRoom() {
        try {
            inFlight.awaitRoom(FULL);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", interrupted);
        }
        return Duration.ZERO;
    }

    private void commit() {
        long now = System.nanoTime();
        if (now - lastCommit < config.commitInterval().toNanos()) {
            return;
        }
        lastCommit = now;
        Map<TopicPartition, OffsetAndMetadata> due = due(assigned.keySet());
        if (!due.isEmpty()) {
            due.forEach((partition, mark) -> assigned.get(partition).committed(mark));
            consumer.commitAsync(due, (marks, failure) -> {
                if (failure != null) {
                    LOG.warn("Commit failed, the next one covers it: {}", failure.toString());
                    assigned.values().forEach(each -> each.committed(null));
                }
            });
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> due(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> due = new HashMap<>();
        for (TopicPartition partition : partitions) {
            Assigned each = assigned.get(partition);
            // A known lag means a known position: asking for it does not block.
            if (each.drained() && consumer.currentLag(partition).isPresent()) {
                each.progress().reach(consumer.position(partition));
            }
            each.due().ifPresent(mark -> due.put(partition, mark));
        }
        return due;
    }

    /** Gives partitions up in good order: begins no more of them, awaits what is out, commits. */
    private void release(Set<TopicPartition> partitions) {
        partitions.forEach(partition -> assigned.get(partition).backlog().clear());
        awaitIdle(partitions);
        Map<TopicPartition, OffsetAndMetadata> due = new HashMap<>();
        for (TopicPartition partition : partitions) {
            assigned.remove(partition).due().ifPresent(mark -> due.put(partition, mark));
        }
        try {
            if (!due.isEmpty()) {
                commitNow(due);
            }
        } catch (KafkaException failure) {
            LOG.warn("Last commit failed: what was done since the one before will be repeated", failure);
        }
    }

    private void commitNow(Map<TopicPartition, OffsetAndMetadata> marks) {
        try {
            consumer.commitSync(marks);
        } catch (WakeupException stopped) {
            // Meant for the poll that did not come; it is spent now.
            consumer.commitSync(marks);
        }
    }

    private void awaitIdle(Set<TopicPartition> partitions) {
        long deadline = System.nanoTime() + config.drainTimeout().toNanos();
        try {
            while (busy(partitions) && System.nanoTime() - deadline < 0) {
                inFlight.awaitEnd(IDLE);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (busy(partitions)) {
            LOG.warn("Gave up waiting for answers: what is in flight will be repeated by the next owner");
        }
    }

    private boolean busy(Set<TopicPartition> partitions) {
        return partitions.stream()
                .anyMatch(partition -> !assigned.get(partition).progress().idle());
    }

    private final class Rebalances implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> marks = new HashMap<>();
            while (!stopping && marks.isEmpty()) {
                try {
                    marks.putAll(consumer.committed(Set.copyOf(partitions)));
                    joined = true;
                } catch (TimeoutException away) {
                    LOG.warn("Cannot learn how far {} is done; asking again", topic.name(), away);
                }
                if (partitions.isEmpty()) {
                    return;
                }
            }
            partitions.forEach(each -> assigned.put(each, new Assigned(each, marks.get(each))));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            Set<TopicPartition> ours =
                    Set.copyOf(partitions.stream().filter(assigned::containsKey).toList());
            release(ours);
        }

        /** They have another owner by now: nothing may be committed. */
        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            partitions.forEach(assigned::remove);
        }
    }
}
