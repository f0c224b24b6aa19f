package io.herald.topology.agenda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.schema.Lane;
import io.herald.wire.UserKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class AgendaEntryTest {
    private static final Comparator<AgendaEntry> ORDER = Comparator.comparing(AgendaEntry::lane)
            .thenComparing(AgendaEntry::due)
            .thenComparing(entry -> entry.user().shard())
            .thenComparing(AgendaEntry::kind);

    @Property
    void readsTheKeyThatItWrites(@ForAll("entries") AgendaEntry entry) {
        assertThat(AgendaEntry.parse(entry.key())).isEqualTo(entry);
    }

    @Property
    void keysAreInTheOrderOfLaneAndTimeAndThenOfShardAndKind(
            @ForAll("entries") AgendaEntry one, @ForAll("entries") AgendaEntry other) {
        int order = ORDER.compare(one, other);
        int keys = Integer.signum(Arrays.compareUnsigned(one.key(), other.key()));
        if (order != 0) {
            assertThat(keys).isEqualTo(Integer.signum(order));
        } else {
            assertThat(keys == 0).isEqualTo(one.equals(other));
        }
    }

    @Property
    void anEntryIsBetweenItsBoundsExactlyWhenItIsDue(
            @ForAll("entries") AgendaEntry entry, @ForAll("moments") Instant now, @ForAll Lane lane) {
        byte[] key = entry.key();
        boolean between = Arrays.compareUnsigned(key, AgendaEntry.first(lane)) >= 0
                && Arrays.compareUnsigned(key, AgendaEntry.after(lane, now)) <= 0;
        assertThat(between).isEqualTo(entry.lane() == lane && !entry.due().isAfter(now));
    }

    @Test
    void theCodesOfTheKeyAreFrozen() {
        UserKey ann = new UserKey("acme", "ann");
        byte[] urgent = new AgendaEntry(Lane.URGENT, Instant.EPOCH, AgendaEntry.Kind.RETRY, ann, "d").key();
        byte[] bulk = new AgendaEntry(Lane.BULK, Instant.EPOCH, AgendaEntry.Kind.HOLD, ann, "d").key();
        byte[] deadline = new AgendaEntry(Lane.BULK, Instant.EPOCH, AgendaEntry.Kind.DEADLINE, ann, "").key();
        // Lane; due; shard 3435; kind; length of the user; user; id.
        assertThat(urgent)
                .containsExactly(
                        0, 0, 0, 0, 0, 0, 0, 0, 0, 13, 107, 0, 0, 8, 'a', 'c', 'm', 'e', '/', 'a', 'n', 'n', 'd');
        assertThat(bulk[0]).isEqualTo((byte) 1);
        assertThat(bulk[11]).isEqualTo((byte) 1);
        assertThat(deadline[11]).isEqualTo((byte) 2);
    }

    @Test
    void refusesAKindOfAnotherBuild() {
        byte[] key = new AgendaEntry(
                        Lane.URGENT, Instant.EPOCH, AgendaEntry.Kind.RETRY, new UserKey("acme", "ann"), "d")
                .key();
        key[11] = 9;
        assertThatThrownBy(() -> AgendaEntry.parse(key)).isInstanceOf(IllegalArgumentException.class);
    }

    @Provide
    Arbitrary<AgendaEntry> entries() {
        return Combinators.combine(
                        Arbitraries.of(Lane.class),
                        moments(),
                        Arbitraries.of(AgendaEntry.Kind.class),
                        Arbitraries.of("ann", "bob", "cyd", "نور", "O'Brien", "x".repeat(128), "😀".repeat(128))
                                .map(user -> new UserKey("acme", user)),
                        Arbitraries.of("", "d-1", "d-2", "نور"))
                .as(AgendaEntry::new);
    }

    @Provide
    Arbitrary<Instant> moments() {
        return Arbitraries.longs()
                .between(0, Instant.parse("9999-12-31T00:00:00Z").toEpochMilli())
                .edgeCases(edges -> edges.add(0L, 1L, 255L, 256L, 257L, 1L << 40))
                .map(Instant::ofEpochMilli);
    }
}
