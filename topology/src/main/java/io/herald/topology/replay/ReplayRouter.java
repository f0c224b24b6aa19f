package io.herald.topology.replay;

import io.herald.schema.RuleChanged;
import io.herald.topic.Topics;
import io.herald.topology.RouterTopology;
import io.herald.topology.app.HeraldConfig;
import io.herald.topology.app.StreamsSettings;
import io.herald.topology.router.Destination;
import io.herald.topology.router.RouterProcessor;
import io.herald.topology.router.RouterStores;
import io.herald.topology.snapshot.Cluster;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.QueryableStoreTypes;

/** The router of a replay: the same topology as in life, on state and outputs of its own. */
final class ReplayRouter implements AutoCloseable {
    static final Bytes NOW = Bytes.wrap("now".getBytes(StandardCharsets.UTF_8));
    private static final Duration CLOSING = Duration.ofSeconds(30);
    private static final Duration TELL = Duration.ofSeconds(5);

    private final Cluster cluster;
    private final HeraldConfig config;
    private final Stretch stretch;
    private final KafkaStreams streams;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    ReplayRouter(
            Cluster cluster,
            HeraldConfig config,
            String run,
            Stretch stretch,
            List<RuleChanged> rules,
            ErasedUsers erased) {
        this.cluster = cluster;
        this.config = config;
        this.stretch = stretch;
        this.streams = new KafkaStreams(
                RouterTopology.build(
                        () -> new ReplayProcessor(
                                new RouterProcessor(cluster.wire(), config.cachedUsers()),
                                cluster.wire(),
                                stretch,
                                rules,
                                erased),
                        (destination, value, context) -> shadow(run, destination)),
                StreamsSettings.router(config));
        streams.setUncaughtExceptionHandler(thrown -> {
            failure.compareAndSet(null, thrown);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    }

    private static String shadow(String run, Destination destination) {
        return ShadowTopics.name(run, destination.topic());
    }

    /** Runs until the whole stretch is decided and committed. */
    void run(Consumer<String> progress) {
        streams.start();
        Instant told = cluster.clock().instant();
        long left = left();
        while (left > 0) {
            if (failure.get() != null) {
                throw new KafkaException("the router of the replay failed", failure.get());
            }
            Cluster.rest();
            left = left();
            if (told.plus(TELL).isBefore(cluster.clock().instant())) {
                told = cluster.clock().instant();
                progress.accept(left + " of " + stretch.records() + " records to go");
            }
        }
    }

    /** Returns the router's time in a partition. */
    Instant now(int partition) {
        byte[][] now = {null};
        cluster.await(
                Duration.ofMinutes(1),
                "the router of the replay to run",
                () -> failure.get() != null || asked(partition, value -> now[0] = value));
        if (failure.get() != null) {
            throw new KafkaException("the router of the replay failed", failure.get());
        }
        return now(now[0]);
    }

    // While tasks are handed out, a running router may still lack the one that is asked for.
    private boolean asked(int partition, Consumer<byte[]> answer) {
        try {
            answer.accept(streams.store(StoreQueryParameters.fromNameAndType(
                                    RouterStores.CONTROL, QueryableStoreTypes.<Bytes, byte[]>keyValueStore())
                            .withPartition(partition))
                    .get(NOW));
            return true;
        } catch (InvalidStateStoreException notYet) {
            return false;
        }
    }

    /** Reads what the router keeps as its time; before its first record that is the beginning of all times. */
    static Instant now(byte[] value) {
        return value == null
                ? Instant.EPOCH
                : Instant.ofEpochMilli(ByteBuffer.wrap(value).getLong());
    }

    @Override
    public void close() {
        streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSING));
    }

    private long left() {
        Map<TopicPartition, OffsetAndMetadata> committed = cluster.committed(config.routerId());
        return IntStream.range(0, stretch.partitions())
                .mapToLong(partition -> {
                    OffsetAndMetadata at = committed.get(new TopicPartition(Topics.MAILBOX.name(), partition));
                    return Math.max(0, stretch.to().get(partition) - (at == null ? 0 : at.offset()));
                })
                .sum();
    }
}
