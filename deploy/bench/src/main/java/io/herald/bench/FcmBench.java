package io.herald.bench;

import io.herald.schema.Route;
import java.util.ArrayList;
import java.util.List;

/** The FCM sender against firebase-admin, at a provider that takes its time. */
final class FcmBench {
    private static final int LATENCY_MS = 50;
    private static final int IN_FLIGHT = 1_000;
    private static final int CONNECTIONS = 8;

    private final SenderStage stage;
    private final Report report;

    FcmBench(SenderStage stage, Report report) {
        this.stage = stage;
        this.report = report;
    }

    void againstFirebase() {
        stage.say("FCM: sender and firebase-admin in turn");
        int bareCount = stage.size(20_000, 8_000);
        int senderCount = stage.size(80_000, 30_000);
        try (Child provider = stage.simulator("fcm");
                Child sender = stage.sender("fcm")) {
            List<String> reach = List.of(provider.ready().split("\t"));
            List<String> settings = new ArrayList<>(reach);
            settings.add("in.flight.max=" + IN_FLIGHT);
            settings.add("fcm.connections=" + CONNECTIONS);
            try (Child bare = stage.bare("firebase", reach)) {
                Against against = new Against(
                        stage,
                        Route.FCM,
                        sender,
                        bare,
                        provider,
                        settings,
                        IN_FLIGHT,
                        count -> provider.ask("slow", Integer.toString(LATENCY_MS), Integer.toString(count)));
                against.warmUp(bareCount, senderCount, stage.size(25, 10));
                List<Against.Result> results = against.rounds(stage.size(5, 2), bareCount, senderCount);
                Against.Result firebase = results.get(0);
                Against.Result herald = results.get(1);
                report.line("");
                report.line("FCM, answers after %d ms; the sender with %,d in flight over %d connections at most"
                        .formatted(LATENCY_MS, IN_FLIGHT, CONNECTIONS));
                report.row("fcm_per_s", "sender, topic to acknowledged report, per s", herald.perSecond(), "");
                report.row("fcm_bare_per_s", "firebase-admin with its defaults", firebase.perSecond(), "");
                report.row(
                        "fcm_over_firebase_admin",
                        "  sender over firebase-admin",
                        herald.perSecond() / firebase.perSecond(),
                        "goal: at least 3");
                report.row("fcm_cpu_us", "processor time of the sender for each, us", herald.micros(), "");
                report.row("fcm_bare_cpu_us", "  of firebase-admin", firebase.micros(), "");
                report.row("fcm_rss_mb", "most resident memory of the sender, MB", sender.peakMb(), "goal: below 256");
            }
        }
    }
}
