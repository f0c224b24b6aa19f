package io.herald.websocket;

import io.herald.schema.Realtime;
import io.herald.topic.Topics;
import io.herald.wire.GatewayKey;
import io.herald.wire.SchemaRegistryUnavailableException;
import io.herald.wire.UnreadableRecordException;
import io.herald.wire.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what the router tells this gateway in the topic {@code realtime}: the one partition of its id, from the end, in
 * no group, committed records only. What is there for other gateways is dropped by its key, undecoded. What is lost
 * while a gateway is away is not missed: clients read the inbox when they connect.
 */
final class KafkaChangeFeed implements ChangeFeed {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaChangeFeed.class);
    private static final String TOPIC = Topics.REALTIME.name();
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final long PAUSE_MS = 500;
    private static final long PARTITIONS_CHECKED_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final WireFormat wire;
    private final GatewayMeters meters;
    private final GatewayKey gateway;
    private final byte[] key;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "realtime-feed");
    private final List<TopicPartition> assigned = new ArrayList<>();
    private ChangeSink sink;
    private long partitionsCheckedAt;
    private volatile boolean healthy;

    KafkaChangeFeed(GatewayConfig config, GatewayMeters meters) {
        Map<String, Object> settings = new HashMap<>(config.clients());
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, config.id());
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        this.consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.wire = new WireFormat(config.registry());
        this.meters = meters;
        this.gateway = new GatewayKey(config.id());
        this.key = gateway.bytes();
    }

    @Override
    public void start(ChangeSink changes) {
        sink = changes;
        assigned.add(own());
        consumer.assign(assigned);
        seekToEnd(assigned);
        partitionsCheckedAt = System.nanoTime();
        healthy = true;
        thread.start();
    }

    private TopicPartition own() {
        int partitions = consumer.partitionsFor(TOPIC).size();
        if (partitions == 0) {
            throw new KafkaException("topic " + TOPIC + " does not exist");
        }
        return new TopicPartition(TOPIC, gateway.partition(partitions));
    }

    private void seekToEnd(Iterable<TopicPartition> partitions) {
        List<TopicPartition> all = new ArrayList<>();
        partitions.forEach(all::add);
        consumer.seekToEnd(all);
        // seekToEnd is lazy: without this, "the end" would be wherever it is at the first poll.
        all.forEach(consumer::position);
    }

    @Override
    public boolean isHealthy() {
        return healthy && thread.isAlive();
    }

    private void run() {
        while (stopping.getCount() > 0) {
            try {
                consumer.poll(POLL).forEach(this::deliver);
                healthy = true;
                followGrowth();
            } catch (WakeupException stop) {
                // The loop's condition says whether to go on.
            } catch (OffsetOutOfRangeException behind) {
                LOG.warn("fell behind the log's start; clients are told to read their inboxes anew");
                skip(behind.offsetOutOfRangePartitions().keySet());
            } catch (KafkaException failure) {
                LOG.warn("cannot read changes; trying again", failure);
                healthy = false;
                pause();
            }
        }
        consumer.close();
    }

    private void skip(Set<TopicPartition> partitions) {
        seekToEnd(partitions);
        sink.gap();
    }

    private void deliver(ConsumerRecord<byte[], byte[]> entry) {
        if (!Arrays.equals(key, entry.key())) {
            meters.count(GatewayMetric.CHANGES, "other_gateway");
            return;
        }
        Realtime change = read(entry);
        if (change != null) {
            meters.count(GatewayMetric.CHANGES, sink.push(change) > 0 ? "delivered" : "no_socket");
        }
    }

    /** Returns the change, or null where it can never be read, or there is no time left to. */
    private Realtime read(ConsumerRecord<byte[], byte[]> entry) {
        while (stopping.getCount() > 0) {
            try {
                return wire.read(Topics.REALTIME, Realtime.class, entry.value());
            } catch (UnreadableRecordException unreadable) {
                meters.count(GatewayMetric.CHANGES, "unreadable");
                LOG.warn("skipped {}-{}@{}: {}", TOPIC, entry.partition(), entry.offset(), unreadable.getMessage());
                return null;
            } catch (SchemaRegistryUnavailableException unavailable) {
                LOG.warn("the schema registry cannot be asked; changes wait", unavailable);
                healthy = false;
                // No group, no rebalance: waiting here harms nobody.
                pause();
            }
        }
        return null;
    }

    /**
     * Reads on in another partition where the topic has more of them now; from its beginning, since what it holds for
     * this gateway was written after that. What is left in the old one is read, too.
     */
    private void followGrowth() {
        if (System.nanoTime() - partitionsCheckedAt < PARTITIONS_CHECKED_NANOS) {
            return;
        }
        partitionsCheckedAt = System.nanoTime();
        TopicPartition own = own();
        if (!assigned.contains(own)) {
            assigned.add(own);
            consumer.assign(assigned);
            consumer.seekToBeginning(List.of(own));
        }
    }

    private void pause() {
        try {
            boolean stopped = stopping.await(PAUSE_MS, TimeUnit.MILLISECONDS);
            LOG.trace("paused; stopped: {}", stopped);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            stopping.countDown();
        }
    }

    @Override
    public void close() {
        stopping.countDown();
        healthy = false;
        if (!thread.isAlive()) {
            consumer.close();
            return;
        }
        consumer.wakeup();
        try {
            thread.join(STOP.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
