package io.herald.bench;

import io.herald.schema.Lane;
import io.herald.schema.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The APNs sender: against bare pushy, and its urgent lane while the bulk lane is flooded. */
final class ApnsBench {
    private static final int IN_FLIGHT = 1_000;
    private static final int URGENT_PER_SECOND = 100;
    private static final int LATENCY_MS = 20;
    private static final Duration SETTLING = Duration.ofSeconds(5);
    private static final String GROUP = "bench-flood";

    private final SenderStage stage;
    private final Report report;

    ApnsBench(SenderStage stage, Report report) {
        this.stage = stage;
        this.report = report;
    }

    /** Measures how much of pushy's rate is left, end to end. */
    void againstPushy() {
        stage.say("APNs: which server is faster");
        report.line("");
        report.line("APNs, %,d in flight, %d connections".formatted(IN_FLIGHT, BarePushy.CONNECTIONS));
        double simulator = alone("apns");
        double pushys = alone("pushy");
        report.row("apns_bare_at_simulator_per_s", "bare pushy at Herald's simulator, per s", simulator, "");
        report.row("apns_bare_at_pushy_server_per_s", "  at pushy's benchmark server", pushys, "");
        String faster = simulator > pushys ? "apns" : "pushy";
        report.note("apns_server", faster);
        stage.say("APNs: sender and pushy in turn, at " + faster);
        int count = stage.size(200_000, 50_000);
        try (Child provider = stage.simulator(faster);
                Child sender = stage.sender("apns")) {
            List<String> reach = reach(provider);
            try (Child bare = stage.bare("pushy", reach)) {
                Against against = new Against(
                        stage, Route.APNS, sender, bare, provider, settings(reach, IN_FLIGHT), IN_FLIGHT, any -> {});
                against.warmUp(count, count, stage.size(25, 10));
                List<Against.Result> results = against.rounds(stage.size(5, 3), count, count);
                Against.Result pushy = results.get(0);
                Against.Result herald = results.get(1);
                report.row("apns_per_s", "sender, topic to acknowledged report, per s", herald.perSecond(), "");
                report.row("apns_bare_per_s", "bare pushy, at the faster of the two", pushy.perSecond(), "");
                report.row(
                        "apns_over_pushy",
                        "  sender over bare pushy",
                        herald.perSecond() / pushy.perSecond(),
                        "goal: at least 0.7");
                report.row("apns_cpu_us", "processor time of the sender for each, us", herald.micros(), "");
                report.row("apns_bare_cpu_us", "  of bare pushy", pushy.micros(), "");
                report.row("apns_broker_cpu_us", "  of the broker", herald.brokerMicros(), "");
                report.row("apns_server_cpu_us", "  of the server", herald.providerMicros(), "");
                report.row("apns_rss_mb", "most resident memory of the sender, MB", sender.peakMb(), "goal: below 256");
            }
        }
    }

    /** Measures how long urgent deliveries take while the bulk lane has hundreds of thousands waiting. */
    void flooded() {
        stage.say("APNs: urgent deliveries while the bulk lane is flooded");
        int waiting = stage.size(500_000, 50_000);
        try (Child provider = stage.simulator("apns");
                Child sender = stage.sender("apns")) {
            List<String> reach = reach(provider);
            provider.ask("slow", Integer.toString(LATENCY_MS), Integer.toString(2_000_000));
            stage.run(sender, Route.APNS, GROUP, settings(reach, 256), stage.size(100_000, 30_000));
            stage.skip(Route.APNS, GROUP);
            stage.start(sender, GROUP, settings(reach, 256));
            Duration time = Duration.ofSeconds(stage.size(20, 5));
            long[] quiet = urgent(provider, time);
            sender.ask("stop");
            stage.skip(Route.APNS, GROUP);
            stage.load().write(Route.APNS, Lane.BULK, waiting);
            long before = stage.waiting(Route.APNS, Lane.BULK, GROUP);
            stage.start(sender, GROUP, settings(reach, 256));
            long[] busy = urgent(provider, time);
            long after = stage.waiting(Route.APNS, Lane.BULK, GROUP);
            sender.ask("stop");
            if (after == 0) {
                throw new IllegalStateException("the bulk was gone before the measurement ended: it says nothing");
            }
            report.line("");
            report.line("APNs, the bulk lane flooded; the provider answers after %d ms, defaults in flight"
                    .formatted(LATENCY_MS));
            report.row("bulk_waiting", "bulk deliveries that wait, at the beginning", before, "");
            report.row("bulk_waiting_after", "  and at the end", after, "");
            row("urgent_quiet", "urgent, alone, produce to provider:", quiet);
            row("urgent_flooded", "urgent, meanwhile, produce to provider:", busy);
            report.row(
                    "urgent_p99_ratio_bulk_flood",
                    "  p99, times that alone",
                    Statistics.percentile(busy, 0.99) / (double) Statistics.percentile(quiet, 0.99),
                    "goal: below 2");
        }
    }

    private void row(String key, String label, long[] nanos) {
        report.row(key + "_p50_ms", label + " p50, ms", Statistics.percentile(nanos, 0.5) / 1e6, "");
        report.row(key + "_p99_ms", "  p99", Statistics.percentile(nanos, 0.99) / 1e6, "");
    }

    /** Sends at a steady rate, and returns how long each took to come to the provider, the first ones left out. */
    private long[] urgent(Child provider, Duration time) {
        int ignored = (int) (URGENT_PER_SECOND * SETTLING.toSeconds());
        int count = ignored + (int) (URGENT_PER_SECOND * time.toSeconds());
        provider.ask("forget");
        for (int number = 0; number < count; number++) {
            long due = System.nanoTime() + 1_000_000_000L / URGENT_PER_SECOND;
            UUID id = new UUID(number < ignored ? SenderLoad.PLAIN : SenderLoad.TIMED, due);
            ProducerRecord<byte[], byte[]> delivery = stage.load().delivery(Route.APNS, Lane.URGENT, number, id);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            stage.load().producer().send(delivery);
        }
        stage.load().producer().flush();
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        long[] waits = waits(provider);
        while (waits.length < count - ignored) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(waits.length + " of " + count + " came");
            }
            Backbone.pause();
            waits = waits(provider);
        }
        return waits;
    }

    private static long[] waits(Child provider) {
        return Arrays.stream(provider.ask("waits").split("\t"))
                .filter(each -> !each.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray();
    }

    private double alone(String server) {
        int count = stage.size(200_000, 50_000);
        try (Child provider = stage.simulator(server)) {
            try (Child bare = stage.bare("pushy", reach(provider))) {
                double seconds = stage.size(20, 6);
                for (double spent = 0; spent < seconds; ) {
                    spent += send(bare, count) / 1e9;
                }
                return (count - count / 10) / (send(bare, count) / 1e9);
            }
        }
    }

    private static double send(Child bare, int count) {
        return Long.parseLong(bare.ask("send", Integer.toString(count), Integer.toString(IN_FLIGHT)));
    }

    private static List<String> settings(List<String> reach, int inFlight) {
        List<String> settings = new ArrayList<>(reach);
        settings.add("apns.connections=" + BarePushy.CONNECTIONS);
        settings.add("in.flight.max=" + inFlight);
        return settings;
    }

    private static List<String> reach(Child provider) {
        return List.of(provider.ready().split("\t"));
    }
}
