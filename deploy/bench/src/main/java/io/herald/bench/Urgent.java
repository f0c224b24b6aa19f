package io.herald.bench;

import java.io.PrintStream;
import java.time.Duration;

/** Urgent events at a steady, low rate: how long they take while nothing else is to be done, and while much is. */
final class Urgent implements AutoCloseable {
    static final int PER_SECOND = 100;

    private static final int COMMIT_MS = 25;
    private static final int WARM_UP_EVENTS = 20_000;
    private static final Duration SETTLING = Duration.ofSeconds(5);

    private final Rig rig;
    private final Latency latency;
    private final long users;
    private final Duration time;

    /** Starts the topology, with so many users in its stores, and warms it up. */
    Urgent(Rig rig, Load load, String application, long users, Duration time, boolean quick, PrintStream progress) {
        this.rig = rig;
        this.users = users;
        this.time = time;
        progress.printf("starting the topology with %,d users%n", users);
        rig.startTopology(application, COMMIT_MS);
        load.templates();
        progress.println("warming up");
        for (int round = 0; round < (quick ? 3 : 10); round++) {
            load.burst(WARM_UP_EVENTS, users);
        }
        this.latency = new Latency(rig, load);
    }

    /** Measures once. */
    Latency.Times measure() {
        return latency.measure(PER_SECOND, SETTLING, time, users);
    }

    /** Measures while there is nothing else, and notes it. */
    Latency.Times quiet(Report report) {
        Latency.Times times = measure();
        rig.awaitRouted();
        report.row("quiet_p50_ms", "urgent, alone: p50 from produce to routed, ms", times.millis(0.5), "");
        report.row("quiet_p99_ms", "  p99", times.millis(0.99), "");
        return times;
    }

    /** Notes what was measured while there was more to do. */
    static void busy(Latency.Times quiet, Latency.Times busy, Report report) {
        report.row("busy_p50_ms", "urgent, meanwhile: p50, ms", busy.millis(0.5), "");
        report.row("busy_p99_ms", "  p99", busy.millis(0.99), "");
        report.row("p50_ratio", "  p50, times that alone", busy.millis(0.5) / quiet.millis(0.5), "");
        report.row("p99_ratio", "  p99, times that alone", busy.millis(0.99) / quiet.millis(0.99), "");
    }

    @Override
    public void close() {
        latency.close();
    }
}
