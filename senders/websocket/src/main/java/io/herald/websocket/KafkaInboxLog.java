package io.herald.websocket;

import io.herald.schema.InboxActed;
import io.herald.schema.PresenceChanged;
import io.herald.schema.SocketReported;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
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
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to {@code inbox.acted}, {@code presence.changed} and {@code socket.reported}, keyed by user, acknowledged by
 * all in-sync replicas. What one connection wrote stays in its order.
 */
final class KafkaInboxLog implements InboxLog {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaInboxLog.class);
    private static final int MAX_WAITING = 8_192;
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final KafkaProducer<byte[], byte[]> producer;
    private final WireFormat wire;
    // The serializer may ask the registry, and the producer may wait for room: neither belongs on an event loop.
    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), task -> new Thread(task, "inbox-log"));

    KafkaInboxLog(GatewayConfig config) {
        Map<String, Object> settings = new HashMap<>();
        // Before the client, who waits on the other side, gives up.
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000L);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.putAll(config.clients());
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, config.id());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        this.wire = new WireFormat(config.registry());
    }

    @Override
    public CompletionStage<Void> acted(InboxActed acted) {
        return write(Topics.INBOX_ACTED, new UserKey(acted.getTenant(), acted.getUser()), acted);
    }

    @Override
    public CompletionStage<Void> presence(PresenceChanged changed) {
        return write(Topics.PRESENCE_CHANGED, new UserKey(changed.getTenant(), changed.getUser()), changed);
    }

    @Override
    public CompletionStage<Void> reported(SocketReported report) {
        return write(Topics.SOCKET_REPORTED, new UserKey(report.getTenant(), report.getUser()), report);
    }

    private CompletionStage<Void> write(Topic topic, UserKey user, SpecificRecord value) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        try {
            writer.execute(() -> send(topic, user, value, written));
        } catch (RejectedExecutionException full) {
            written.completeExceptionally(full);
        }
        return written;
    }

    private void send(Topic topic, UserKey user, SpecificRecord value, CompletableFuture<Void> written) {
        try {
            byte[] bytes = wire.value(topic, value);
            // The callback tells all that the future would.
            Future<RecordMetadata> unused = producer.send(
                    new ProducerRecord<>(topic.name(), user.bytes(), bytes),
                    (where, failure) -> answer(topic, failure, written));
        } catch (RuntimeException failure) {
            answer(topic, failure, written);
        }
    }

    private static void answer(Topic topic, Exception failure, CompletableFuture<Void> written) {
        if (failure == null) {
            written.complete(null);
        } else {
            LOG.warn("cannot write to {}", topic.name(), failure);
            written.completeExceptionally(failure);
        }
    }

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
