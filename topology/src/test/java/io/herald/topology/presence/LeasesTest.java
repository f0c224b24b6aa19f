package io.herald.topology.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.GatewayLease;
import io.herald.schema.GatewayLeased;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeasesTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    /** A lease of life {@code one} is there, from second 0 to second 15; at second 10 the gateway speaks. */
    @ParameterizedTest(name = "{4}")
    @CsvSource(nullValues = "-", textBlock = """
            one, 15,  0, 25, it goes on
            one,  0,  0, 10, it stops
            two, 15, 10, 25, another life begins
            two,  0,  -,  -, the farewell of another life says nothing of this one
            """)
    void aGatewayLivesForAsLongAsItSays(String instance, long ttl, Long since, Long until, String why) {
        GatewayLease before = new GatewayLease("gw", "one", second(0), second(15));
        Optional<GatewayLease> after =
                Leases.after(Optional.of(before), new GatewayLeased("gw", instance, ttl * 1_000, START), second(10));
        assertThat(after)
                .isEqualTo(Optional.ofNullable(since)
                        .map(second -> new GatewayLease("gw", instance, second(second), second(until))));
    }

    @Test
    void theFirstWordBeginsALife() {
        assertThat(Leases.after(Optional.empty(), new GatewayLeased("gw", "one", 15_000L, START), second(3)))
                .contains(new GatewayLease("gw", "one", second(3), second(18)));
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(textBlock = """
            14, 15, true,  before it ends
            15, 15, false, when it ends
            16, 15, false, after
            """)
    void aLeaseEnds(long now, long until, boolean valid, String when) {
        assertThat(Leases.isValid(new GatewayLease("gw", "one", second(0), second(until)), second(now)))
                .isEqualTo(valid);
    }

    @Test
    void whatEndedADayAgoIsForgotten() {
        Instant now = START.plus(Duration.ofDays(3));
        List<GatewayLease> all = List.of(
                lease("b-day", now.minus(Leases.KEPT)),
                lease("more", now.minus(Leases.KEPT).minusMillis(1)),
                lease("much-more", now.minus(Duration.ofDays(2))),
                lease("living", now.plusSeconds(15)));
        assertThat(Leases.forgotten(all, lease("saved", now), now)).containsExactly("much-more", "more");
        assertThat(Leases.forgotten(all, lease("more", now), now)).containsExactly("much-more");
    }

    @Test
    void thereAreNeverTooMany() {
        List<GatewayLease> all = new ArrayList<>();
        for (int number = 0; number < Leases.MOST; number++) {
            all.add(lease("gw-" + number, START.plusSeconds((number + 7) % Leases.MOST)));
        }
        assertThat(Leases.forgotten(all, lease("gw-5", START), START)).isEmpty();
        assertThat(Leases.forgotten(all, lease("another", START), START)).containsExactly("gw-" + (Leases.MOST - 7));
    }

    private static GatewayLease lease(String gateway, Instant until) {
        return new GatewayLease(gateway, "one", START, until);
    }

    private static Instant second(long second) {
        return START.plusSeconds(second);
    }
}
