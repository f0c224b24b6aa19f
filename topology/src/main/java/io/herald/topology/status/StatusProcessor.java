package io.herald.topology.status;

import io.herald.schema.Decision;
import io.herald.schema.LedgerEntry;
import io.herald.topic.Topics;
import io.herald.wire.UnreadableRecordException;
import io.herald.wire.WireFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the ledger and writes statuses. Only decisions name the event, so which one a notification is from is kept
 * beside its id, for the sources that are told; what comes of a notification stands in the same partition behind its
 * decision.
 */
public final class StatusProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(StatusProcessor.class);

    private static final String SUBJECTS = "subjects";
    /**
     * How long after a decision its deliveries are told of. A notification that waits is decided anew when its time has
     * come.
     */
    private static final Duration KEPT = Duration.ofDays(30);

    private final Map<String, Object> wireConfig;
    private final Set<String> sources;
    private ProcessorContext<byte[], byte[]> context;
    private WindowStore<String, String> subjects;
    private WireFormat wire;

    /**
     * Makes a processor for one task.
     *
     * @param sources whose events are told of, each as {@code tenant/source}
     */
    public StatusProcessor(Map<String, Object> wireConfig, Set<String> sources) {
        this.wireConfig = wireConfig;
        this.sources = sources;
    }

    /** Returns the builder of the store that it needs. */
    public static StoreBuilder<WindowStore<String, String>> store() {
        // Its windows are never asked for, only the times at which they begin.
        return Stores.windowStoreBuilder(
                Stores.persistentWindowStore(SUBJECTS, KEPT, Duration.ofMillis(1), false),
                Serdes.String(),
                Serdes.String());
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
        this.wire = new WireFormat(wireConfig);
        this.subjects = context.getStateStore(SUBJECTS);
    }

    @Override
    public void process(Record<byte[], byte[]> row) {
        LedgerEntry entry;
        try {
            entry = wire.read(Topics.LEDGER, LedgerEntry.class, row.value());
        } catch (UnreadableRecordException foreign) {
            // Only the router is to write there. What somebody else put in must not stop everything else.
            LOG.warn(
                    "No ledger entry, not told of: {}",
                    context.recordMetadata()
                            .map(at -> at.partition() + "@" + at.offset())
                            .orElse(""));
            return;
        }
        Optional<Subject> subject =
                entry.getBody() instanceof Decision decision ? remembered(entry, decision) : recalled(entry);
        // With the user's key, so that statuses of one notification stay in order.
        subject.stream()
                .flatMap(of -> Statuses.of(entry, of).stream())
                .map(status -> wire.value(Topics.NOTIFICATION_REQUESTED_BULK, status))
                .forEach(status -> context.forward(new Record<>(row.key(), status, row.timestamp())));
    }

    private Optional<Subject> remembered(LedgerEntry entry, Decision decision) {
        if (decision.getSource().equals(Statuses.SOURCE)
                || !sources.contains(entry.getTenant() + "/" + decision.getSource())) {
            return Optional.empty();
        }
        Subject subject = Subject.of(decision);
        subjects.put(entry.getNotificationId(), subject.text(), entry.getAt().toEpochMilli());
        return Optional.of(subject);
    }

    private Optional<Subject> recalled(LedgerEntry entry) {
        Instant now = entry.getAt();
        try (WindowStoreIterator<String> found = subjects.fetch(entry.getNotificationId(), now.minus(KEPT), now)) {
            return found.hasNext() ? Optional.of(Subject.parse(found.next().value)) : Optional.empty();
        }
    }
}
