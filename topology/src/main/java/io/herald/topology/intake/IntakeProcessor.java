package io.herald.topology.intake;

import io.herald.schema.ContactChanged;
import io.herald.schema.DeadLetter;
import io.herald.schema.DeliveryReported;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Hash16;
import io.herald.schema.InboxActed;
import io.herald.schema.Mail;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Origin;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.PresenceChanged;
import io.herald.schema.Reason;
import io.herald.schema.TemplateChanged;
import io.herald.schema.Tick;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.deadletter.DeadLetters;
import io.herald.wire.UnreadableRecordException;
import io.herald.wire.WireFormat;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
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

    private static final String STAGE = "intake";
    // More than any record within the bounds of its fields has; the broker lets in more, so that it is seen and told.
    private static final int MOST_BYTES = 900 * 1024;
    private static final Map<String, Topic> INPUTS =
            Topics.INPUTS.stream().collect(Collectors.toMap(Topic::name, Function.identity()));

    private final Map<String, ?> wireConfig;
    private final Map<String, Uuid> topicIds;
    private final RouterLagReading lag;
    private final Duration tickInterval;

    private ProcessorContext<MailboxKey, byte[]> context;
    private WireFormat wire;

    /**
     * Creates a processor.
     *
     * @param topicIds Kafka's ids of the input topics, by name
     * @param lag by which the ticks' credit is set
     */
    public IntakeProcessor(
            Map<String, ?> wireConfig, Map<String, Uuid> topicIds, RouterLagReading lag, Duration tickInterval) {
        this.wireConfig = wireConfig;
        this.topicIds = topicIds;
        this.lag = lag;
        this.tickInterval = tickInterval;
    }

    @Override
    public void init(ProcessorContext<MailboxKey, byte[]> taskContext) {
        context = taskContext;
        wire = new WireFormat(wireConfig);
        // One task of the application ticks for all; when it moves, the clock moves with it.
        if (taskContext.taskId().partition() == 0) {
            taskContext.schedule(tickInterval, PunctuationType.WALL_CLOCK_TIME, this::tick);
        }
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata place = context.recordMetadata().orElseThrow();
        Instant acceptedAt = Instant.ofEpochMilli(context.currentSystemTimeMs());
        try {
            List<Intake.Letter> letters = accept(INPUTS.get(place.topic()), record.value(), acceptedAt);
            for (int index = 0; index < letters.size(); index++) {
                Intake.Letter letter = letters.get(index);
                MailboxKey key =
                        letter.user() == null ? new MailboxKey.ForEveryone() : new MailboxKey.ForUser(letter.user());
                forward(key, new Mail(origin(place, index), acceptedAt, letter.body()), acceptedAt);
            }
        } catch (RefusedException refused) {
            refuse(record, place, acceptedAt, refused.reason(), refused.field(), refused.getMessage());
        } catch (UnreadableRecordException unreadable) {
            Reason reason = unreadable.unknownSchema() ? Reason.UNKNOWN_SCHEMA : Reason.UNREADABLE;
            refuse(record, place, acceptedAt, reason, null, unreadable.getMessage());
        }
    }

    private List<Intake.Letter> accept(Topic topic, byte[] value, Instant acceptedAt) {
        if (value != null && value.length > MOST_BYTES) {
            throw new RefusedException(Reason.TOO_LARGE, null, "the record has " + value.length + " bytes");
        }
        if (topic.equals(Topics.NOTIFICATION_REQUESTED)) {
            return NotificationIntake.expand(wire.read(topic, NotificationRequested.class, value), acceptedAt);
        }
        return List.of(change(topic, value));
    }

    private Intake.Letter change(Topic topic, byte[] value) {
        if (topic.equals(Topics.DELIVERY_REPORTED)) {
            return Intake.report(wire.read(topic, DeliveryReported.class, value));
        } else if (topic.equals(Topics.INBOX_ACTED)) {
            return Intake.inboxAct(wire.read(topic, InboxActed.class, value));
        } else if (topic.equals(Topics.PRESENCE_CHANGED)) {
            return Intake.presence(wire.read(topic, PresenceChanged.class, value));
        } else if (topic.equals(Topics.PREFERENCE_CHANGED)) {
            return Intake.preference(wire.read(topic, PreferenceChanged.class, value));
        } else if (topic.equals(Topics.DEVICE_CHANGED)) {
            return Intake.device(wire.read(topic, DeviceChanged.class, value));
        } else if (topic.equals(Topics.CONTACT_CHANGED)) {
            return Intake.contact(wire.read(topic, ContactChanged.class, value));
        } else if (topic.equals(Topics.TEMPLATE_CHANGED)) {
            return Intake.template(wire.read(topic, TemplateChanged.class, value));
        }
        throw new IllegalStateException("no rule for topic " + topic.name());
    }

    private void tick(long now) {
        Instant at = Instant.ofEpochMilli(now);
        for (int partition = 0; partition < lag.partitions(); partition++) {
            Credit credit = Credit.at(lag.of(partition));
            Tick tick = new Tick(at, partition, credit.bulk(), credit.urgent());
            forward(new MailboxKey.ForPartition(partition), new Mail(null, at, tick), at);
        }
    }

    private void forward(MailboxKey key, Mail mail, Instant at) {
        byte[] value = wire.value(Topics.MAILBOX, mail);
        context.forward(new Record<>(key, value, at.toEpochMilli()), TO_MAILBOX);
    }

    private void refuse(
            Record<byte[], byte[]> record,
            RecordMetadata place,
            Instant at,
            Reason reason,
            String field,
            String detail) {
        DeadLetter letter = DeadLetters.of(
                STAGE,
                new DeadLetters.Place(place.topic(), place.partition(), place.offset()),
                at,
                reason,
                field,
                field == null ? detail : field + " " + detail,
                record.key(),
                record.value());
        byte[] value = wire.value(Topics.DEAD_LETTER, letter);
        context.forward(new Record<MailboxKey, byte[]>(null, value, at.toEpochMilli()), TO_DEAD_LETTER);
    }

    private Origin origin(RecordMetadata place, int index) {
        Uuid id = topicIds.get(place.topic());
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        return new Origin(new Hash16(bytes), place.partition(), place.offset(), index);
    }
}
