package io.herald.sender;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.schema.DeadLetter;
import io.herald.schema.Delivery;
import io.herald.schema.ReportedOutcome;
import io.herald.testkit.LogCapture;
import io.herald.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sends canaries through everything that can go wrong in a loop, and looks for them where people look. */
@Timeout(120)
class SenderLeaksIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CANARY = "canary";

    @TempDir
    Path folder;

    @Test
    void noAddressTokenOrPayloadIsInLogsMetricsOrHeaders() throws Exception {
        try (LogCapture logs = LogCapture.begin();
                LoopHarness harness = new LoopHarness(folder)) {
            harness.newGroup();
            List<Delivery> deliveries = new ArrayList<>();
            for (Delivery each : harness.deliveries(8)) {
                deliveries.add(Delivery.newBuilder(each)
                        .setAddress("canary-token")
                        .setAddressName("canary-name")
                        .setTitle("canary-title")
                        .setBody("canary-body")
                        .setLink("https://canary.example")
                        .build());
            }
            ScriptedProvider provider = new ScriptedProvider(delivery -> switch (deliveries.indexOf(delivery)) {
                case 0 -> throw new IllegalStateException("cannot send to canary-token");
                case 1 ->
                    CompletableFuture.failedFuture(
                            new IllegalStateException("canary-body", new IllegalArgumentException("canary-token")));
                case 2 -> new CompletableFuture<>();
                case 3 -> null;
                case 4 -> CompletableFuture.completedFuture(Outcome.Retry.ofAll(Duration.ZERO, "503"));
                case 5 -> CompletableFuture.completedFuture(Outcome.Misconfigured.ofAll("403"));
                case 6 -> CompletableFuture.completedFuture(new Outcome.AddressGone(null, "410"));
                default -> ScriptedProvider.accept();
            });
            String metrics;
            try (SenderApp sender = harness.start(
                    provider, Map.of("request.timeout.ms", "500", "circuit.pause.ms", "50", "ramp.ms", "0"))) {
                ProducerRecord<byte[], byte[]> good = harness.record(deliveries.get(0));
                harness.refuseReports(true);
                harness.produce(deliveries);
                harness.producer
                        .send(new ProducerRecord<>(
                                good.topic(), good.partition(), "k".getBytes(UTF_8), "canary-bytes".getBytes(UTF_8)))
                        .get();
                await().atMost(PATIENCE).until(() -> provider.called().size() >= 8);
                await().atMost(PATIENCE)
                        .until(() -> !sender.metrics().contains("report_failures_total{route=\"FCM\"} 0.0"));
                harness.refuseReports(false);
                await().atMost(PATIENCE).until(() -> harness.lag() == 0);
                metrics = sender.metrics();
            } finally {
                harness.refuseReports(false);
            }

            assertThat(harness.reports(deliveries))
                    .extracting(report -> report.getOutcome())
                    .contains(ReportedOutcome.UNKNOWN, ReportedOutcome.ADDRESS_GONE, ReportedOutcome.ACCEPTED);
            assertThat(harness.reports(deliveries)).allSatisfy(report -> assertThat(String.valueOf(report.getReason()))
                    .doesNotContain(CANARY));
            assertThat(metrics).contains("herald_sender_reported_total").doesNotContain(CANARY);
            assertThat(logs.lines())
                    .anySatisfy(line -> assertThat(line).contains("failed without an outcome"))
                    .allSatisfy(line -> assertThat(line).doesNotContain(CANARY));
            assertThat(harness.deadLetters()).singleElement().satisfies(letter -> assertThat(withoutBytes(letter))
                    .doesNotContain(CANARY));
            assertThat(harness.headers(Topics.DEAD_LETTER)).doesNotContain(CANARY);
        }
    }

    /** A dead letter keeps the record itself, for redrive; nothing else of it may quote it. */
    private static String withoutBytes(DeadLetter letter) {
        return DeadLetter.newBuilder(letter).setKey(null).setValue(null).build().toString();
    }
}
