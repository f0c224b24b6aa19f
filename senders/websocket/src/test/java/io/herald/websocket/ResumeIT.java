package io.herald.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.api.DatabaseReader;
import io.herald.api.InboxSnapshot;
import io.herald.api.InboxTables;
import io.herald.api.Permits;
import io.herald.schema.Realtime;
import io.herald.wire.UserKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients missed, from a real PostgreSQL. Each test has a user of its own. */
@Timeout(180)
class ResumeIT {
    private static final int AT_ONCE = 4;

    @TempDir
    private static Path folder;

    private static InboxTables tables;
    private static Vertx vertx;
    private static DatabaseReader reader;

    @BeforeAll
    static void start() throws Exception {
        tables = new InboxTables(folder);
        vertx = Vertx.vertx();
        reader = new DatabaseReader(vertx, tables.settings());
    }

    @AfterAll
    static void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
        tables.close();
    }

    @Test
    void readsWhatCameAndWhatWasReadMeanwhile() throws Exception {
        for (int seq = 1; seq <= 6; seq++) {
            tables.item("away", seq, "comment", 0);
        }
        tables.mark("away", 2, 7, true, false);
        tables.mark("away", 5, 8, true, false);
        tables.summary("away", 8, 6, 4, "");

        Missed.Changes missed = changes(ask("away", new Position(4, 6, 1), new Position(6, 8, null)));

        assertThat(missed.changes())
                .extracting(Realtime::getSeqs)
                .containsExactly(List.of(5L), List.of(6L), List.of(2L));
        assertThat(missed.changes().get(0).getItem().getTitle()).isEqualTo("title 5");
        assertThat(missed.changes().get(0).getMark().getRead()).isTrue();
        assertThat(missed.changes().get(2).getMark().getVersion()).isEqualTo(7);
        assertThat(missed.lastSeq()).isEqualTo(6);
        assertThat(missed.unread()).isEqualTo(4);
    }

    @Test
    void waitsForTheSinks() throws Exception {
        tables.item("lag", 1, "comment", 0);
        tables.summary("lag", 1, 1, 1, "");
        Future<Missed> asked =
                asked("lag", new Position(1, 0, 1), new Position(2, 2, null), new Permits(AT_ONCE, Runnable::run));

        tables.summary("lag", 2, 2, 2, "");
        tables.item("lag", 2, "comment", 0);

        Missed.Changes missed =
                changes(asked.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS));
        assertThat(missed.changes()).extracting(Realtime::getSeqs).containsExactly(List.of(2L));
    }

    @Test
    void saysAfterTwoSecondsThatTheSinksAreBehind() throws Exception {
        tables.item("behind", 1, "comment", 0);
        tables.summary("behind", 1, 1, 1, "");
        long begin = System.nanoTime();

        Missed missed = ask("behind", new Position(1, 0, 1), new Position(2, 2, null));

        assertThat(missed).isEqualTo(new Missed.Unknown(Missed.Why.BEHIND));
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isBetween(1_900L, 6_000L);
    }

    @Test
    void readsFewAtOnceForACrowd() throws Exception {
        tables.item("crowd", 1, "comment", 0);
        tables.summary("crowd", 1, 1, 1, "");
        AtomicInteger reading = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Permits permits = new Permits(AT_ONCE, task -> vertx.runOnContext(nothing -> task.run()));
        List<Future<Missed>> all = new ArrayList<>();

        for (int client = 0; client < 500; client++) {
            all.add(asked("crowd", new Position(0, 0, null), new Position(1, 1, null), permits, reading, most));
        }
        for (Future<Missed> one : all) {
            Missed missed = one.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
            assertThat(changes(missed).changes()).hasSize(1);
        }

        assertThat(most.get()).isEqualTo(AT_ONCE);
        assertThat(permits.waiting()).isZero();
    }

    private static Missed ask(String user, Position since, Position atLeast) throws Exception {
        return asked(user, since, atLeast, new Permits(AT_ONCE, Runnable::run))
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private static Future<Missed> asked(String user, Position since, Position atLeast, Permits permits) {
        return asked(user, since, atLeast, permits, new AtomicInteger(), new AtomicInteger());
    }

    private static Future<Missed> asked(
            String user, Position since, Position atLeast, Permits permits, AtomicInteger reading, AtomicInteger most) {
        return new InboxResume(vertx, new Counting(reading, most), permits)
                .missed(new UserKey("demo", user), since, atLeast);
    }

    private static Missed.Changes changes(Missed missed) {
        assertThat(missed).isInstanceOf(Missed.Changes.class);
        return (Missed.Changes) missed;
    }

    /** Counts how many read at once. */
    private record Counting(AtomicInteger reading, AtomicInteger most) implements InboxResume.Snapshots {
        @Override
        public Future<InboxSnapshot> snapshot(UserKey user, long above) {
            most.accumulateAndGet(reading.incrementAndGet(), Math::max);
            return reader.snapshot(user, above).onComplete(done -> reading.decrementAndGet());
        }
    }
}
