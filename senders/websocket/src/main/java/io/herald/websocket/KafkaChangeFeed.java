package io.herald.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.Realtime;
import io.herald.topic.Topics;
import io.herald.wire.SchemaRegistryUnavailableException;
import io.herald.wire.UnreadableRecordException;
import io.herald.wire.UserKey;
import io.herald.wire.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
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
 * Reads the topic {@code realtime}: all partitions, from the end, in no group, committed records only. Every gateway
 * reads all of it and drops users whom it does not hold. What is lost while a gateway is away is not missed: clients
 * read the inbox when they connect.
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
    private final byte[] name;
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
        this.name = config.id().getBytes(UTF_8);
    }

    @Override
    public void start(ChangeSink changes) {
        sink = changes;
        List<TopicPartition> all = partitions();
        if (all.isEmpty()) {
            throw new KafkaException("topic " + TOPIC + " does not exist");
        }
        assigned.addAll(all);
        consumer.assign(assigned);
        seekToEnd(assigned);
        partitionsCheckedAt = System.nanoTime();
        healthy = true;
        thread.start();
    }

    private List<TopicPartition> partitions() {
        return consumer.partitionsFor(TOPIC).stream()
                .map(partition -> new TopicPartition(TOPIC, partition.partition()))
                .toList();
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
        UserKey user = user(entry.key());
        if (user == null) {
            meters.count(GatewayMetric.CHANGES, "unreadable");
        } else if (!sink.wants(user) && !mayAsk(entry.value())) {
            meters.count(GatewayMetric.CHANGES, "no_socket");
        } else {
            Realtime change = read(entry);
            if (change != null) {
                meters.count(GatewayMetric.CHANGES, sink.push(change) > 0 ? "delivered" : "no_socket");
            }
        }
    }

    /**
     * Returns whether a change may ask this gateway, of which Avro's bytes have the name as it is. To decode the
     * changes of everybody for it would cost each gateway what all of them together do.
     */
    private boolean mayAsk(byte[] value) {
        return value != null && Bytes.contain(value, name);
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

    private static UserKey user(byte[] key) {
        if (key == null) {
            return null;
        }
        try {
            return UserKey.parse(new String(key, UTF_8));
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    /** Takes in partitions that the topic gained, from their beginning: they did not exist before. */
    private void followGrowth() {
        if (System.nanoTime() - partitionsCheckedAt < PARTITIONS_CHECKED_NANOS) {
            return;
        }
        partitionsCheckedAt = System.nanoTime();
        List<TopicPartition> gained = new ArrayList<>(partitions());
        gained.removeAll(assigned);
        if (!gained.isEmpty()) {
            assigned.addAll(gained);
            consumer.assign(assigned);
            consumer.seekToBeginning(gained);
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
