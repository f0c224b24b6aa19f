package io.herald.websocket;

import io.herald.api.InboxSnapshot;
import io.herald.api.Permits;
import io.herald.wire.UserKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from the inbox's tables what clients have missed. Where the sinks are behind it reads again, for two seconds.
 * Of a crowd that comes back at once a few read, and the others wait in line: the wait is not part of the two seconds.
 */
final class InboxResume implements Resume {
    /** Two seconds together. */
    static final List<Duration> PAUSES = List.of(
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            Duration.ofMillis(325),
            Duration.ofMillis(400),
            Duration.ofMillis(450),
            Duration.ofMillis(450));

    private static final Logger LOG = LoggerFactory.getLogger(InboxResume.class);
    // Then the connection has given up, and in a crowd that comes back others are still waiting for their turn.
    private static final long WORTHLESS_NANOS = Duration.ofSeconds(6).toNanos();
    private static final long COMPLAINT_NANOS = Duration.ofSeconds(10).toNanos();

    private final Vertx vertx;
    private final Snapshots reader;
    private final Permits permits;
    private final AtomicLong complained = new AtomicLong(System.nanoTime() - COMPLAINT_NANOS);

    /** Reads inboxes; see {@link io.herald.api.InboxReader#snapshot}. */
    @FunctionalInterface
    interface Snapshots {
        Future<InboxSnapshot> snapshot(UserKey user, long above);
    }

    /**
     * Makes one.
     *
     * @param permits for how many may read at once
     */
    InboxResume(Vertx vertx, Snapshots reader, Permits permits) {
        this.vertx = vertx;
        this.reader = reader;
        this.permits = permits;
    }

    @Override
    public Future<Missed> missed(UserKey user, Position since, Position atLeast) {
        return read(new Asked(user, since.seq(), new InboxGap(user, since, atLeast), System.nanoTime()), 0);
    }

    private record Asked(UserKey user, long above, InboxGap gap, long at) {
        boolean isWorthless() {
            return System.nanoTime() - at > WORTHLESS_NANOS;
        }
    }

    private Future<Missed> read(Asked asked, int attempt) {
        return permits.run(() -> asked.isWorthless()
                        ? Future.<InboxSnapshot>succeededFuture()
                        : reader.snapshot(asked.user(), asked.above()))
                .transform(found -> {
                    if (found.failed()) {
                        complain(found.cause());
                        return again(asked, attempt, Missed.Why.UNAVAILABLE);
                    }
                    Optional<Missed> missed =
                            Optional.ofNullable(found.result()).flatMap(asked.gap()::in);
                    return missed.isPresent()
                            ? Future.succeededFuture(missed.get())
                            : again(asked, attempt, Missed.Why.BEHIND);
                });
    }

    private Future<Missed> again(Asked asked, int attempt, Missed.Why otherwise) {
        return attempt == PAUSES.size() || asked.isWorthless()
                ? Future.succeededFuture(new Missed.Unknown(otherwise))
                : vertx.timer(PAUSES.get(attempt).toMillis(), TimeUnit.MILLISECONDS)
                        .compose(nothing -> read(asked, attempt + 1));
    }

    // Thousands may ask while the database is away: one of them says so.
    private void complain(Throwable failure) {
        long before = complained.get();
        long now = System.nanoTime();
        if (now - before >= COMPLAINT_NANOS && complained.compareAndSet(before, now)) {
            LOG.warn("cannot read inboxes", failure);
        }
    }
}
