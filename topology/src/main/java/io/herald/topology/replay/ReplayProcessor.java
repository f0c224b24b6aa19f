package io.herald.topology.replay;

import io.herald.schema.Mail;
import io.herald.schema.RuleChanged;
import io.herald.topic.Topics;
import io.herald.topology.router.Destination;
import io.herald.topology.router.RouterProcessor;
import io.herald.wire.UnreadableRecordException;
import io.herald.wire.WireFormat;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * The router, which sees only a stretch of the mailbox: without the mail of erased users and, where the replay has
 * rules of its own, with these in place of what the mailbox says about their categories.
 */
final class ReplayProcessor implements Processor<byte[], byte[], Destination, byte[]> {
    private final RouterProcessor router;
    private final Map<String, ?> wireConfig;
    private final Stretch stretch;
    private final List<RuleChanged> rules;
    private final ErasedUsers erased;

    private ProcessorContext<Destination, byte[]> context;
    private WireFormat wire;
    private boolean begun;

    ReplayProcessor(
            RouterProcessor router,
            Map<String, ?> wireConfig,
            Stretch stretch,
            List<RuleChanged> rules,
            ErasedUsers erased) {
        this.router = router;
        this.wireConfig = wireConfig;
        this.stretch = stretch;
        this.rules = List.copyOf(rules);
        this.erased = erased;
    }

    @Override
    public void init(ProcessorContext<Destination, byte[]> taskContext) {
        context = taskContext;
        wire = new WireFormat(wireConfig);
        begun = false;
        router.init(taskContext);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata place = context.recordMetadata().orElseThrow();
        if (place.offset() >= stretch.to().get(place.partition())) {
            return;
        }
        boolean inRange = place.offset() >= stretch.from().get(place.partition());
        if (inRange && !begun) {
            begun = true;
            rules.forEach(rule -> router.process(new Record<>(null, mail(rule), record.timestamp())));
        }
        if (!isLeftOut(record.value(), inRange)) {
            router.process(record);
        }
    }

    @Override
    public void close() {
        router.close();
    }

    // Only what the replay asks about is decoded twice.
    private boolean isLeftOut(byte[] value, boolean inRange) {
        if (erased.isEmpty() && (rules.isEmpty() || !inRange)) {
            return false;
        }
        return read(value)
                .filter(mail -> erased.owns(mail) || (inRange && isOverruled(mail)))
                .isPresent();
    }

    private boolean isOverruled(Mail mail) {
        return mail.getBody() instanceof RuleChanged change
                && rules.stream()
                        .anyMatch(rule -> rule.getTenant().equals(change.getTenant())
                                && rule.getCategory().equals(change.getCategory()));
    }

    // The router says what becomes of one that cannot be read.
    private Optional<Mail> read(byte[] value) {
        try {
            return Optional.of(wire.read(Topics.MAILBOX, Mail.class, value));
        } catch (UnreadableRecordException unreadable) {
            return Optional.empty();
        }
    }

    // Accepted before anything else was, so that it does not move time.
    private byte[] mail(RuleChanged rule) {
        return wire.value(Topics.MAILBOX, new Mail(null, Instant.EPOCH, rule));
    }
}
