package io.herald.topology.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.InboxAct;
import io.herald.topology.inbox.Inbox.Flags;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Holds the inbox, whatever happens to it, against the plainest one there could be: a map of all items by seq. */
class InboxModelTest {
    /** Something that happens; no act: items come. */
    record Step(int items, InboxAct act, List<Long> seqs, Long upTo) {}

    @Property(tries = 500)
    void isAsGoodAsAListOfItems(@ForAll("histories") List<Step> history) {
        Model model = new Model();
        Inbox inbox = new Inbox(0, 0, new byte[0], 0, 0);
        for (Step step : history) {
            if (step.act() == null) {
                for (int item = 0; item < step.items(); item++) {
                    assertThat(inbox.add()).isEqualTo(model.add());
                }
            } else {
                long before = inbox.version();
                long watermarks = inbox.seenUpTo() + inbox.readUpTo();
                Map<Long, Flags> changed = inbox.act(InboxTest.acted(step.act(), step.seqs(), step.upTo()));
                assertThat(changed).isEqualTo(model.act(step));
                assertThat(inbox.version() - before)
                        .isEqualTo(changed.isEmpty() && inbox.seenUpTo() + inbox.readUpTo() == watermarks ? 0 : 1);
            }
            model.check(inbox);
            // What is written back and read again goes on as if nothing had happened.
            inbox = new Inbox(inbox.version(), inbox.lastSeq(), inbox.marks(), inbox.seenUpTo(), inbox.readUpTo());
            model.check(inbox);
        }
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<Step> items = Arbitraries.frequency(Tuple.of(8, 1), Tuple.of(2, 7), Tuple.of(1, 60))
                .map(count -> new Step(count, null, List.of(), null));
        Arbitrary<Long> seqs = Arbitraries.longs().between(-1, 160);
        Arbitrary<Step> acts = Combinators.combine(
                        Arbitraries.of(InboxAct.class), seqs.list().ofMaxSize(5), seqs.injectNull(0.6))
                .as((act, list, upTo) -> new Step(0, act, list, upTo));
        return Arbitraries.frequencyOf(Tuple.of(1, items), Tuple.of(1, acts))
                .list()
                .ofMaxSize(30);
    }

    private static final class Model {
        private final TreeMap<Long, Flags> items = new TreeMap<>();
        private long lastSeq;
        private long readUpTo;
        private long seenUpTo;

        OptionalLong add() {
            lastSeq++;
            items.put(lastSeq, new Flags(false, false, false, false));
            return items.size() > Inbox.KEPT
                    ? OptionalLong.of(items.pollFirstEntry().getKey())
                    : OptionalLong.empty();
        }

        Map<Long, Flags> act(Step step) {
            Map<Long, Flags> changed = new TreeMap<>();
            items.forEach((seq, flags) -> {
                boolean named = step.seqs().contains(seq) || (step.upTo() != null && seq <= step.upTo());
                Flags after = named ? after(step.act(), flags) : flags;
                if (!after.equals(flags)) {
                    changed.put(seq, after);
                }
            });
            items.putAll(changed);
            long mark = step.upTo() == null ? 0 : Math.min(step.upTo(), lastSeq);
            if (step.act() == InboxAct.READ) {
                readUpTo = Math.max(readUpTo, mark);
            }
            if (step.act() == InboxAct.READ || step.act() == InboxAct.SEEN) {
                seenUpTo = Math.max(seenUpTo, mark);
            }
            return changed;
        }

        void check(Inbox inbox) {
            assertThat(inbox.lastSeq()).isEqualTo(lastSeq);
            assertThat(inbox.marks()).hasSize(items.size());
            assertThat(inbox.unread()).isEqualTo((int) items.values().stream()
                    .filter(flags -> !flags.read() && !flags.archived())
                    .count());
            for (long seq = -1; seq <= lastSeq + 1; seq++) {
                Flags flags = items.getOrDefault(seq, new Flags(false, false, false, false));
                assertThat(inbox.isDone(seq)).isEqualTo(flags.read() || flags.archived() || flags.dismissed());
            }
            assertThat(inbox.readUpTo()).isEqualTo(readUpTo);
            assertThat(inbox.seenUpTo()).isEqualTo(seenUpTo);
        }

        private static Flags after(InboxAct act, Flags flags) {
            return switch (act) {
                case SEEN -> new Flags(true, flags.read(), flags.archived(), flags.dismissed());
                case READ -> new Flags(true, true, flags.archived(), flags.dismissed());
                case UNREAD -> new Flags(flags.seen(), false, flags.archived(), flags.dismissed());
                case ARCHIVED -> new Flags(flags.seen(), flags.read(), true, flags.dismissed());
                case DISMISSED -> new Flags(true, flags.read(), flags.archived(), true);
            };
        }
    }
}
