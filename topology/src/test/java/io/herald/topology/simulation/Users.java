package io.herald.topology.simulation;

import io.herald.schema.GatewayLeased;
import io.herald.schema.InboxAct;
import io.herald.schema.InboxActed;
import io.herald.schema.PresenceChanged;
import io.herald.schema.PresenceState;
import io.herald.schema.Realtime;
import io.herald.schema.SocketOutcome;
import io.herald.schema.SocketReported;
import io.herald.topic.Topics;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** People and their apps: sockets that come and go, gateways that say what they showed, items that are read; or not. */
final class Users {
    private static final List<String> GATEWAYS = List.of("gw1", "gw2");
    /** The other one is of an older build, and says nothing of itself. */
    private static final String LEASES = "gw1";

    private final World world;
    private final Chance chance;
    private final List<Socket> sockets = new ArrayList<>();
    private final Map<UserKey, Long> lastSeq = new HashMap<>();
    private final boolean calm;
    private int connections;
    private int life;

    private record Socket(UserKey user, String device, String connection, String gateway) {}

    /** Makes them; those who are {@code calm} look at what they are shown at once, and leave it at that. */
    Users(World world, Chance chance, boolean calm) {
        this.world = world;
        this.chance = chance;
        this.calm = calm;
    }

    /** A change of an inbox has come to a gateway. */
    void saw(String gateway, Realtime change) {
        UserKey user = new UserKey(change.getTenant(), change.getUser());
        if (!change.getAskGateways().contains(gateway)) {
            return;
        }
        if (calm || chance.percent(94)) {
            Duration soon = Duration.ofMillis(chance.between(5, 1_500));
            world.after(soon, () -> answer(user, change.getNotificationId(), gateway));
        }
        if (calm) {
            long seq = change.getLastSeq();
            world.after(Duration.ofSeconds(3), () -> act(user, InboxAct.SEEN, List.of(seq), null));
        }
    }

    /** An item is in an inbox, where its user finds it sooner or later. */
    void got(UserKey user, long seq) {
        lastSeq.put(user, seq);
        if (!calm && chance.percent(40)) {
            Duration later = chance.between(Duration.ofSeconds(2), Duration.ofHours(8));
            world.after(later, () -> act(user, List.of(seq), null));
        }
    }

    /** Somebody does something in an inbox, whether there is such an item or not. */
    void act(UserKey user) {
        long last = lastSeq.getOrDefault(user, 0L);
        if (chance.percent(30)) {
            act(user, List.of(), chance.between(0L, last + 2));
        } else {
            act(user, List.of(chance.between(1L, last + 2), chance.between(1L, last + 1)), null);
        }
    }

    /** An app connects, or one that is connected goes; some go without a word. */
    void connectOrGo(UserKey user) {
        List<Socket> open =
                sockets.stream().filter(socket -> socket.user().equals(user)).toList();
        if (open.isEmpty() || chance.percent(50)) {
            connect(user, chance);
        } else {
            Socket socket = chance.oneOf(open);
            sockets.remove(socket);
            if (chance.percent(60)) {
                say(socket, PresenceState.DISCONNECTED);
            }
        }
    }

    /** An app connects; {@code drawn} says which, and where. */
    void connect(UserKey user, Chance drawn) {
        Socket socket = new Socket(user, drawn.oneOf("web", "tablet"), "c" + connections++, drawn.oneOf(GATEWAYS));
        boolean leases = !calm && socket.gateway().equals(LEASES);
        if (leases && chance.percent(10)) {
            // Killed, and started again: none of its sockets says goodbye.
            life++;
            sockets.removeIf(other -> other.gateway().equals(LEASES));
        }
        sockets.add(socket);
        boolean late = leases && chance.percent(20);
        if (leases && !late) {
            lease();
        }
        say(socket, PresenceState.CONNECTED);
        if (leases && late) {
            lease();
        }
    }

    // Mostly for long enough to show something; now and then the farewell of an earlier life, which comes late.
    private void lease() {
        boolean earlier = life > 0 && chance.percent(10);
        long ttl = earlier || chance.percent(10) ? 0 : chance.between(1_000L, 600_000L);
        String spoken = "life-" + (earlier ? life - 1 : life);
        world.send(Topics.GATEWAY_LEASED, new GatewayLeased(LEASES, spoken, ttl, world.now()));
    }

    /** An app connects, and is gone without a word. */
    void connectInVain(UserKey user) {
        connect(user, chance);
        sockets.removeIf(socket -> socket.user().equals(user));
    }

    private void say(Socket socket, PresenceState state) {
        world.send(
                Topics.PRESENCE_CHANGED,
                new PresenceChanged(
                        socket.user().tenant(),
                        socket.user().user(),
                        socket.device(),
                        socket.connection(),
                        socket.gateway(),
                        state,
                        world.now(),
                        !calm && socket.gateway().equals(LEASES) ? "life-" + life : null));
    }

    private void answer(UserKey user, String notification, String gateway) {
        boolean shown = sockets.stream()
                .anyMatch(
                        socket -> socket.user().equals(user) && socket.gateway().equals(gateway));
        world.send(
                Topics.SOCKET_REPORTED,
                new SocketReported(
                        user.tenant(),
                        user.user(),
                        notification,
                        gateway,
                        shown ? SocketOutcome.SHOWN : SocketOutcome.NO_SOCKET));
    }

    private void act(UserKey user, List<Long> seqs, Long upTo) {
        InboxAct act = chance.oneOf(
                InboxAct.READ,
                InboxAct.READ,
                InboxAct.READ,
                InboxAct.SEEN,
                InboxAct.SEEN,
                InboxAct.DISMISSED,
                InboxAct.ARCHIVED,
                InboxAct.UNREAD);
        act(user, act, seqs, upTo);
    }

    private void act(UserKey user, InboxAct act, List<Long> seqs, Long upTo) {
        world.send(
                Topics.INBOX_ACTED,
                InboxActed.newBuilder()
                        .setTenant(user.tenant())
                        .setUser(user.user())
                        .setAct(act)
                        .setSeqs(seqs)
                        .setUpToSeq(upTo)
                        .setAt(world.now())
                        .build());
    }
}
