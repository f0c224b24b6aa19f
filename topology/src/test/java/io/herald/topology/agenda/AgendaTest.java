package io.herald.topology.agenda;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Lane;
import io.herald.wire.UserKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class AgendaTest {
    private static final Comparator<AgendaEntry> BY_KEY =
            (one, other) -> Arrays.compareUnsigned(one.key(), other.key());

    @Test
    void returnsWhatIsDueEarliestFirst() {
        Agenda agenda = new Agenda(store());
        List.of(30, 10, 20, 40).forEach(due -> agenda.add(entry(Lane.URGENT, due, "d")));
        assertThat(agenda.due(Lane.URGENT, at(30), 10))
                .containsExactly(entry(Lane.URGENT, 10, "d"), entry(Lane.URGENT, 20, "d"), entry(Lane.URGENT, 30, "d"));
    }

    @Test
    void whatIsDueStaysUntilItIsPopped() {
        Agenda agenda = new Agenda(store());
        agenda.add(entry(Lane.URGENT, 10, "d"));
        assertThat(agenda.due(Lane.URGENT, at(10), 10)).hasSize(1);
        assertThat(agenda.due(Lane.URGENT, at(10), 10)).hasSize(1);
        agenda.pop(entry(Lane.URGENT, 10, "d"));
        assertThat(agenda.due(Lane.URGENT, at(10), 10)).isEmpty();
    }

    @Test
    void returnsNoMoreThanThereIsCreditFor() {
        Agenda agenda = new Agenda(store());
        List.of("a", "b", "c").forEach(id -> agenda.add(entry(Lane.BULK, 10, id)));
        assertThat(agenda.due(Lane.BULK, at(10), -1)).isEmpty();
        assertThat(agenda.due(Lane.BULK, at(10), 0)).isEmpty();
        assertThat(agenda.due(Lane.BULK, at(10), 2)).hasSize(2);
    }

    @Test
    void lanesDoNotSeeEachOther() {
        Agenda agenda = new Agenda(store());
        agenda.add(entry(Lane.BULK, 10, "d"));
        assertThat(agenda.due(Lane.URGENT, at(Long.MAX_VALUE / 2), 10)).isEmpty();
        agenda.add(entry(Lane.URGENT, 20, "d"));
        assertThat(agenda.due(Lane.BULK, at(Long.MAX_VALUE / 2), 10)).containsExactly(entry(Lane.BULK, 10, "d"));
    }

    @Test
    void theSameEntryTwiceIsOne() {
        Agenda agenda = new Agenda(store());
        agenda.add(entry(Lane.URGENT, 10, "d"));
        agenda.add(entry(Lane.URGENT, 10, "d"));
        assertThat(agenda.due(Lane.URGENT, at(10), 10)).hasSize(1);
    }

    @Test
    void anEntryThatIsDueBeforeWhatWasPoppedIsNotMissed() {
        Agenda agenda = new Agenda(store());
        agenda.add(entry(Lane.URGENT, 10, "d"));
        agenda.pop(entry(Lane.URGENT, 10, "d"));
        agenda.add(entry(Lane.URGENT, 5, "late"));
        assertThat(agenda.due(Lane.URGENT, at(10), 10)).containsExactly(entry(Lane.URGENT, 5, "late"));
    }

    /** One step: an entry is added, or so many due ones are popped; or the task starts anew. */
    record Step(AgendaEntry add, int now, int pop, boolean restart) {}

    @Property(tries = 400)
    void theCursorChangesNothing(@ForAll("steps") List<Step> steps) {
        KeyValueStore<Bytes, byte[]> store = store();
        Agenda agenda = new Agenda(store);
        TreeSet<AgendaEntry> model = new TreeSet<>(BY_KEY);
        for (Step step : steps) {
            if (step.restart()) {
                agenda = new Agenda(store);
            }
            if (step.add() != null) {
                agenda.add(step.add());
                model.add(step.add());
            }
            for (Lane lane : Lane.values()) {
                List<AgendaEntry> expected = new ArrayList<>(model);
                expected.removeIf(entry -> entry.lane() != lane || entry.due().isAfter(at(step.now())));
                List<AgendaEntry> some = expected.subList(0, Math.min(step.pop(), expected.size()));
                assertThat(agenda.due(lane, at(step.now()), 1_000)).isEqualTo(expected);
                assertThat(new Agenda(store).due(lane, at(step.now()), 1_000)).isEqualTo(expected);
                assertThat(agenda.due(lane, at(step.now()), step.pop())).isEqualTo(some);
                for (AgendaEntry entry : some) {
                    agenda.pop(entry);
                    model.remove(entry);
                }
            }
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<AgendaEntry> entries = Combinators.combine(
                        Arbitraries.of(Lane.class),
                        Arbitraries.integers().between(0, 20),
                        Arbitraries.of("a", "b", "c"))
                .as(AgendaTest::entry);
        return Combinators.combine(
                        entries.injectNull(0.3),
                        Arbitraries.integers().between(0, 25),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.frequency(Tuple.of(9, false), Tuple.of(1, true)))
                .as(Step::new)
                .list()
                .ofMaxSize(40);
    }

    private static AgendaEntry entry(Lane lane, int due, String id) {
        return new AgendaEntry(lane, at(due), AgendaEntry.Kind.RETRY, new UserKey("acme", "ann"), id);
    }

    private static Instant at(long millis) {
        return Instant.ofEpochMilli(millis);
    }

    private static KeyValueStore<Bytes, byte[]> store() {
        KeyValueStore<Bytes, byte[]> store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore("agenda"), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        MockProcessorContext<Void, Void> context = new MockProcessorContext<>();
        store.init(context.getStateStoreContext(), store);
        return store;
    }
}
