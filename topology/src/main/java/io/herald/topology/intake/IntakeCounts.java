package io.herald.topology.intake;

import io.herald.schema.Reason;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What an intake has done since the process began. Thread-safe. */
public final class IntakeCounts {
    private final LongAdder mails = new LongAdder();
    private final LongAdder ticks = new LongAdder();
    private final Map<Reason, LongAdder> refused = Collections.unmodifiableMap(Arrays.stream(Reason.values())
            .collect(Collectors.toMap(
                    Function.identity(),
                    reason -> new LongAdder(),
                    (one, other) -> one,
                    () -> new EnumMap<>(Reason.class))));

    void countMails(int records) {
        mails.add(records);
    }

    void countTick() {
        ticks.increment();
    }

    void countRefusal(Reason reason) {
        refused.get(reason).increment();
    }

    /** Returns how many records came into the mailbox that are not ticks; one that is for all partitions is one. */
    public long mails() {
        return mails.sum();
    }

    /** Returns how many times all partitions were given a tick. */
    public long ticks() {
        return ticks.sum();
    }

    /** Returns how many records were refused for {@code reason}. */
    public long refused(Reason reason) {
        return refused.get(reason).sum();
    }
}
