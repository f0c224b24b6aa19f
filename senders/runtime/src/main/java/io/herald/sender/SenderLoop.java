package io.herald.sender;

import io.herald.schema.Lane;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.wire.SchemaRegistryUnavailableException;
import io.herald.wire.UnreadableRecordException;
import io.herald.wire.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
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
 * <p><b>A provider that is ill</b>, or credentials that it refuses, stop the lane: see {@link Flight}. What waits stays
 * in Kafka, and is looked at again when it is its turn: by then it may be past its shelf life.
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
    private final Flight flight;
    private final Intents intents;
    private final Reporter reporter;
    private final Clock clock;
    private final SenderMeters meters;
    private final Map<TopicPartition, Assigned> assigned = new LinkedHashMap<>();
    private long lastCommit = System.nanoTime();
    private long registryAwayUntil = System.nanoTime();
    private boolean registryAway;
    private boolean committing;
    private volatile boolean stopping;
    private volatile boolean joined;
    private volatile long lastPoll = System.nanoTime();

    /** Drains one lane of {@code config}'s route. */
    SenderLoop(
            SenderConfig config,
            Lane lane,
            Consumer<byte[], byte[]> consumer,
            WireFormat wire,
            Flight flight,
            Intents intents,
            Reporter reporter,
            Clock clock,
            SenderMeters meters) {
        this.config = config;
        this.topic = Topics.delivery(config.route(), config.vendor(), lane);
        this.consumer = consumer;
        this.wire = wire;
        this.flight = flight;
        this.intents = intents;
        this.reporter = reporter;
        this.clock = clock;
        this.meters = meters;
    }

    /** Runs until {@link #stop}; throws what Kafka's client cannot recover from. */
    @Override
    public void run() {
        try {
            consumer.subscribe(List.of(topic.name()), new Rebalances());
            while (!stopping) {
                poll(work());
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

    /** Begins what may begin; returns for how many nanoseconds nothing more can. */
    private long work() {
        boolean heldFirst = flight.isHeldFirst();
        long held = heldFirst ? flight.review() : Long.MAX_VALUE;
        long waiting = System.nanoTime() - registryAwayUntil >= 0 ? begin() : IDLE.toNanos();
        return Math.min(waiting, heldFirst ? held : flight.review());
    }

    /** Begins from each partition in turn, so that none waits for the backlog of another. */
    private long begin() {
        boolean more = true;
        while (more) {
            more = false;
            for (Assigned from : assigned.values()) {
                if (!from.backlog().isEmpty()) {
                    long wait = begin(from);
                    if (wait > 0) {
                        return wait;
                    }
                    more = true;
                }
            }
        }
        return IDLE.toNanos();
    }

    /** Begins the next record of a partition; returns for how many nanoseconds it cannot. */
    private long begin(Assigned from) {
        ConsumerRecord<byte[], byte[]> record = from.backlog().element().record();
        if (from.progress().done(record.offset())) {
            from.backlog().remove();
            return 0;
        }
        try {
            Attempt attempt = new Attempt(from, record, from.backlog().element().delivery(wire, topic));
            registryAway = false;
            long wait = flight.admit(attempt);
            if (wait == 0) {
                from.backlog().remove();
                from.progress().begin(record.offset());
                flight.begin(attempt);
            }
            return wait;
        } catch (UnreadableRecordException unreadable) {
            if (!flight.hasRoom()) {
                return FULL.toNanos();
            }
            from.backlog().remove();
            from.progress().begin(record.offset());
            flight.beginWithout(new Attempt(from, record, null), done -> bury(record, unreadable, done));
            return 0;
        } catch (SchemaRegistryUnavailableException away) {
            registryAwayUntil = System.nanoTime() + REGISTRY_PAUSE_NANOS;
            if (!registryAway) {
                registryAway = true;
                LOG.error("The schema registry cannot be asked: {} waits", topic.name(), away);
            }
            return IDLE.toNanos();
        }
    }

    private void bury(ConsumerRecord<byte[], byte[]> record, UnreadableRecordException why, Runnable done) {
        LOG.warn("{}-{}@{}: {}", record.topic(), record.partition(), record.offset(), why.getMessage());
        reporter.write(Topics.DEAD_LETTER, record.key(), Reports.unreadable(record, why, clock.instant()), () -> {
            meters.count(SenderMetric.DEAD_LETTERS);
            done.run();
        });
    }

    /** Reads on where nothing waits; where something does, the partition is paused and its fetched records kept. */
    private void poll(long idleNanos) {
        for (Assigned each : assigned.values()) {
            if (each.backlog().isEmpty()) {
                consumer.resume(Set.of(each.partition()));
            } else {
                consumer.pause(Set.of(each.partition()));
            }
        }
        Duration most = Duration.ofNanos(Math.min(idleNanos, IDLE.toNanos()));
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(most)) {
            assigned.get(new TopicPartition(record.topic(), record.partition())).add(record);
        }
        lastPoll = System.nanoTime();
    }

    /** Commits from time to time, and as often as it helps where deliveries wait for it. */
    private void commit() {
        Duration interval = flight.hasRoom() ? config.commitInterval() : FULL;
        long now = System.nanoTime();
        if (committing || now - lastCommit < interval.toNanos()) {
            return;
        }
        lastCommit = now;
        Map<Assigned, List<Attempt>> done = new LinkedHashMap<>();
        assigned.values().forEach(each -> done.put(each, each.takeDone()));
        Map<TopicPartition, OffsetAndMetadata> due = due(assigned.keySet());
        if (due.isEmpty()) {
            done.values().forEach(flight::committed);
            return;
        }
        committing = true;
        consumer.commitAsync(due, (marks, failure) -> {
            committing = false;
            if (failure == null) {
                done.forEach((each, of) -> {
                    Optional.ofNullable(due.get(each.partition())).ifPresent(each::committed);
                    flight.committed(of);
                });
            } else {
                LOG.warn("Commit failed, the next one covers it: {}", failure.toString());
                done.forEach(flight::notCommitted);
            }
        });
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
        List<Assigned> given = partitions.stream().map(assigned::get).toList();
        given.forEach(Assigned::release);
        awaitIdle(given);
        Map<TopicPartition, OffsetAndMetadata> due = new HashMap<>();
        List<Attempt> done = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            Assigned each = assigned.remove(partition);
            done.addAll(each.takeDone());
            each.due().ifPresent(mark -> due.put(partition, mark));
        }
        try {
            if (!due.isEmpty()) {
                commitNow(due);
            }
            flight.committed(done);
        } catch (KafkaException failure) {
            LOG.warn("Last commit failed: what was done since the one before will be repeated", failure);
            flight.forget(done);
        }
        flight.drop(given);
        intents.forget(partitions);
    }

    private void commitNow(Map<TopicPartition, OffsetAndMetadata> marks) {
        try {
            consumer.commitSync(marks);
        } catch (WakeupException stopped) {
            // Meant for the poll that did not come; it is spent now.
            consumer.commitSync(marks);
        }
    }

    private void awaitIdle(Collection<Assigned> given) {
        long deadline = System.nanoTime() + config.drainTimeout().toNanos();
        try {
            while (given.stream().anyMatch(Assigned::active) && System.nanoTime() - deadline < 0) {
                flight.awaitAnswer(IDLE);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (given.stream().anyMatch(Assigned::active)) {
            LOG.warn("Gave up waiting for answers: what is in flight will be repeated by the next owner");
        }
    }

    private final class Rebalances implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> marks = new HashMap<>();
            while (!stopping && marks.isEmpty()) {
                try {
                    intents.read(partitions);
                    marks.putAll(consumer.committed(Set.copyOf(partitions)));
                    joined = true;
                } catch (TimeoutException | SchemaRegistryUnavailableException away) {
                    LOG.warn("Cannot learn how far {} is done; asking again", topic.name(), away);
                    LockSupport.parkNanos(REGISTRY_PAUSE_NANOS);
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
            List<Assigned> lost = partitions.stream()
                    .map(assigned::remove)
                    .filter(Objects::nonNull)
                    .toList();
            lost.forEach(Assigned::release);
            flight.drop(lost);
            intents.forget(partitions);
        }
    }
}
