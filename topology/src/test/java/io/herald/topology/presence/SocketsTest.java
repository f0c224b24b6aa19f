package io.herald.topology.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Connection;
import io.herald.schema.GatewayLease;
import io.herald.schema.PresenceChanged;
import io.herald.schema.PresenceState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocketsTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final int A_DAY = 24 * 60 * 60;

    @Test
    void aSocketIsThereFromWhenItOpensUntilItCloses() {
        List<Connection> one = Sockets.after(List.of(), said("c1", "gw-1", PresenceState.CONNECTED), second(1));
        assertThat(one).containsExactly(new Connection("laptop", "c1", "gw-1", second(1), "life", false));
        assertThat(Sockets.after(one, said("c1", "gw-2", PresenceState.DISCONNECTED), second(2)))
                .as("the same name at another gateway")
                .isEqualTo(one);
        assertThat(Sockets.after(one, said("c1", "gw-1", PresenceState.DISCONNECTED), second(2)))
                .isEmpty();
    }

    @Test
    void whatIsToldTwiceIsThereOnce() {
        List<Connection> once = Sockets.after(List.of(), said("c1", "gw-1", PresenceState.CONNECTED), second(1));
        assertThat(Sockets.after(once, said("c1", "gw-1", PresenceState.CONNECTED), second(2)))
                .hasSize(1);
        assertThat(Sockets.after(List.of(), said("c1", "gw-1", PresenceState.DISCONNECTED), second(2)))
                .isEmpty();
    }

    @Test
    void theFirstGoesWhenThereAreTooMany() {
        List<Connection> open = List.of();
        for (int number = 0; number <= Sockets.MOST; number++) {
            open = Sockets.after(open, said("c" + number, "gw-1", PresenceState.CONNECTED), second(number));
        }
        assertThat(open).hasSize(Sockets.MOST);
        assertThat(open.get(0).getConnectionId()).isEqualTo("c1");
    }

    /** The gateway's life {@code two} began at second 10, and its lease ends {@code lasts} after; it is second 20. */
    @ParameterizedTest(name = "{4}")
    @CsvSource(nullValues = "-", textBlock = """
            two, 12, 15, true,  true,  a socket of this life
            two,  9, 15, true,  true,  whose life was heard of after it
            two, 12,  5, true,  false, a gateway that says nothing any more is still told
            one,  9, 15, false, false, a socket of the life before
            one, 10, 15, true,  true,  in the same moment nobody can say
            one, 12, 15, true,  true,  a life of which there is no lease yet
            -,    9, 15, false, false, a build before there were lives
            -,   12, 15, true,  true,  a build that has leases only
            """)
    void aSocketIsOfALife(String instance, long since, long lasts, boolean living, boolean online, String why) {
        Sockets.Leased leases =
                gateway -> Optional.of(new GatewayLease(gateway, "two", second(10), second(10 + lasts)));
        List<Connection> open = List.of(new Connection("laptop", "c1", "gw-1", second(since), instance, false));
        List<Connection> still = Sockets.living(open, leases, second(20));
        assertThat(still.isEmpty()).isEqualTo(!living);
        assertThat(Sockets.isOnline(still, leases, second(20))).isEqualTo(online);
    }

    @ParameterizedTest(name = "{4}")
    @CsvSource(nullValues = "-", textBlock = """
            -,   0, true,  true,  an older build is taken at its word
            one, 5, true,  false, nobody heard the gateway yet
            one, 0, false, false, nor will anybody
            """)
    void aGatewayWithoutALease(String instance, long since, boolean living, boolean online, String why) {
        Instant now = second(A_DAY);
        List<Connection> open = List.of(new Connection("laptop", "c1", "gw-1", second(since), instance, false));
        List<Connection> still = Sockets.living(open, gateway -> Optional.empty(), now);
        assertThat(still.isEmpty()).isEqualTo(!living);
        assertThat(Sockets.isOnline(still, gateway -> Optional.empty(), now)).isEqualTo(online);
    }

    @Test
    void aGatewayThatCouldNotShowAnItemIsNotCountedOnUntilItShowsOne() {
        List<Connection> open = List.of(at("gw-1"), at("gw-2"));
        List<Connection> one = Sockets.answered(open, "gw-1", false);
        assertThat(online(one)).isTrue();
        List<Connection> none = Sockets.answered(one, "gw-2", false);
        assertThat(online(none)).isFalse();
        assertThat(Sockets.gateways(none)).containsExactly("gw-1", "gw-2");
        assertThat(online(Sockets.answered(none, "gw-2", true))).isTrue();
        Sockets.Leased leases =
                gateway -> Optional.of(new GatewayLease(gateway, "life", START.minusSeconds(1), second(15)));
        List<Connection> anew = Sockets.after(none, said("c9", "gw-1", PresenceState.CONNECTED), START);
        assertThat(Sockets.isOnline(anew, leases, START)).as("one opens anew").isTrue();
    }

    @Test
    void eachGatewayIsToldOnce() {
        assertThat(Sockets.gateways(List.of(at("gw-2"), at("gw-1"), at("gw-2"))))
                .containsExactly("gw-1", "gw-2");
        assertThat(Sockets.gateways(List.of())).isEmpty();
    }

    private static boolean online(List<Connection> open) {
        return Sockets.isOnline(open, gateway -> Optional.empty(), START);
    }

    private static Connection at(String gateway) {
        return new Connection("laptop", "c1", gateway, START, null, false);
    }

    private static PresenceChanged said(String connection, String gateway, PresenceState state) {
        return new PresenceChanged("acme", "ana", "laptop", connection, gateway, state, START, "life");
    }

    private static Instant second(long second) {
        return START.plusSeconds(second);
    }
}
