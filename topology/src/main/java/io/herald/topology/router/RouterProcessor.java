package io.herald.topology.router;

import io.herald.schema.BroadcastRun;
import io.herald.schema.DeadLetter;
import io.herald.schema.Lane;
import io.herald.schema.Mail;
import io.herald.schema.Reason;
import io.herald.schema.Tick;
import io.herald.topic.Topics;
import io.herald.topology.agenda.AgendaEntry;
import io.herald.topology.content.ContentTooLargeException;
import io.herald.topology.deadletter.DeadLetters;
import io.herald.topology.timing.RouterTime;
import io.herald.wire.SchemaRegistryUnavailableException;
import io.herald.wire.UnreadableRecordException;
import io.herald.wire.WireFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the mailbox, and for each record and each due item plans purely, then applies.
 *
 * <p><b>Reads</b> {@code mailbox}. <b>Writes</b> the catalogue's outputs. <b>Keeps</b> the stores of
 * {@link RouterStores}.
 *
 * <p><b>Repeats</b> of intake are dropped by their origin, in the transaction that noted the first copy. <b>After a
 * crash</b> stores, outputs and offsets are those of the last commit, and what follows is decided again, the same. <b>A
 * unit that cannot be planned</b> becomes a dead letter, and the next one is planned. <b>Limits:</b> one thread for
 * each partition; nothing here waits for anything outside.
 */
public final class RouterProcessor implements Processor<byte[], byte[], Destination, byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(RouterProcessor.class);

    private final Map<String, ?> wireConfig;
    private final int cachedUsers;
    private final RouterAlarms alarms;

    private ProcessorContext<Destination, byte[]> context;
    private WireFormat wire;
    private StoredState state;
    private Planner planner;
    private FailureShare failures;

    /** Creates a processor. */
    public RouterProcessor(Map<String, ?> wireConfig, int cachedUsers) {
        this(wireConfig, cachedUsers, new RouterAlarms());
    }

    /** Creates a processor that tells of what someone has to look at. */
    public RouterProcessor(Map<String, ?> wireConfig, int cachedUsers, RouterAlarms alarms) {
        this.wireConfig = wireConfig;
        this.cachedUsers = cachedUsers;
        this.alarms = alarms;
    }

    // A revived task calls this again on the same instance, so whatever mirrors the stores is made here.
    @Override
    public void init(ProcessorContext<Destination, byte[]> taskContext) {
        context = taskContext;
        wire = new WireFormat(wireConfig);
        state = new StoredState(taskContext, cachedUsers, alarms);
        planner = new Planner(state, new RouterLetters(wire));
        failures = new FailureShare();
    }

    @Override
    public void close() {
        alarms.left(context.taskId().partition());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata place = context.recordMetadata().orElseThrow();
        Cause cause = new Cause(place.partition(), place.offset());
        Mail mail;
        try {
            mail = wire.read(Topics.MAILBOX, Mail.class, record.value());
        } catch (UnreadableRecordException unreadable) {
            DeadLetter letter = letter(cause, now(), unreadable, record);
            apply(new SealedPlan(Planner.letterOnly(letter), wire), now());
            note(unreadable);
            return;
        }
        if (mail.getOrigin() != null && !state.control().advance(mail.getOrigin())) {
            return;
        }
        Instant now = advance(mail.getAcceptedAt());
        if (mail.getBody() instanceof Tick tick) {
            spend(tick, cause, now);
        } else {
            unit(
                    () -> planner.mail(mail, cause, now),
                    failure -> planner.failed(mail, cause, now, reason(failure), letter(cause, now, failure, record)),
                    letterFor(cause, now, record),
                    now);
        }
    }

    private void spend(Tick tick, Cause cause, Instant now) {
        // Intake gives none to a router that is behind.
        if (tick.getCredit() == 0) {
            state.control().behind(now);
        }
        spend(Lane.URGENT, tick.getUrgentCredit(), cause, now);
        int spent = spend(Lane.BULK, tick.getCredit(), cause, now);
        // However much is due, broadcasts go on too; and the other way round.
        walk(Math.max(tick.getCredit() / 2, tick.getCredit() - spent), cause, now);
    }

    private int spend(Lane lane, int credit, Cause cause, Instant now) {
        List<AgendaEntry> due = state.agenda().due(lane, now, credit);
        for (AgendaEntry entry : due) {
            Record<byte[], byte[]> reference = new Record<>(entry.key(), null, now.toEpochMilli());
            unit(
                    () -> planner.due(entry, cause, now),
                    failure -> planner.failedDue(
                            entry, cause, now, reason(failure), letter(cause, now, failure, reference)),
                    failure -> {
                        Plan plan = letterFor(cause, now, reference).plan(failure);
                        plan.change(new Plan.Change.Pop(entry));
                        return plan;
                    },
                    now);
        }
        return due.size();
    }

    private void walk(int credit, Cause cause, Instant now) {
        List<BroadcastRun> running = new ArrayList<>();
        for (BroadcastRun run : state.control().broadcasts()) {
            Broadcasts.running(run, now).ifPresent(running::add);
            if (Broadcasts.isForgotten(run, now)) {
                apply(new SealedPlan(Plan.of(new Plan.Change.DropBroadcast(Broadcasts.name(run))), wire), now);
            }
        }
        // An equal share each, and what one does not need is the others': a few users do not wait behind everyone.
        int left = credit;
        for (int next = 0; next < running.size() && left > 0; next++) {
            int others = running.size() - next - 1;
            left -= walk(running.get(next), (left + others) / (others + 1), cause, now);
        }
    }

    // All within one record of the mailbox, so the cursor is of the same transaction as what is behind it.
    private int walk(BroadcastRun run, int most, Cause cause, Instant now) {
        int limit = Broadcasts.shardLimit(run, now);
        Walk walk = state.walk(run, most, limit);
        int notified = 0;
        int failed = 0;
        for (Walk.Met met : walk.met()) {
            if (!isFor(run, met, now)) {
                continue;
            }
            notified++;
            Record<byte[], byte[]> reference = new Record<>(met.user().bytes(), null, now.toEpochMilli());
            boolean planned = unit(
                    () -> planner.broadcast(run, met.user(), cause, now),
                    failure -> planner.failedBroadcast(
                            run, met.user(), cause, now, reason(failure), letter(cause, now, failure, reference)),
                    letterFor(cause, now, reference),
                    now);
            failed += planned ? 0 : 1;
        }
        Plan progress = new Plan();
        Broadcasts.keep(Broadcasts.after(run, walk, notified, failed, limit, now), progress, cause, now);
        apply(new SealedPlan(progress, wire), now);
        return walk.met().size();
    }

    // One whose profile cannot be read is a unit that fails, and no end of the walk.
    private boolean isFor(BroadcastRun run, Walk.Met met, Instant now) {
        try {
            return planner.isFor(run, met.user(), met.by(), now);
        } catch (RuntimeException failure) {
            rethrowUnlessPlanning(failure);
            return true;
        }
    }

    /** Makes the plan that takes the place of one that failed. */
    private interface Fallback {
        Plan plan(RuntimeException failure);
    }

    // Plans, then applies, and returns whether that went well. A failed plan has changed nothing, so its place is taken
    // by the fallback's; and should not even that work, because the user's state itself is broken, by a dead letter.
    private boolean unit(Supplier<Plan> planning, Fallback ending, Fallback lastResort, Instant now) {
        SealedPlan plan;
        boolean planned = true;
        try {
            plan = new SealedPlan(planning.get(), wire);
            failures.tooMany(false);
        } catch (RuntimeException failure) {
            rethrowUnlessPlanning(failure);
            note(failure);
            plan = ended(ending, lastResort, failure);
            planned = false;
        }
        apply(plan, now);
        return planned;
    }

    private SealedPlan ended(Fallback ending, Fallback lastResort, RuntimeException failure) {
        try {
            return new SealedPlan(ending.plan(failure), wire);
        } catch (RuntimeException again) {
            rethrowUnlessPlanning(again);
            return new SealedPlan(lastResort.plan(failure), wire);
        }
    }

    // Kafka's own failures, and a registry that is away, say nothing about the record: they stop the task, and it is
    // processed again.
    private static void rethrowUnlessPlanning(RuntimeException failure) {
        boolean ofKafka = failure instanceof KafkaException && !(failure instanceof SerializationException);
        if (ofKafka || failure instanceof SchemaRegistryUnavailableException) {
            throw failure;
        }
    }

    private void apply(SealedPlan plan, Instant now) {
        plan.apply(state, context, now);
    }

    // Content that is bad by itself says nothing about the router, however much of it a producer writes.
    private void note(RuntimeException failure) {
        LOG.warn(
                "A unit could not be planned and is a dead letter: {}",
                failure.getClass().getSimpleName());
        if (failures.tooMany(reason(failure) == Reason.PLAN_FAILED)) {
            throw new TooManyFailuresException(failure);
        }
    }

    private Instant advance(Instant heard) {
        Instant before = state.control().now();
        RouterTime time = RouterTime.advance(before, heard);
        if (time.clamped()) {
            alarms.clampedClock();
            LOG.warn("The mailbox's clock is more than {} ahead; following in steps", RouterTime.LONGEST_STEP);
        }
        if (!time.now().equals(before)) {
            state.control().now(time.now());
        }
        return time.now();
    }

    private Instant now() {
        Instant now = state.control().now();
        return now == null ? Instant.EPOCH : now;
    }

    private Fallback letterFor(Cause cause, Instant now, Record<byte[], byte[]> record) {
        return failure -> Planner.letterOnly(letter(cause, now, failure, record));
    }

    private static DeadLetter letter(
            Cause cause, Instant now, RuntimeException failure, Record<byte[], byte[]> record) {
        return DeadLetters.of(
                RouterLetters.STAGE,
                new DeadLetters.Place(Topics.MAILBOX.name(), cause.partition(), cause.offset()),
                now,
                reason(failure),
                null,
                failure.getClass().getSimpleName(),
                record.key(),
                record.value());
    }

    private static Reason reason(RuntimeException failure) {
        if (failure instanceof UnreadableRecordException unreadable) {
            return unreadable.unknownSchema() ? Reason.UNKNOWN_SCHEMA : Reason.UNREADABLE;
        }
        return failure instanceof ContentTooLargeException || failure instanceof SealedPlan.PlanTooLargeException
                ? Reason.CONTENT_TOO_LARGE
                : Reason.PLAN_FAILED;
    }
}
