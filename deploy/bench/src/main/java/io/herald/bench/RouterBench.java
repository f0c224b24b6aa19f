package io.herald.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code scripts/bench router}: events a second through intake and router, beside what the broker and what Streams
 * could do at most; latency at half of that; cost by the number of users; where the time goes.
 */
final class RouterBench {
    private static final int SHARE_MS = 25;
    private static final long MILLION = 1_000_000;
    private static final List<Integer> OTHER_COMMITS = List.of(50, 100);
    private static final int EVENTS_A_USER = 2;
    private static final int FIRST_BURST = 5_000;
    private static final int PASSTHROUGH_EVENTS = 100_000;

    private final PrintStream progress;
    private final Effort effort;
    private final Report report = new Report();
    private final long start = System.nanoTime();

    /**
     * How long each part takes, in seconds, and how often it is repeated; the warm-up ends by its events or its time.
     */
    private record Effort(
            int warmUp, int warmUpEvents, int rounds, int burst, int limit, int latency, int costRounds, int profile) {
        static Effort of(boolean quick) {
            return quick ? new Effort(40, 100_000, 2, 6, 3, 10, 2, 5) : new Effort(180, 600_000, 5, 15, 6, 60, 8, 20);
        }
    }

    /** Users that live in stores of their own, and what an event for one of them costs. */
    private record Crowd(String application, long users, List<Double> micros) {
        Crowd(String name, long users) {
            this("bench-" + name, users, new ArrayList<>());
        }
    }

    RouterBench(boolean quick, PrintStream progress) {
        this.effort = Effort.of(quick);
        this.progress = progress;
        report.note("quick", quick);
    }

    Report run(Path folder) throws IOException {
        Machine.describe(report);
        Crowd million = new Crowd("1m", MILLION);
        Crowd few = new Crowd("10k", 10_000);
        Crowd some = new Crowd("100k", 100_000);
        say("starting broker, registry, topology");
        try (Rig rig = new Rig(folder);
                Load load = new Load(rig)) {
            for (Crowd crowd : List.of(million, some, few)) {
                say("writing the state of " + crowd.users() + " users");
                Population.seed(rig, load.producer(), crowd.application(), crowd.users());
            }
            begin(rig, load, million, SHARE_MS);
            double usual = warmUp(load, million);
            try (StandIn senders = new StandIn(rig, load)) {
                double best = throughput(rig, load, million, usual);
                latency(rig, load, million, best / 2);
                profile(rig, load, million, best);
                senders.report();
                rig.stopTopology();
                commits(rig, load, million, best);
                for (Crowd crowd : List.of(few, some)) {
                    begin(rig, load, crowd, SHARE_MS);
                    cost(load, senders, crowd);
                    rig.stopTopology();
                }
                begin(rig, load, million, SHARE_MS);
                cost(load, senders, million);
            }
        }
        growth(few, some, million);
        report.line("");
        double load = Machine.load();
        report.note("load_after", load);
        report.line("took %.0f s; load afterwards %.2f".formatted(seconds(), load));
        report.note("seconds", seconds());
        return report;
    }

    private void begin(Rig rig, Load load, Crowd crowd, int commitMs) {
        say("starting the topology with %d users, commits every %d ms".formatted(crowd.users(), commitMs));
        rig.startTopology(crowd.application(), commitMs);
        load.templates();
    }

    private double warmUp(Load load, Crowd crowd) {
        say("warming up");
        long end = System.nanoTime() + Duration.ofSeconds(effort.warmUp()).toNanos();
        long events = load.made() + effort.warmUpEvents();
        double rate = load.burst(FIRST_BURST, crowd.users()).perSecond();
        while (load.made() < events && System.nanoTime() < end) {
            rate = load.burst(size(rate, 3), crowd.users()).perSecond();
        }
        return rate;
    }

    // The limits and the subject take turns, so that what else the machine does hits all of them alike.
    private double throughput(Rig rig, Load load, Crowd crowd, double usual) throws IOException {
        say("counting what is written for an event");
        Footprint footprint = new Footprint(rig, crowd.application());
        int counted = size(usual, 2);
        load.burst(counted, crowd.users());
        footprint.read();
        double records = (double) footprint.totalRecords() / counted;
        List<Double> limits = new ArrayList<>();
        List<Double> limitMicros = new ArrayList<>();
        List<Double> copies = new ArrayList<>();
        List<Load.Burst> bursts = new ArrayList<>();
        try (BrokerLimit limit = new BrokerLimit(rig, footprint.records());
                Passthrough passthrough = new Passthrough(rig)) {
            List<byte[]> events = load.events(PASSTHROUGH_EVENTS, crowd.users());
            say("warming up the limits");
            limit.measure(Duration.ofSeconds(effort.limit() * 2L));
            double copied = passthrough.measure(events, 3);
            copied = passthrough.measure(events, times(copied));
            for (int round = 1; round <= effort.rounds(); round++) {
                say("round %d of %d".formatted(round, effort.rounds()));
                BrokerLimit.Rate rate = limit.measure(Duration.ofSeconds(effort.limit()));
                limits.add(rate.perSecond() / records);
                limitMicros.add(rate.micros() * records);
                bursts.add(load.burst(size(usual, effort.burst()), crowd.users()));
                copies.add(passthrough.measure(events, times(copied)));
            }
        }
        double cpu = median(bursts.stream()
                .map(burst -> burst.topologyMicros() + burst.brokerMicros())
                .toList());
        double best = median(bursts.stream().map(Load.Burst::perSecond).toList());
        report.line("");
        report.line(
                "one event = an inbox item and a push to 2 devices; %,d users in the stores".formatted(crowd.users()));
        report.row("events_per_s", "events/s through intake and router", best, "exactly once, commits every 25 ms");
        ratio("broker_bound", "plain producer writing the same records", best, median(limits));
        ratio("passthrough", "bare Streams passthrough, exactly once", best, median(copies));
        report.row("cpu_us", "CPU us an event, Herald and broker", cpu, "");
        report.row("broker_bound_cpu_us", "  plain producer and broker", median(limitMicros), "");
        report.row(
                "broker_bound_cpu_ratio",
                "  ratio to that",
                median(limitMicros) / cpu,
                "what the other ratio is on a machine with nothing else to do");
        report.row(
                "cpu_topology_us",
                "CPU us an event, intake and router",
                median(bursts.stream().map(Load.Burst::topologyMicros).toList()),
                "");
        report.row(
                "cpu_broker_us",
                "CPU us an event, broker",
                median(bursts.stream().map(Load.Burst::brokerMicros).toList()),
                "");
        report.row("records_per_event", "records written for an event", records, "mailbox, outputs, changelogs");
        report.row(
                "bytes_per_event",
                "bytes written for an event",
                (double) footprint.totalBytes() / counted,
                "keys and values, before compression");
        footprint.topics().forEach((topic, written) -> {
            String name = topic.replace(crowd.application() + "-router-", "");
            report.line("      %-40s %12.2f  %.0f bytes"
                    .formatted(name, (double) written.records() / counted, (double) written.bytes() / counted));
            report.note("records_" + name, (double) written.records() / counted);
            report.note("bytes_" + name, (double) written.bytes() / counted);
        });
        return best;
    }

    private void ratio(String key, String label, double best, double limit) {
        report.row(key + "_events_per_s", "events/s, " + label, limit, "");
        report.row(key + "_ratio", "  ratio to that", best / limit, key.equals("broker_bound") ? "goal: 0.5" : "");
    }

    private void latency(Rig rig, Load load, Crowd crowd, double perSecond) {
        say("latency at half of the load");
        try (Latency latency = new Latency(rig, load)) {
            Latency.Times times = latency.measure(
                    perSecond, Duration.ofSeconds(3), Duration.ofSeconds(effort.latency()), crowd.users());
            rig.awaitRouted();
            report.row("latency_events_per_s", "events/s while latency is measured", perSecond, "");
            report.row("p50_ms", "  p50 from produce to routed, ms", times.millis(0.5), "");
            report.row("p99_ms", "  p99", times.millis(0.99), "goal: 100");
        }
    }

    private void profile(Rig rig, Load load, Crowd crowd, double rate) throws IOException {
        say("sampling stacks");
        Path file = rig.folder().resolve("stacks");
        rig.topology().ask("sample");
        ThreadTimes before = ThreadTimes.of(rig.topology());
        load.burst(size(rate, effort.profile()), crowd.users());
        ThreadTimes after = ThreadTimes.of(rig.topology());
        rig.topology().ask("sampled", file.toString());
        Profiling profiling = Profiling.of(file);
        report.line("");
        report.line("which threads of the topology's process have its processor time");
        shares("cpu", after.since(before));
        report.line("where the threads of intake and router are");
        shares("state", profiling.states());
        report.line("while they run, which library they are in, with what it calls of the JDK");
        shares("library", profiling.libraries(12));
        report.line("and under which methods of Herald's");
        shares("under", profiling.methods(25));
    }

    private void shares(String kind, Map<String, Double> shares) {
        shares.forEach((name, share) -> {
            report.line("      %-60s %5.1f %%".formatted(name, share * 100));
            report.note("profile_" + kind + "_" + name.replace(' ', '_'), share);
        });
    }

    private void commits(Rig rig, Load load, Crowd crowd, double usual) {
        Map<Integer, Double> rates = new LinkedHashMap<>();
        rates.put(SHARE_MS, usual);
        for (int commitMs : OTHER_COMMITS) {
            begin(rig, load, crowd, commitMs);
            load.burst(size(usual, 2), crowd.users());
            rates.put(
                    commitMs,
                    load.burst(size(usual, effort.burst()), crowd.users()).perSecond());
            rig.stopTopology();
        }
        report.line("");
        rates.forEach((commitMs, rate) -> report.row(
                "events_per_s_commit_%d_ms".formatted(commitMs),
                "events/s, commits every %d ms".formatted(commitMs),
                rate,
                "%.2f of that at 25 ms".formatted(rate / usual)));
    }

    // Rounds of few events a user, with all deliveries reported in between, so that every crowd has the same history.
    private void cost(Load load, StandIn senders, Crowd crowd) {
        say("cost of an event with %d users".formatted(crowd.users()));
        int events = (int) Math.min(20_000, crowd.users() * EVENTS_A_USER);
        load.burst(events, crowd.users());
        senders.report();
        for (int round = 0; round < effort.costRounds(); round++) {
            crowd.micros().add(load.burst(events, crowd.users()).topologyMicros());
            senders.report();
        }
    }

    private void growth(Crowd few, Crowd some, Crowd million) {
        double least = median(few.micros());
        report.line("");
        report.row("cost_10k_us", "CPU us an event with 10,000 users", least, "intake and router");
        report.row("cost_100k_us", "  with 100,000", median(some.micros()), "");
        report.row("cost_1m_us", "  with 1,000,000", median(million.micros()), "");
        report.row(
                "cost_growth_10k_1m",
                "  growth from 10,000 to 1,000,000",
                median(million.micros()) / least,
                "goal: 1.3");
    }

    private static int times(double copiedPerSecond) {
        return Math.max(1, (int) (copiedPerSecond * 4 / PASSTHROUGH_EVENTS));
    }

    private static int size(double perSecond, int seconds) {
        return (int) Math.max(1_000, perSecond * seconds);
    }

    private static double median(List<Double> values) {
        return Statistics.median(
                values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    private void say(String what) {
        progress.printf("%4.0f s  %s%n", seconds(), what);
    }
}
