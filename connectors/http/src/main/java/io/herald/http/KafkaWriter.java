package io.herald.http;

import io.herald.topic.Topic;
import io.herald.wire.UserKey;
import io.herald.wire.WireFormat;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records for callers who wait: a write is done once all in-sync replicas have it. What one thread wrote with
 * the same key stays in its order, and Kafka's own repeats are none.
 *
 * <p>What waits is bounded, in records and by {@code buffer.memory} in bytes. While Kafka acknowledges nothing for
 * {@value #STALLED_SECONDS} seconds, further writes fail at once, until what waits has failed too: a caller is told
 * early, and not after a timeout of its own. Thread-safe; never blocks.
 */
public final class KafkaWriter implements AutoCloseable {
    static final int STALLED_SECONDS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(KafkaWriter.class);
    private static final long QUEUED_NANOS = Duration.ofSeconds(5).toNanos();
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final KafkaProducer<byte[], byte[]> producer;
    private final WireFormat wire;
    private final Backlog backlog;
    // The serializer may ask the registry, and the producer may wait for room: neither belongs on an event loop.
    private final ThreadPoolExecutor writer;

    /**
     * Creates a writer.
     *
     * @param name of the client, for the broker and in thread names
     * @param clients settings of the Kafka client; those that the promises above rest on are not taken from it
     * @param registry settings of the serializer
     * @param mostWaiting records that may wait at once
     */
    public KafkaWriter(String name, Map<String, Object> clients, Map<String, Object> registry, int mostWaiting) {
        Map<String, Object> settings = new HashMap<>();
        // Before the caller, who waits on the other side, gives up.
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000L);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.putAll(clients);
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, name);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        this.wire = new WireFormat(registry);
        this.backlog = new Backlog(mostWaiting, Duration.ofSeconds(STALLED_SECONDS));
        this.writer = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(mostWaiting),
                task -> new Thread(task, "kafka-writer"));
    }

    /** Writes a record of {@code user}, as {@link #write(Topic, byte[], SpecificRecord)}. */
    public CompletionStage<RecordMetadata> write(Topic topic, UserKey user, SpecificRecord value) {
        return write(topic, user.bytes(), value);
    }

    /**
     * Writes a record. The stage completes, on a thread of the client's, with where the record is; it fails where that
     * is not known in time: the record may then have been written or not.
     */
    public CompletionStage<RecordMetadata> write(Topic topic, byte[] key, SpecificRecord value) {
        CompletableFuture<RecordMetadata> written = new CompletableFuture<>();
        long since = System.nanoTime();
        if (!backlog.enter(since)) {
            written.completeExceptionally(new RejectedExecutionException("Kafka does not keep up"));
            return written;
        }
        try {
            writer.execute(() -> {
                long now = System.nanoTime();
                if (now - since > QUEUED_NANOS && backlog.isStalled(now)) {
                    // Those before it waited for Kafka in vain: if each did anew, the last would wait for hours.
                    answer(topic, null, new TimeoutException("Kafka does not keep up"), written);
                } else {
                    send(topic, key, value, written);
                }
            });
        } catch (RejectedExecutionException closed) {
            backlog.leave(false, System.nanoTime());
            written.completeExceptionally(closed);
        }
        return written;
    }

    /** Returns whether a write would be tried now: there is room, and Kafka acknowledges what it gets. */
    public boolean isKeepingUp() {
        return backlog.isOpen(System.nanoTime());
    }

    private void send(Topic topic, byte[] key, SpecificRecord value, CompletableFuture<RecordMetadata> written) {
        try {
            byte[] bytes = wire.value(topic, value);
            // The callback tells all that the future would.
            Future<RecordMetadata> unused = producer.send(
                    new ProducerRecord<>(topic.name(), key, bytes),
                    (where, failure) -> answer(topic, where, failure, written));
        } catch (RuntimeException failure) {
            answer(topic, null, failure, written);
        }
    }

    private void answer(Topic topic, RecordMetadata where, Exception failure, CompletableFuture<RecordMetadata> to) {
        if (backlog.leave(failure == null, System.nanoTime()) && failure != null) {
            LOG.warn("cannot write to {}", topic.name(), failure);
        }
        if (failure == null) {
            to.complete(where);
        } else {
            to.completeExceptionally(failure);
        }
    }

    /** Writes what waits, for some seconds at most. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
                writer.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        producer.close(LAST_WORDS);
    }
}
