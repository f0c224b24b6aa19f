package io.herald.topology.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.InboxAct;
import io.herald.topology.inbox.Inbox.Flags;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Holds the inbox, whatever happens to it, against the plainest one there could be: a map of all items by seq. */
class InboxModelTest {
    /** Something that happens, some days after what was before; no act: items come, of which some are pushed. */
    record Step(int days, int items, InboxAct act, List<Long> seqs, Long upTo) {}

    @Property(tries = 500)
    void isAsGoodAsAListOfItems(@ForAll("histories") List<Step> history, @ForAll boolean retained) {
        Model model = new Model();
        Inbox inbox = new Inbox(0, 0, new byte[0], new byte[0], 0, 0);
        Instant now = Instant.parse("2026-03-01T17:00:00Z");
        for (Step step : history) {
            now = now.plus(Duration.ofHours(step.days() * 24L));
            if (retained) {
                long before = inbox.version();
                assertThat(inbox.dropOld(now)).isEqualTo(model.dropOld(now));
                assertThat(inbox.version() - before).isEqualTo(model.dropped.isEmpty() ? 0 : 1);
            }
            if (step.act() == null) {
                for (int item = 0; item < step.items(); item++) {
                    assertThat(inbox.add(now)).isEqualTo(model.add(now));
                    if (item % 3 == 0) {
                        inbox.pushed(inbox.lastSeq());
                        model.onDevices.add(model.lastSeq);
                    }
                }
            } else {
                long before = inbox.version();
                long watermarks = inbox.seenUpTo() + inbox.readUpTo();
                Map<Long, Flags> changed = inbox.act(InboxTest.acted(step.act(), step.seqs(), step.upTo()));
                assertThat(changed).isEqualTo(model.act(step));
                assertThat(inbox.version() - before)
                        .isEqualTo(changed.isEmpty() && inbox.seenUpTo() + inbox.readUpTo() == watermarks ? 0 : 1);
                assertThat(inbox.clearPushed(changed.keySet())).isEqualTo(model.clear(changed.keySet()));
            }
            model.check(inbox);
            // What is written back and read again goes on as if nothing had happened.
            inbox = new Inbox(
                    inbox.version(), inbox.lastSeq(), inbox.marks(), inbox.ages(), inbox.seenUpTo(), inbox.readUpTo());
            model.check(inbox);
        }
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<Integer> days =
                Arbitraries.frequency(Tuple.of(6, 0), Tuple.of(3, 1), Tuple.of(2, 14), Tuple.of(1, 31));
        Arbitrary<Step> items = Combinators.combine(
                        days, Arbitraries.frequency(Tuple.of(8, 1), Tuple.of(2, 7), Tuple.of(1, 60)))
                .as((later, count) -> new Step(later, count, null, List.of(), null));
        Arbitrary<Long> seqs = Arbitraries.longs().between(-1, 160);
        Arbitrary<Step> acts = Combinators.combine(
                        days, Arbitraries.of(InboxAct.class), seqs.list().ofMaxSize(5), seqs.injectNull(0.6))
                .as((later, act, list, upTo) -> new Step(later, 0, act, list, upTo));
        return Arbitraries.frequencyOf(Tuple.of(1, items), Tuple.of(1, acts))
                .list()
                .ofMaxSize(30);
    }

    private static final class Model {
        private final TreeMap<Long, Flags> items = new TreeMap<>();
        private final Map<Long, LocalDate> came = new HashMap<>();
        private final Set<Long> onDevices = new TreeSet<>();
        private List<Long> dropped = List.of();
        private long lastSeq;
        private long readUpTo;
        private long seenUpTo;

        List<Long> dropOld(Instant now) {
            LocalDate oldest = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(30);
            dropped = items.keySet().stream()
                    .filter(seq -> came.get(seq).isBefore(oldest))
                    .toList();
            dropped.forEach(items::remove);
            return dropped;
        }

        Set<Long> clear(Set<Long> changed) {
            Set<Long> cleared = new TreeSet<>();
            for (long seq : changed) {
                Flags flags = items.get(seq);
                boolean looked = flags.seen() || flags.read() || flags.archived() || flags.dismissed();
                if (looked && onDevices.remove(seq)) {
                    cleared.add(seq);
                }
            }
            return cleared;
        }

        OptionalLong add(Instant now) {
            lastSeq++;
            came.put(lastSeq, LocalDate.ofInstant(now, ZoneOffset.UTC));
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
            assertThat(inbox.seqs()).containsExactlyElementsOf(items.keySet());
            assertThat(inbox.nextRetention())
                    .isEqualTo(items.keySet().stream().findFirst().map(seq -> came.get(seq)
                            .plusDays(31)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant()));
            assertThat(inbox.unread()).isEqualTo((int) items.values().stream()
                    .filter(flags -> !flags.read() && !flags.archived() && !flags.dismissed())
                    .count());
            for (long seq = -1; seq <= lastSeq + 1; seq++) {
                Flags flags = items.getOrDefault(seq, new Flags(false, false, false, false));
                assertThat(inbox.isDone(seq)).isEqualTo(flags.read() || flags.archived() || flags.dismissed());
                assertThat(inbox.isSeen(seq)).isEqualTo(inbox.isDone(seq) || flags.seen());
                assertThat(inbox.wasPushed(seq)).isEqualTo(items.containsKey(seq) && onDevices.contains(seq));
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
