package io.herald.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * {@code scripts/bench senders}: deliveries a second of a sender's process, from the topic to the acknowledged report,
 * next to what the provider's own client does at the same simulator.
 */
final class SendersBench {
    private final boolean quick;
    private final PrintStream progress;

    SendersBench(boolean quick, PrintStream progress) {
        this.quick = quick;
        this.progress = progress;
    }

    Report run(Path folder) throws IOException {
        Report report = new Report();
        Machine.describe(report);
        report.note("quick", quick);
        Backbone backbone = new Backbone(folder);
        try (SenderStage stage = new SenderStage(backbone, new SenderLoad(backbone), quick, progress)) {
            ApnsBench apns = new ApnsBench(stage, report);
            apns.againstPushy();
            apns.flooded();
            new FcmBench(stage, report).againstFirebase();
            new SesBench(stage, report).rates();
            new LoopBench(stage, report).againstParallelConsumer();
        }
        report.line("");
        report.line("load after: %.2f".formatted(Machine.load()));
        report.note("load_after", Machine.load());
        return report;
    }
}
