package io.herald.websocket;

import io.herald.schema.Realtime;
import io.herald.wire.UserKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** All open sockets and streams, and which of them are whose. Thread-safe. */
final class Connections implements ChangeSink {
    private final int max;
    private final int perUser;
    private final Frames frames;
    private final ShownReports reports;
    private final AtomicInteger admitted = new AtomicInteger();
    private volatile boolean draining;
    private final AtomicInteger open = new AtomicInteger();
    private final List<Set<Connection>> loops = new CopyOnWriteArrayList<>();
    // The lists are never changed, but replaced: who pushes reads one without a lock. Oldest first.
    private final Map<UserKey, List<Connection>> byUser = new ConcurrentHashMap<>();
    private final AtomicLong outboundBytes = new AtomicLong();

    /**
     * Creates an empty set.
     *
     * @param max how many sockets may be open
     * @param perUser how many of them one user may have
     * @param reports told of what is pushed
     */
    Connections(int max, int perUser, Frames frames, ShownReports reports) {
        this.max = max;
        this.perUser = perUser;
        this.frames = frames;
        this.reports = reports;
    }

    /** Makes room for one more socket, or returns false where there is none, or no more are taken. */
    boolean tryAdmit() {
        if (draining) {
            return false;
        }
        boolean isRoom = admitted.incrementAndGet() <= max;
        if (!isRoom) {
            release();
        }
        return isRoom;
    }

    /** Gives back room that no socket came for. */
    void release() {
        admitted.updateAndGet(count -> Math.max(0, count - 1));
    }

    /** Returns an empty set for the connections of one event loop, which keeps it. */
    Set<Connection> loop() {
        Set<Connection> loop = ConcurrentHashMap.newKeySet();
        loops.add(loop);
        return loop;
    }

    void opened(Connection connection) {
        open.incrementAndGet();
        if (draining) {
            connection.close(CloseCode.RESTART);
        }
    }

    void closed() {
        open.decrementAndGet();
        release();
    }

    /** Lets a socket that has shown its token have its user's changes. Those too many are closed, the oldest first. */
    void join(Connection connection) {
        List<Connection> all = byUser.compute(connection.identity().user(), (user, before) -> {
            List<Connection> after = before == null ? new ArrayList<>() : new ArrayList<>(before);
            after.add(connection);
            return List.copyOf(after);
        });
        // All of them: those that were told so before may still be here.
        all.subList(0, Math.max(0, all.size() - perUser)).forEach(oldest -> oldest.close(CloseCode.DISPLACED));
    }

    /** Takes a socket out of its user's; does nothing where it is not in. */
    void leave(Connection connection) {
        if (connection.identity() == null) {
            return;
        }
        UserKey user = connection.identity().user();
        List<Connection> left = byUser.computeIfPresent(user, (key, before) -> {
            List<Connection> after = new ArrayList<>(before);
            after.remove(connection);
            return after.isEmpty() ? null : List.copyOf(after);
        });
        if (left == null) {
            reports.gone(user);
        }
    }

    /** Returns the user's connection of this id, or null where there is none here. */
    Connection find(UserKey user, String id) {
        return byUser.getOrDefault(user, List.of()).stream()
                .filter(connection -> connection.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    /** A client of the user has every item up to here. */
    void acknowledged(UserKey user, long upTo) {
        reports.acknowledged(user, upTo);
    }

    @Override
    public int push(Realtime change) {
        UserKey user = new UserKey(change.getTenant(), change.getUser());
        if (change.getConnectionId() != null) {
            return hello(user, change);
        }
        // Before the look at who is here: whoever leaves after it takes the question along.
        reports.pushing(change, System.nanoTime());
        List<Connection> all = byUser.getOrDefault(user, List.of());
        if (all.isEmpty()) {
            reports.gone(user);
        } else {
            Frame frame = frames.change(change);
            Instant at = change.getAt();
            all.forEach(connection -> connection.push(frame, at));
        }
        return all.size();
    }

    private int hello(UserKey user, Realtime change) {
        Connection connection = find(user, change.getConnectionId());
        if (connection == null) {
            return 0;
        }
        long version = change.getVersion() == null ? 0 : change.getVersion();
        connection.hello(frames.change(change), new Position(change.getLastSeq(), version, null));
        return 1;
    }

    @Override
    public void gap() {
        byUser.values().forEach(all -> all.forEach(Connection::resync));
    }

    /** Takes no more sockets from now on, and returns those that are open, with a token or without. */
    List<Connection> drain() {
        draining = true;
        return loops.stream().flatMap(Set::stream).toList();
    }

    boolean isDraining() {
        return draining;
    }

    int size() {
        return open.get();
    }

    /** Returns how many sockets have shown a token. */
    int authenticated() {
        return byUser.values().stream().mapToInt(List::size).sum();
    }

    /** Returns the count of bytes that wait at all sockets together. */
    AtomicLong outboundBytes() {
        return outboundBytes;
    }
}
