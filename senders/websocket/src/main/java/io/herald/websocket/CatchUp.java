package io.herald.websocket;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** What changes while a client is brought up to date: kept back until it has what was before. Not thread-safe. */
final class CatchUp {
    /** In which the router has to have taken the connection in. */
    private static final Duration HELLO = Duration.ofSeconds(5);
    /** In which the missed have to be read, and that is thrice what {@link Resume} may wait. */
    private static final Duration READ = Duration.ofSeconds(6);

    private record Kept(Frame frame, Instant at) {}

    private final Position since;
    private final long start;
    private final int limit;
    private final List<Kept> kept = new ArrayList<>();
    private long bytes;
    private boolean reading;

    /**
     * Begins.
     *
     * @param now in nanoseconds, by the clock of {@link #isLate}
     * @param limit bytes that may be kept
     */
    CatchUp(Position since, long now, int limit) {
        this.since = since;
        this.start = now;
        this.limit = limit;
    }

    Position since() {
        return since;
    }

    /** Returns true the first time. */
    boolean startReading() {
        boolean isFirst = !reading;
        reading = true;
        return isFirst;
    }

    boolean isLate(long now) {
        Duration bound = reading ? HELLO.plus(READ) : HELLO;
        return now - start >= bound.toNanos();
    }

    void keep(Frame frame, Instant at) {
        bytes += frame.bytes();
        if (isOverfull()) {
            kept.clear();
        } else {
            kept.add(new Kept(frame, at));
        }
    }

    /** Returns whether more changed than is kept; then nothing is. */
    boolean isOverfull() {
        return bytes > limit;
    }

    /**
     * Hands over what was kept, without the items up to {@code lastSeq}: those were read.
     *
     * @return the highest seq that there is then
     */
    long after(long lastSeq, BiConsumer<Frame, Instant> deliver) {
        long highest = lastSeq;
        for (Kept one : kept) {
            long seq = one.frame().seq();
            if (seq == 0 || seq > lastSeq) {
                highest = Math.max(highest, seq);
                deliver.accept(one.frame(), one.at());
            }
        }
        return highest;
    }
}
