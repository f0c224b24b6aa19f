package io.herald.bench;

import io.herald.schema.Lane;
import io.herald.topology.agenda.Agenda;
import io.herald.topology.agenda.AgendaEntry;
import io.herald.wire.UserKey;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * What a tick costs that finds nothing due, when a million entries wait behind it and the tombstones of another million
 * lie before it; and what handling a due one costs. Beside it the same look from the beginning of the store, as one
 * without a cursor would take.
 */
final class AgendaBench {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int NAIVE_LOOKS = 20;
    private static final int LOOKS = 2_000;
    private static final int PER_TICK = 500;

    private final int entries;
    private final PrintStream progress;

    AgendaBench(boolean quick, PrintStream progress) {
        this.entries = quick ? 200_000 : 1_000_000;
        this.progress = progress;
    }

    /** Measures, with its store under {@code folder}. */
    Report run(Path folder) {
        Report report = new Report();
        Machine.describe(report);
        report.note("entries", entries);
        MockProcessorContext<Void, Void> context =
                new MockProcessorContext<>(settings(), new TaskId(0, 0), folder.toFile());
        KeyValueStore<Bytes, byte[]> store = Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore("agenda"), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        try {
            measure(store, report);
        } finally {
            store.close();
        }
        return report;
    }

    private void measure(KeyValueStore<Bytes, byte[]> store, Report report) {
        Agenda agenda = new Agenda(store);
        progress.printf("putting %,d entries on the agenda%n", 2L * entries);
        for (int number = 0; number < 2 * entries; number++) {
            agenda.add(entry(number));
        }
        progress.printf("popping %,d of them%n", entries);
        Instant half = START.plusMillis(entries - 1L);
        long began = System.nanoTime();
        List<AgendaEntry> due = agenda.due(Lane.BULK, half, PER_TICK);
        while (!due.isEmpty()) {
            due.forEach(agenda::pop);
            due = agenda.due(Lane.BULK, half, PER_TICK);
        }
        double pop = microseconds(System.nanoTime() - began) / entries;

        began = System.nanoTime();
        int found = 0;
        for (int look = 0; look < LOOKS; look++) {
            found += agenda.due(Lane.BULK, half, PER_TICK).size();
        }
        double idle = microseconds(System.nanoTime() - began) / LOOKS;
        began = System.nanoTime();
        for (int look = 0; look < NAIVE_LOOKS; look++) {
            found += fromTheBeginning(store, half);
        }
        double naive = microseconds(System.nanoTime() - began) / NAIVE_LOOKS;
        if (found != 0) {
            throw new IllegalStateException("something was due that had been popped");
        }
        report.line("%,d entries wait, %,d were popped before them".formatted(entries, entries));
        report.row("idle_tick_us", "a tick that finds nothing due", idle, "us");
        report.row("naive_tick_us", "the same from the beginning of the store", naive, "us");
        report.row("idle_ratio", "ratio", naive / idle, "times as long");
        report.row("pop_us", "an entry that is due: found and removed", pop, "us");
    }

    private static int fromTheBeginning(KeyValueStore<Bytes, byte[]> store, Instant until) {
        AgendaEntry last = new AgendaEntry(Lane.BULK, until, AgendaEntry.Kind.RETRY, new UserKey("a", "a"), "");
        try (KeyValueIterator<Bytes, byte[]> all = store.range(null, Bytes.wrap(last.key()))) {
            int found = 0;
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> next = all.next();
                found += next.value.length;
            }
            return found;
        }
    }

    private static AgendaEntry entry(int number) {
        return new AgendaEntry(
                Lane.BULK,
                START.plusMillis(number),
                AgendaEntry.Kind.LEG,
                new UserKey("acme", "user-" + number),
                "0f8fad5b-d9cb-469f-a165-70867728950e/PUSH");
    }

    private static Properties settings() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "agenda-bench");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:9092");
        return settings;
    }

    private static double microseconds(long nanos) {
        return nanos / 1_000.0;
    }
}
