package io.herald.bench;

import io.herald.schema.Route;
import java.util.ArrayList;
import java.util.List;

/** Herald's loop and Confluent's parallel-consumer at the same work. */
final class LoopBench {
    private static final int IN_FLIGHT = 256;

    private final SenderStage stage;
    private final Report report;

    LoopBench(SenderStage stage, Report report) {
        this.stage = stage;
        this.report = report;
    }

    void againstParallelConsumer() {
        stage.say("the loop: Herald's and parallel-consumer in turn");
        report.line("");
        report.line("The loop: read, call of %d ms, report, commit; %d in flight"
                .formatted(TimedProvider.TAKES_MS, IN_FLIGHT));
        try (Child loop = stage.drain("loop", "loop");
                Child parallel = stage.drain("parallel-consumer", "parallel")) {
            compare(loop, parallel, false, "", "any order");
            compare(loop, parallel, true, "_in_order", "in order for each user");
            report.row("loop_rss_mb", "most resident memory of Herald's, MB", loop.peakMb(), "512 MB of heap allowed");
            report.row("parallel_consumer_rss_mb", "  of parallel-consumer's", parallel.peakMb(), "the same");
        }
    }

    private void compare(Child loop, Child parallel, boolean inOrder, String suffix, String label) {
        List<String> settings = List.of("in.flight.max=" + IN_FLIGHT, TimedProvider.IN_ORDER + "=" + inOrder);
        int count = stage.size(200_000, 50_000);
        warmUp(loop, "bench-loop", settings, count);
        warmUp(parallel, "bench-parallel", settings, count);
        List<SenderStage.Pace> ours = new ArrayList<>();
        List<SenderStage.Pace> theirs = new ArrayList<>();
        for (int round = 0; round < stage.size(3, 2); round++) {
            ours.add(stage.run(loop, Route.APNS, "bench-loop", settings, count));
            theirs.add(stage.run(parallel, Route.APNS, "bench-parallel", settings, count));
            stage.say("  %s, round %d: Herald's %,.0f/s, parallel-consumer %,.0f/s, load %.1f"
                    .formatted(
                            label,
                            round + 1,
                            ours.get(round).perSecond(),
                            theirs.get(round).perSecond(),
                            Machine.load()));
        }
        double our = perSecond(ours);
        double their = perSecond(theirs);
        report.row("loop_per_s" + suffix, "Herald's loop, " + label + ", per s", our, "");
        report.row("parallel_consumer_per_s" + suffix, "  parallel-consumer", their, "");
        report.row("loop_over_parallel_consumer" + suffix, "  Herald's over parallel-consumer", our / their, "");
        report.row("loop_cpu_us" + suffix, "  processor time of Herald's for each, us", micros(ours), "");
        report.row("parallel_consumer_cpu_us" + suffix, "  of parallel-consumer", micros(theirs), "");
    }

    private void warmUp(Child subject, String group, List<String> settings, int count) {
        double seconds = stage.size(20, 6);
        for (double spent = 0; spent < seconds; ) {
            spent += count
                    / stage.run(subject, Route.APNS, group, settings, count).perSecond();
        }
    }

    private static double perSecond(List<SenderStage.Pace> paces) {
        return Statistics.median(
                paces.stream().mapToDouble(SenderStage.Pace::perSecond).toArray());
    }

    private static double micros(List<SenderStage.Pace> paces) {
        return Statistics.median(
                paces.stream().mapToDouble(SenderStage.Pace::micros).toArray());
    }
}
