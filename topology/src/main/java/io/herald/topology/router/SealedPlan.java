package io.herald.topology.router;

import io.herald.schema.Cut;
import io.herald.topic.Topic;
import io.herald.wire.WireFormat;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * A plan in bytes, each of a size that Kafka takes. Whatever can fail has failed by the time one exists: a record that
 * the broker refuses would end an exactly-once thread for good, whatever the exception handler says.
 */
final class SealedPlan {
    // What a batch adds to its one record; rounded up generously.
    private static final int OVERHEAD = 16 * 1024;
    private static final int MOST_STATE_BYTES = (1 << 20) - OVERHEAD;

    private final List<SealedChange> changes = new ArrayList<>();
    private final List<SealedOutput> outputs = new ArrayList<>();

    private record SealedChange(Plan.Change change, Bytes value) {}

    private record SealedOutput(Destination destination, Bytes value) {}

    /** Serializes a plan; throws if any part of it cannot be written. */
    SealedPlan(Plan plan, WireFormat wire) {
        for (Plan.Change change : plan.changes()) {
            byte[] value = state(change);
            checkSize(value, MOST_STATE_BYTES, "a state value");
            changes.add(new SealedChange(change, Bytes.wrap(value)));
        }
        for (Plan.Output output : plan.outputs()) {
            byte[] key = key(output, wire);
            byte[] value = output.value() == null ? null : wire.value(output.topic(), output.value());
            checkSize(
                    value,
                    output.topic().maxMessageBytes() - OVERHEAD,
                    output.topic().name());
            outputs.add(new SealedOutput(
                    new Destination(
                            output.topic(), Bytes.wrap(key), output.owner().shard()),
                    Bytes.wrap(value)));
        }
    }

    /** Puts the changes and forwards the outputs, stamped with {@code now}. */
    void apply(StoredState state, ProcessorContext<Destination, byte[]> context, Instant now) {
        for (SealedChange change : changes) {
            state.apply(change.change(), bytes(change.value()), now);
        }
        for (SealedOutput output : outputs) {
            context.forward(new Record<>(output.destination(), bytes(output.value()), now.toEpochMilli()));
        }
    }

    private static byte[] bytes(Bytes value) {
        return value == null ? null : value.get();
    }

    private static byte[] state(Plan.Change change) {
        if (change instanceof Plan.Change.SaveCut save) {
            return StateFormat.CUT.write(new Cut(save.id(), save.mailboxOffset()));
        } else if (change instanceof Plan.Change.SaveProfile save) {
            return StateFormat.PROFILE.write(save.profile());
        } else if (change instanceof Plan.Change.SaveActivity save) {
            return StateFormat.ACTIVITY.write(save.activity());
        } else if (change instanceof Plan.Change.Remember remember) {
            return StateFormat.FIRST_COPY.write(remember.copy());
        } else if (change instanceof Plan.Change.SaveTemplate save) {
            return StateFormat.TEMPLATE.write(save.template());
        } else if (change instanceof Plan.Change.Schedule schedule && schedule.pending() != null) {
            return StateFormat.PENDING.write(schedule.pending());
        } else if (change instanceof Plan.Change.SaveRules save) {
            return StateFormat.RULES.write(save.rules());
        } else if (change instanceof Plan.Change.SaveBroadcast save) {
            return StateFormat.BROADCAST.write(save.run());
        } else if (change instanceof Plan.Change.SaveTokenOwner save && save.owner() != null) {
            return StateFormat.TOKEN_OWNER.write(save.owner());
        } else if (change instanceof Plan.Change.SaveBreaker save) {
            return save.breaker().bytes();
        } else if (change instanceof Plan.Change.SaveShare save) {
            return StateFormat.SHARE.write(save.share());
        } else if (change instanceof Plan.Change.SaveLease save) {
            return StateFormat.LEASE.write(save.lease());
        } else if (change instanceof Plan.Change.Erase erase) {
            return ByteBuffer.allocate(Long.BYTES)
                    .putLong(erase.at().toEpochMilli())
                    .array();
        }
        return null;
    }

    private static byte[] key(Plan.Output output, WireFormat wire) {
        if (output.key() != null) {
            return wire.key(output.topic(), output.key());
        }
        return output.topic().key() instanceof Topic.Key.Any
                ? null
                : output.owner().bytes();
    }

    private static void checkSize(byte[] value, int most, String what) {
        if (value != null && value.length > most) {
            throw new PlanTooLargeException(what + " would take " + value.length + " bytes");
        }
    }

    /** Part of a plan is larger than Kafka takes. */
    static final class PlanTooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PlanTooLargeException(String message) {
            super(message);
        }
    }
}
