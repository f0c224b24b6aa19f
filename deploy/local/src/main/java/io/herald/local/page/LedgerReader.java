package io.herald.local.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.local.story.Cast;
import io.herald.schema.DeadLetter;
import io.herald.schema.LedgerEntry;
import io.herald.schema.PreferenceChanged;
import io.herald.topic.Topics;
import io.herald.wire.SchemaRegistryUnavailableException;
import io.herald.wire.UnreadableRecordException;
import io.herald.wire.WireFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the topics of the ledger and of dead letters, and who changes their quiet hours, from where they end now.
 * What cannot be read, or not now, is left out: the page shows, it does not keep.
 */
final class LedgerReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerReader.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration STOP = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final WireFormat wire;
    private final LedgerBook book;
    private final BiConsumer<String, ObjectNode> tell;
    private final Thread thread = new Thread(this::run, "page-ledger");
    private volatile boolean ending;

    /**
     * Takes its place at the end of the topics; what is written from now on is read after {@link #start}.
     *
     * @param tell is given each entry and what it is: {@code ledger}, {@code dead-letter} or {@code quiet}
     */
    LedgerReader(PageConfig config, LedgerBook book, BiConsumer<String, ObjectNode> tell) {
        this.book = book;
        this.tell = tell;
        this.wire = new WireFormat(Map.of("schema.registry.url", config.registryUrl()));
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers(),
                        ConsumerConfig.CLIENT_ID_CONFIG, "page",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = List.of(Topics.LEDGER, Topics.DEAD_LETTER, Topics.PREFERENCE_CHANGED).stream()
                .flatMap(topic -> consumer.partitionsFor(topic.name()).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        ending = true;
        consumer.wakeup();
        try {
            thread.join(STOP.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (consumer) {
            while (!ending) {
                poll();
            }
        }
    }

    private void poll() {
        try {
            for (ConsumerRecord<byte[], byte[]> entry : consumer.poll(POLL)) {
                read(entry);
            }
        } catch (WakeupException ended) {
            // The loop's condition says so too.
        } catch (KafkaException failure) {
            LOG.warn("Cannot follow the ledger at the moment", failure);
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> entry) {
        try {
            Instant now = Instant.now();
            if (entry.topic().equals(Topics.PREFERENCE_CHANGED.name())) {
                PreferenceChanged read = wire.read(Topics.PREFERENCE_CHANGED, PreferenceChanged.class, entry.value());
                if (read.getTenant().equals(Cast.TENANT) && read.getQuietHours() != null) {
                    tell.accept(
                            "quiet",
                            book.quiet(read.getUser(), !read.getQuietHours().isEmpty()));
                }
            } else if (entry.topic().equals(Topics.LEDGER.name())) {
                LedgerEntry read = wire.read(Topics.LEDGER, LedgerEntry.class, entry.value());
                if (read.getTenant().equals(Cast.TENANT)) {
                    tell.accept("ledger", book.add(read, now));
                }
            } else {
                DeadLetter read = wire.read(Topics.DEAD_LETTER, DeadLetter.class, entry.value());
                tell.accept("dead-letter", book.add(read, now));
            }
        } catch (UnreadableRecordException | SchemaRegistryUnavailableException failure) {
            LOG.warn("Left out {}-{} at {}", entry.topic(), entry.partition(), entry.offset(), failure);
        }
    }
}
