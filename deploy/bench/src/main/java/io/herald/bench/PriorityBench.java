package io.herald.bench;

import io.herald.topic.Topics;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;

/**
 * {@code scripts/bench priority}: how long an urgent event takes while hundreds of thousands of bulk events wait, and
 * how far behind the bulk intake lets the router be meanwhile.
 */
final class PriorityBench {
    private static final String APPLICATION = "bench-priority";
    private static final long USERS = 100_000;

    private final boolean quick;
    private final PrintStream progress;

    PriorityBench(boolean quick, PrintStream progress) {
        this.quick = quick;
        this.progress = progress;
    }

    Report run(Path folder) throws IOException {
        Report report = new Report();
        Machine.describe(report);
        report.note("quick", quick);
        int waiting = quick ? 100_000 : 400_000;
        try (Rig rig = new Rig(folder);
                Load load = new Load(rig)) {
            Population.seed(rig, load.producer(), APPLICATION, USERS);
            Duration time = Duration.ofSeconds(quick ? 10 : 30);
            try (Urgent urgent = new Urgent(rig, load, APPLICATION, USERS, time, quick, progress)) {
                progress.println("urgent events alone");
                Latency.Times quiet = urgent.quiet(report);
                progress.printf("queueing %,d bulk events%n", waiting);
                load.producer().all(Topics.NOTIFICATION_REQUESTED_BULK.name(), load.events(waiting, USERS));
                measure(rig, urgent, quiet, report);
            }
        }
        report.note("load_after", Machine.load());
        return report;
    }

    private void measure(Rig rig, Urgent urgent, Latency.Times quiet, Report report) {
        String bulk = APPLICATION + "-bulk";
        progress.println("urgent events while they wait");
        long before = rig.waiting(bulk, Topics.NOTIFICATION_REQUESTED_BULK);
        long began = System.nanoTime();
        try (Watch mailbox = new Watch(() -> rig.waiting(APPLICATION + "-router", Topics.MAILBOX))) {
            Latency.Times busy = urgent.measure();
            double seconds = (System.nanoTime() - began) / 1e9;
            long after = rig.waiting(bulk, Topics.NOTIFICATION_REQUESTED_BULK);
            if (after == 0) {
                throw new IllegalStateException("the bulk was gone before the measurement ended: it says nothing");
            }
            report.row("bulk_waiting", "bulk events that wait, at the beginning", before, "");
            report.row("bulk_waiting_after", "  and at the end", after, "");
            report.row("bulk_per_s", "bulk events a second meanwhile", (before - after) / seconds, "");
            report.row("mailbox_behind", "records that the router is behind, usually", mailbox.seen(0.5), "");
            report.row("mailbox_behind_most", "  at most", mailbox.seen(1), "");
            Urgent.busy(quiet, busy, report);
        }
        report.line("  goal: p50_ratio at most 2");
    }
}
