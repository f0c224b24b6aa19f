package io.herald.bench;

import io.herald.schema.Lane;
import io.herald.schema.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The e-mail sender: whether it keeps to its rate, and how fast it could go. */
final class SesBench {
    private static final String GROUP = "bench-email";
    private static final List<Integer> RATES = List.of(14, 200);
    private static final int SETTLING_SECONDS = 5;

    private final SenderStage stage;
    private final Report report;

    SesBench(SenderStage stage, Report report) {
        this.stage = stage;
        this.report = report;
    }

    void rates() {
        report.line("");
        report.line("E-mail through SES");
        try (Child provider = stage.simulator("ses");
                Child sender = stage.sender("email")) {
            List<String> reach = List.of(provider.ready().split("\t"));
            stage.say("SES: as fast as it goes");
            int count = stage.size(40_000, 10_000);
            stage.run(sender, Route.EMAIL, GROUP, reach, count);
            SenderStage.Pace pace = stage.run(sender, Route.EMAIL, GROUP, reach, count);
            double worst = 0;
            for (int rate : RATES) {
                stage.say("SES: at " + rate + " a second");
                double achieved = at(rate, provider, sender, reach);
                double error = 100 * (achieved / rate - 1);
                report.row(
                        "ses_per_s_at_" + rate,
                        "mails a second at rate.per.second=" + rate,
                        achieved,
                        "%+.2f %%".formatted(error));
                worst = Math.max(worst, Math.abs(error));
            }
            report.row("ses_rate_error", "  furthest from it, percent", worst, "goal: at most 2");
            report.row("ses_per_s", "mails a second without a rate", pace.perSecond(), "");
            report.row("ses_cpu_us", "processor time of the sender for each, us", pace.micros(), "");
            report.row("email_rss_mb", "most resident memory of the sender, MB", sender.peakMb(), "goal: below 256");
        }
    }

    private double at(int rate, Child provider, Child sender, List<String> reach) {
        Duration time = Duration.ofSeconds(stage.size(30, 10));
        List<String> settings = new ArrayList<>(reach);
        settings.add("rate.per.second=" + rate);
        stage.skip(Route.EMAIL, GROUP);
        stage.load().write(Route.EMAIL, Lane.URGENT, rate * (2 * SETTLING_SECONDS + (int) time.toSeconds()));
        stage.start(sender, GROUP, settings);
        pass(Duration.ofSeconds(SETTLING_SECONDS));
        provider.ask("forget");
        pass(time);
        double achieved = Double.parseDouble(provider.ask("rate"));
        long left = stage.waiting(Route.EMAIL, Lane.URGENT, GROUP);
        sender.ask("stop");
        if (left == 0) {
            throw new IllegalStateException("nothing was left at the end: it says nothing about the rate");
        }
        return achieved;
    }

    private static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            Backbone.pause();
        }
    }
}
