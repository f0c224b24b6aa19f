package io.herald.topology.intake;

import io.herald.schema.Mail;
import io.herald.schema.Tick;
import io.herald.topic.Topics;
import io.herald.topology.deadletter.DeadLetters;
import io.herald.wire.WireFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Takes in whatever producers, apps, gateways and senders write.
 *
 * <p><b>Reads</b> {@link Topics#INPUTS}. <b>Writes</b> {@code mailbox}, and to {@code dead.letter} what it cannot
 * accept. <b>Keeps</b> nothing. <b>Late records</b> do not exist: time begins when a record is accepted here. <b>After
 * a crash</b> the records since the last commit are taken in again, with the same origins, by which the router knows
 * them. <b>Limits:</b> those in the docs of the schemas.
 */
public final class IntakeProcessor implements Processor<byte[], byte[], MailboxKey, byte[]> {
    /** Node that writes the mailbox. */
    public static final String TO_MAILBOX = "write-mailbox";
    /** Node that writes dead letters. */
    public static final String TO_DEAD_LETTER = "write-dead.letter";

    private final Map<String, ?> wireConfig;
    private final Map<String, Uuid> topicIds;
    private final RouterLagReading lag;
    private final Duration tickInterval;
    private final IntakeCounts counts;

    private ProcessorContext<MailboxKey, byte[]> context;
    private WireFormat wire;
    private Acceptance acceptance;
    private List<Credit> credits;

    /**
     * Creates a processor.
     *
     * @param topicIds Kafka's ids of the input topics, by name
     * @param lag by which the ticks' credit is set
     */
    public IntakeProcessor(
            Map<String, ?> wireConfig, Map<String, Uuid> topicIds, RouterLagReading lag, Duration tickInterval) {
        this(wireConfig, topicIds, lag, tickInterval, new IntakeCounts());
    }

    /** Creates a processor that counts what it does. */
    public IntakeProcessor(
            Map<String, ?> wireConfig,
            Map<String, Uuid> topicIds,
            RouterLagReading lag,
            Duration tickInterval,
            IntakeCounts counts) {
        this.wireConfig = wireConfig;
        this.topicIds = topicIds;
        this.lag = lag;
        this.tickInterval = tickInterval;
        this.counts = counts;
    }

    @Override
    public void init(ProcessorContext<MailboxKey, byte[]> taskContext) {
        context = taskContext;
        wire = new WireFormat(wireConfig);
        acceptance = new Acceptance(wire, topicIds);
        // One task of the application ticks for all; when it moves, the clock moves with it.
        if (taskContext.taskId().partition() == 0) {
            credits = new ArrayList<>(Collections.nCopies(lag.partitions(), Credit.first()));
            taskContext.schedule(tickInterval, PunctuationType.WALL_CLOCK_TIME, this::tick);
        }
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata read = context.recordMetadata().orElseThrow();
        DeadLetters.Place place = new DeadLetters.Place(read.topic(), read.partition(), read.offset());
        Instant acceptedAt = Instant.ofEpochMilli(context.currentSystemTimeMs());
        Acceptance.Outcome outcome = acceptance.take(place, record.key(), record.value(), acceptedAt);
        if (outcome instanceof Acceptance.Outcome.Accepted accepted) {
            accepted.postings().forEach(posting -> forward(posting.key(), posting.mail(), acceptedAt));
            counts.countMails(accepted.postings().size());
        } else if (outcome instanceof Acceptance.Outcome.Refused refused) {
            byte[] value = wire.value(Topics.DEAD_LETTER, refused.letter());
            context.forward(new Record<MailboxKey, byte[]>(null, value, acceptedAt.toEpochMilli()), TO_DEAD_LETTER);
            counts.countRefusal(refused.letter().getReason());
        }
    }

    private void tick(long now) {
        Instant at = Instant.ofEpochMilli(now);
        for (int partition = 0; partition < lag.partitions(); partition++) {
            Credit credit = credits.get(partition).after(lag.of(partition));
            credits.set(partition, credit);
            Tick tick = new Tick(at, partition, credit.bulk(), credit.urgent());
            forward(new MailboxKey.ForPartition(partition), new Mail(null, at, tick), at);
        }
        counts.countTick();
    }

    private void forward(MailboxKey key, Mail mail, Instant at) {
        byte[] value = wire.value(Topics.MAILBOX, mail);
        context.forward(new Record<>(key, value, at.toEpochMilli()), TO_MAILBOX);
    }
}
