package io.herald.sender;

import io.herald.topic.Topic;
import io.herald.wire.WireFormat;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.ApiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes reports and dead letters, on a thread of its own, and never gives one up: while Kafka or the registry is away
 * they wait here. How many can wait is bounded by what may be in flight, as a delivery stays in flight until its report
 * is acknowledged.
 */
final class Reporter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final long LOOK_MS = 100;

    private final Producer<byte[], byte[]> producer;
    private final WireFormat wire;
    private final SenderMeters meters;
    private final Thread thread;
    private final BlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
    private volatile boolean failing;
    private volatile boolean closing;

    Reporter(String name, Producer<byte[], byte[]> producer, WireFormat wire, SenderMeters meters) {
        this.producer = producer;
        this.wire = wire;
        this.meters = meters;
        this.thread = new Thread(this::run, name + "-reports");
        meters.gauge(SenderMetric.REPORTS_WAITING, queue::size);
    }

    void start() {
        thread.start();
    }

    /** Writes a record, now or later, and calls {@code acknowledged} when Kafka has it. Returns at once. */
    void write(Topic topic, byte[] key, SpecificRecord value, Runnable acknowledged) {
        queue.add(new Entry(topic, null, () -> key, value, acknowledged));
    }

    /** The same into a partition of the caller's choice, with a key that is a record; without a value, a tombstone. */
    void write(Topic topic, int partition, SpecificRecord key, SpecificRecord value, Runnable acknowledged) {
        queue.add(new Entry(topic, partition, () -> wire.key(topic, key), value, acknowledged));
    }

    /** Gives up what waits and is not written within {@code most}; it will be repeated by whoever goes on. */
    void close(Duration most) {
        closing = true;
        try {
            thread.join(Math.max(1, most.toMillis()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
        producer.close(most);
    }

    @Override
    public void close() {
        close(Duration.ZERO);
    }

    private void run() {
        try {
            while (!closing || !queue.isEmpty()) {
                Entry entry = queue.poll(LOOK_MS, TimeUnit.MILLISECONDS);
                if (entry != null) {
                    if (failing) {
                        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                    }
                    send(entry);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(Entry entry) {
        try {
            byte[] value = entry.value == null ? null : wire.value(entry.topic, entry.value);
            // The callback tells of every ending.
            Future<RecordMetadata> unused = producer.send(
                    new ProducerRecord<>(entry.topic.name(), entry.partition, entry.key.get(), value), entry);
        } catch (RuntimeException failure) {
            again(entry, failure);
        }
    }

    private void again(Entry entry, Exception failure) {
        meters.count(SenderMetric.REPORT_FAILURES);
        if (!failing) {
            failing = true;
            LOG.error(
                    "Cannot write to {}: it will be tried until it succeeds",
                    entry.topic.name(),
                    failure instanceof ApiException ? failure : new WithoutWords(failure));
        }
        queue.add(entry);
    }

    private final class Entry implements Callback {
        private final Topic topic;
        private final Integer partition;
        private final Supplier<byte[]> key;
        private final SpecificRecord value;
        private final Runnable acknowledged;

        Entry(Topic topic, Integer partition, Supplier<byte[]> key, SpecificRecord value, Runnable acknowledged) {
            this.topic = topic;
            this.partition = partition;
            this.key = key;
            this.value = value;
            this.acknowledged = acknowledged;
        }

        @Override
        public void onCompletion(RecordMetadata written, Exception failure) {
            if (failure == null) {
                failing = false;
                acknowledged.run();
            } else {
                again(this, failure);
            }
        }
    }
}
