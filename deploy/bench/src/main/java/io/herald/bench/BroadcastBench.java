package io.herald.bench;

import io.herald.schema.BroadcastRequested;
import io.herald.topic.Topics;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * {@code scripts/bench broadcast}: users a second of a broadcast to everyone, what it does to urgent events, and to the
 * heap.
 */
final class BroadcastBench {
    private static final String APPLICATION = "bench-broadcast";
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final double MEGABYTE = 1 << 20;

    private final boolean quick;
    private final long users;
    private final PrintStream progress;

    BroadcastBench(boolean quick, PrintStream progress) {
        this.quick = quick;
        this.users = quick ? 200_000 : 1_000_000;
        this.progress = progress;
    }

    Report run(Path folder) throws IOException {
        Report report = new Report();
        Machine.describe(report);
        report.note("quick", quick);
        report.note("users", users);
        try (Rig rig = new Rig(folder);
                Load load = new Load(rig)) {
            progress.printf("writing the state of %,d users%n", users);
            Population.seed(rig, load.producer(), APPLICATION, users);
            Duration time = Duration.ofSeconds(quick ? 10 : 60);
            try (Urgent urgent = new Urgent(rig, load, APPLICATION, users, time, quick, progress)) {
                progress.println("urgent events alone");
                Latency.Times quiet = urgent.quiet(report);
                measure(rig, load, urgent, quiet, report);
            }
        }
        report.note("load_after", Machine.load());
        return report;
    }

    private void measure(Rig rig, Load load, Urgent urgent, Latency.Times quiet, Report report) {
        double before = heap(rig);
        try (BroadcastProgress progress = new BroadcastProgress(rig, load)) {
            measure(rig, load, urgent, progress, quiet, before, report);
        }
    }

    private void measure(
            Rig rig,
            Load load,
            Urgent urgent,
            BroadcastProgress broadcast,
            Latency.Times quiet,
            double before,
            Report report) {
        progress.printf("a broadcast to %,d users%n", users);
        long began = System.nanoTime();
        load.send(
                Topics.BROADCAST_REQUESTED,
                Population.TENANT,
                BroadcastRequested.newBuilder()
                        .setTenant(Population.TENANT)
                        .setSource("bench")
                        .setId("to-everyone")
                        .setCategory(Load.CATEGORY)
                        .setData(Map.of("object", "the year", "text", "thank you for it"))
                        .build());
        load.producer().flush();
        Latency.Times busy = urgent.measure();
        broadcast.look();
        if (broadcast.ended() == Rig.PARTITIONS) {
            throw new IllegalStateException("the broadcast was over before the measurement ended: it says nothing");
        }
        double during = heap(rig);
        double seconds = awaitEnd(broadcast, began);
        if (broadcast.notified() != users) {
            throw new IllegalStateException("of " + users + " users, " + broadcast.notified() + " were notified");
        }
        report.row("users", "users of the broadcast, each notified once", users, "");
        report.row("users_per_s", "users a second", users / seconds, "");
        report.row("seconds", "  seconds for all", seconds, "");
        Urgent.busy(quiet, busy, report);
        report.row("heap_before_mb", "heap in use before, MB", before, "after a collection");
        report.row("heap_during_mb", "  during", during, "");
        report.row("heap_after_mb", "  after", heap(rig), "");
        report.line("  goal: p99_ratio at most 2, the heap flat");
    }

    private static double awaitEnd(BroadcastProgress broadcast, long began) {
        long deadline = began + PATIENCE.toNanos();
        while (broadcast.ended() < Rig.PARTITIONS) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("only " + broadcast.notified() + " were notified in " + PATIENCE);
            }
            broadcast.look();
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private static double heap(Rig rig) {
        return Long.parseLong(rig.topology().ask("heap")) / MEGABYTE;
    }
}
