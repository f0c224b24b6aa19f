package io.herald.websocket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.herald.api.InboxRow;
import io.herald.api.InboxSnapshot;
import io.herald.api.InboxSummary;
import io.herald.schema.InboxItem;
import io.herald.schema.InboxMark;
import io.herald.schema.Realtime;
import io.herald.wire.UserKey;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A router with one user, the three sinks of the inbox, each of which lags as it likes, and a gateway with one client,
 * which leaves and comes back. The gateway's part is the real one: {@link CatchUp}, {@link InboxGap}, {@link Frames}.
 */
final class InboxWorld {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UserKey ANN = new UserKey("demo", "ann");
    private static final Instant AT = Instant.parse("2026-01-01T12:00:00Z");
    /** Few, so that some clients come back too late. */
    private static final int KEPT = 8;

    private static final int LIMIT = 1_000_000;

    private final Frames frames = new Frames();
    private final Client client = new Client();
    // The router.
    private long lastSeq;
    private long version;
    private final TreeMap<Long, InboxMark> items = new TreeMap<>();
    // What is on its way into each table, and to the gateway.
    private final Deque<Runnable> itemSink = new ArrayDeque<>();
    private final Deque<Runnable> markSink = new ArrayDeque<>();
    private final Deque<Runnable> userSink = new ArrayDeque<>();
    private final Deque<Realtime> live = new ArrayDeque<>();
    // The tables.
    private final TreeSet<Long> itemTable = new TreeSet<>();
    private final TreeMap<Long, InboxMark> markTable = new TreeMap<>();
    private InboxSummary userTable;
    // The connection.
    private boolean connected;
    private CatchUp catchUp;
    private Position taken;
    private long complete;
    private boolean dedupes;

    /** What the client has. */
    static final class Client {
        private final List<Long> seqs = new ArrayList<>();
        private final TreeMap<Long, Long> marks = new TreeMap<>();
        private final Set<Long> read = new HashSet<>();
        private Position position = new Position(0, 0, null);

        List<Long> seqs() {
            return seqs;
        }

        Position position() {
            return position;
        }

        Set<Long> readOf(Set<Long> kept) {
            return kept.stream().filter(read::contains).collect(Collectors.toSet());
        }

        private void mark(long seq, long version, boolean isRead) {
            if (version >= marks.getOrDefault(seq, 0L)) {
                marks.put(seq, version);
                if (isRead) {
                    read.add(seq);
                }
            }
        }
    }

    Client client() {
        return client;
    }

    long lastSeq() {
        return lastSeq;
    }

    Set<Long> kept() {
        return items.keySet();
    }

    Set<Long> read() {
        return items.entrySet().stream()
                .filter(item -> item.getValue() != null)
                .map(item -> item.getKey())
                .collect(Collectors.toSet());
    }

    static InboxItem item(long seq) {
        return InboxItem.newBuilder()
                .setNotificationId("n" + seq)
                .setCategory("comment")
                .setTitle("t")
                .setBody("b")
                .setCreatedAt(AT)
                .setExpiresAt(AT)
                .build();
    }

    /** Lets one thing happen. */
    void move(int choice) {
        switch (choice % 9) {
            case 0 -> add();
            case 1 -> read(choice);
            case 2, 3 -> next(itemSink);
            case 4 -> next(markSink);
            case 5 -> next(userSink);
            case 6 -> hear();
            case 7 -> look();
            default -> come();
        }
    }

    /** Lets all arrive that is on its way, with the client there. */
    void settle() {
        while (!(itemSink.isEmpty() && markSink.isEmpty() && userSink.isEmpty() && live.isEmpty())) {
            next(itemSink);
            next(markSink);
            next(userSink);
            hear();
        }
        look();
        connected = false;
        come();
        hear();
        look();
    }

    private void add() {
        lastSeq++;
        version++;
        long seq = lastSeq;
        items.put(seq, null);
        itemSink.add(() -> itemTable.add(seq));
        if (items.size() > KEPT) {
            long gone = items.firstKey();
            items.remove(gone);
            itemSink.add(() -> itemTable.remove(gone));
            markSink.add(() -> markTable.remove(gone));
        }
        summary();
        tell(change().setSeqs(List.of(seq)).setItem(item(seq)).build());
    }

    private void read(int choice) {
        if (items.isEmpty()) {
            return;
        }
        long seq = List.copyOf(items.keySet()).get(choice % items.size());
        if (items.get(seq) == null) {
            version++;
            InboxMark mark = new InboxMark(version, true, true, false, AT, false);
            items.put(seq, mark);
            markSink.add(() -> markTable.put(seq, mark));
            summary();
            tell(change().setSeqs(List.of(seq)).setMark(mark).build());
        }
    }

    private void summary() {
        InboxSummary summary = new InboxSummary(version, lastSeq, unread(), 0, 0, 1, "", AT);
        userSink.add(() -> userTable = summary);
    }

    private int unread() {
        return (int) items.values().stream().filter(mark -> mark == null).count();
    }

    private Realtime.Builder change() {
        return Realtime.newBuilder()
                .setTenant("demo")
                .setUser("ann")
                .setAt(AT)
                .setUnread(unread())
                .setLastSeq(lastSeq)
                .setVersion(version);
    }

    private void tell(Realtime change) {
        if (connected) {
            live.add(change);
        }
    }

    private void come() {
        connected = !connected;
        live.clear();
        catchUp = null;
        taken = null;
        if (connected) {
            complete = 0;
            dedupes = false;
            catchUp = new CatchUp(client.position, 0, LIMIT);
            live.add(change().setSeqs(List.of()).setConnectionId("c").build());
        }
    }

    private void hear() {
        Realtime change = live.poll();
        if (change == null) {
            return;
        }
        Frame frame = frames.change(change);
        if (change.getConnectionId() != null) {
            taken = new Position(change.getLastSeq(), change.getVersion(), null);
        } else if (catchUp != null) {
            catchUp.keep(frame, AT);
        } else if (frame.seq() == 0 || frame.seq() > complete) {
            show(frame);
        }
    }

    private void look() {
        if (catchUp == null || taken == null) {
            return;
        }
        Optional<Missed> missed = new InboxGap(ANN, catchUp.since(), taken).in(tables());
        missed.ifPresent(found -> {
            CatchUp done = catchUp;
            catchUp = null;
            if (found instanceof Missed.Changes changes) {
                changes.changes().forEach(change -> show(frames.change(change)));
                complete = done.after(changes.lastSeq(), (frame, at) -> show(frame));
                client.position =
                        Position.parse(frames.caughtUp(changes, complete).position());
            } else {
                startOver();
                done.after(0, (frame, at) -> show(frame));
            }
        });
    }

    /** What a client does that is told to resync: it reads its inbox, once that is as far as the greeting. */
    private void startOver() {
        while (!(userTable != null && userTable.version() >= taken.version() && tables().isWhole())) {
            next(itemSink);
            next(markSink);
            next(userSink);
        }
        client.seqs.clear();
        client.read.clear();
        client.marks.clear();
        tables().rows().forEach(row -> {
            client.seqs.add(row.seq());
            if (row.mark() != null) {
                client.mark(row.seq(), row.mark().getVersion(), row.mark().getRead());
            }
        });
        complete = 0;
        dedupes = true;
        client.position = new Position(tables().upTo(), 0, 1);
    }

    private InboxSnapshot tables() {
        return new InboxSnapshot(
                userTable,
                itemTable.stream()
                        .map(seq -> new InboxRow(seq, item(seq), markTable.get(seq)))
                        .toList(),
                AT);
    }

    private void show(Frame frame) {
        JsonNode told = json(frame.text());
        // Only who was told to resync may get what it has: it read while this was kept for it.
        if (told.has("item") && !(dedupes && client.seqs.contains(frame.seq()))) {
            client.seqs.add(frame.seq());
        }
        if (told.has("mark")) {
            JsonNode mark = told.get("mark");
            told.path("seqs")
                    .forEach(seq -> client.mark(
                            seq.asLong(),
                            mark.get("version").asLong(),
                            mark.get("read").asBoolean()));
        }
        if (frame.position() != null) {
            Position reached = Position.parse(frame.position());
            client.position = new Position(reached.seq(), reached.version(), client.position.epoch());
        }
    }

    private static void next(Deque<Runnable> sink) {
        if (!sink.isEmpty()) {
            sink.poll().run();
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
