package io.herald.websocket;

import io.herald.schema.Realtime;
import io.herald.wire.UserKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** All open sockets, and which of them are whose. Thread-safe. */
final class Connections implements ChangeSink {
    private final int max;
    private final int perUser;
    private final Frames frames;
    private final ShownReports reports;
    private final AtomicInteger admitted = new AtomicInteger();
    private volatile boolean draining;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
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
        if (draining || admitted.incrementAndGet() > max) {
            release();
            return false;
        }
        return true;
    }

    /** Gives back room that no socket came for. */
    void release() {
        admitted.updateAndGet(count -> Math.max(0, count - 1));
    }

    void opened(Connection connection) {
        open.add(connection);
        if (draining) {
            connection.close(CloseCode.RESTART);
        }
    }

    void closed(Connection connection) {
        open.remove(connection);
        release();
    }

    /** Lets a socket that has shown its token have its user's changes. One too many closes the user's oldest. */
    void join(Connection connection) {
        List<Connection> all = byUser.compute(connection.identity().user(), (user, before) -> {
            List<Connection> after = before == null ? new ArrayList<>() : new ArrayList<>(before);
            after.add(connection);
            return List.copyOf(after);
        });
        if (all.size() > perUser) {
            all.get(0).close(CloseCode.DISPLACED);
        }
    }

    /** Takes a socket out of its user's; does nothing where it is not in. */
    void leave(Connection connection) {
        if (connection.identity() != null) {
            byUser.computeIfPresent(connection.identity().user(), (user, before) -> {
                List<Connection> after = new ArrayList<>(before);
                after.remove(connection);
                return after.isEmpty() ? null : List.copyOf(after);
            });
        }
    }

    @Override
    public boolean wants(UserKey user) {
        return byUser.containsKey(user);
    }

    @Override
    public int push(Realtime change) {
        List<Connection> all = byUser.getOrDefault(new UserKey(change.getTenant(), change.getUser()), List.of());
        Consumer<Boolean> written = reports.of(change, all.size());
        if (!all.isEmpty()) {
            String frame = frames.change(change);
            String type = Frames.type(change);
            Instant at = change.getAt();
            all.forEach(connection -> connection.push(frame, type, at, written));
        }
        return all.size();
    }

    @Override
    public void gap() {
        byUser.values().forEach(all -> all.forEach(connection -> connection.send(frames.resync(), "resync")));
    }

    /** Takes no more sockets from now on, and returns those that are open, with a token or without. */
    List<Connection> drain() {
        draining = true;
        return List.copyOf(open);
    }

    int size() {
        return open.size();
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
