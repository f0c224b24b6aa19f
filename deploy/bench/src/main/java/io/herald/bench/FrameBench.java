package io.herald.bench;

import io.herald.local.page.DemoTokens;
import io.herald.local.story.Cast;
import io.herald.schema.Channel;
import io.herald.schema.NotificationRequested;
import io.herald.schema.RuleChanged;
import io.herald.schema.TemplateChanged;
import io.herald.topic.Topics;
import io.herald.wire.WireFormat;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The whole way of a notification to an open socket: producer, intake, mailbox, router with exactly-once on, gateway,
 * client. Events go by the clock, so that a stall counts for all that waits behind it.
 */
final class FrameBench {
    private static final int SOCKETS = 1_000;
    private static final int PER_SECOND = 1_000;
    private static final int COMMIT_MS = 25;
    private static final int WARM_EVENTS = 40_000;
    private static final String SOURCE = "frames";

    private final Rig rig;
    private final boolean quick;
    private final PrintStream progress;
    private final SplittableRandom random = new SplittableRandom(3);
    private long made;

    FrameBench(Rig rig, boolean quick, PrintStream progress) {
        this.rig = rig;
        this.quick = quick;
        this.progress = progress;
    }

    void measure(DemoTokens issuer, Path tokens, Report report) {
        progress.println("from the producer to the frame");
        rig.startTopology("frames", COMMIT_MS);
        WireFormat format = new WireFormat(Map.of("schema.registry.url", rig.registryUrl()));
        try (Sending producer = new Sending(rig, 1);
                SocketStage stage = new SocketStage(new GatewayTarget(rig, issuer), rig.folder(), tokens)) {
            category(producer, format);
            stage.open(SOCKETS);
            rig.awaitRouted();
            // As fast as it goes, then: nobody measures a topology that has not seen its work yet.
            warm(producer, format);
            run(stage, producer, format, Duration.ofSeconds(quick ? 10 : 30));
            SocketStage.Came came = run(stage, producer, format, Duration.ofSeconds(quick ? 15 : 60));
            report.line("");
            report.line("From the producer to the frame, " + PER_SECOND + " events/s, exactly-once");
            report.row("frame_p50_ms", "p50 in ms", came.p50Ms(), "goal: below 50");
            report.row("frame_p99_ms", "p99 in ms", came.p99Ms(), "goal: below 120");
        } finally {
            rig.stopTopology();
        }
    }

    private void category(Sending producer, WireFormat format) {
        RuleChanged rule = RuleChanged.newBuilder()
                .setTenant(Cast.TENANT)
                .setCategory(Load.CATEGORY)
                .setChannels(List.of(Channel.INBOX))
                .build();
        TemplateChanged template = TemplateChanged.newBuilder()
                .setTenant(Cast.TENANT)
                .setCategory(Load.CATEGORY)
                .setChannel(Channel.INBOX)
                .setLocale("en")
                .setTitle("{{actor}} commented on your photo")
                .setBody("{{text}}")
                .build();
        producer.send(new ProducerRecord<>(Topics.RULE_CHANGED.name(), format.value(Topics.RULE_CHANGED, rule)));
        producer.send(
                new ProducerRecord<>(Topics.TEMPLATE_CHANGED.name(), format.value(Topics.TEMPLATE_CHANGED, template)));
        producer.flush();
        rig.awaitRouted();
    }

    private SocketStage.Came run(SocketStage stage, Sending producer, WireFormat format, Duration time) {
        stage.reset();
        int events = (int) (PER_SECOND * time.toSeconds());
        long start = System.nanoTime();
        for (int i = 0; i < events; i++) {
            long due = start + (long) (i * 1e9 / PER_SECOND);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            producer.send(new ProducerRecord<>(
                    Topics.NOTIFICATION_REQUESTED.name(), format.value(Topics.NOTIFICATION_REQUESTED, event(due))));
        }
        producer.flush();
        return stage.await(events, start);
    }

    private void warm(Sending producer, WireFormat format) {
        for (int i = 0; i < WARM_EVENTS; i++) {
            producer.send(new ProducerRecord<>(
                    Topics.NOTIFICATION_REQUESTED.name(),
                    format.value(Topics.NOTIFICATION_REQUESTED, event(System.nanoTime()))));
        }
        producer.flush();
        rig.awaitRouted();
    }

    private NotificationRequested event(long due) {
        long number = made++;
        return NotificationRequested.newBuilder()
                .setTenant(Cast.TENANT)
                .setSource(SOURCE)
                .setId("event-" + number)
                .setRecipients(List.of(SocketStage.user(random.nextInt(SOCKETS))))
                .setCategory(Load.CATEGORY)
                .setActor("actor-" + number)
                .setData(Map.of("text", SocketStage.BODY))
                .setLink(SocketStage.LINK + due)
                .build();
    }
}
