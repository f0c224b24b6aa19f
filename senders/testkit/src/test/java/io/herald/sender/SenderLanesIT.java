package io.herald.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.schema.Delivery;
import io.herald.schema.Lane;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The two lanes of a sender against a real broker. */
@Timeout(120)
class SenderLanesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    private static LoopHarness harness;

    private final Queue<CompletableFuture<Outcome>> out = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void startBroker() {
        harness = new LoopHarness(folder);
    }

    @AfterAll
    static void stopBroker() {
        harness.close();
    }

    @BeforeEach
    void newGroup() throws Exception {
        harness.newGroup();
    }

    /** A provider that takes its time over each of a campaign, but not over a code to log in with. */
    @Test
    void sendsTheUrgentPastABacklogOfBulk() throws Exception {
        List<Delivery> bulk = bulk(harness.deliveries(300));
        List<Delivery> urgent = harness.deliveries(20);
        ScriptedProvider provider = holding(Lane.BULK);

        try (SenderApp sender = harness.start(provider, Map.of("in.flight.max", "4", "bulk.in.flight.max", "3"))) {
            harness.produce(bulk);
            await().atMost(PATIENCE).until(() -> provider.called().size() == 3);

            harness.produce(urgent);
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);

            assertThat(harness.reports(urgent)).hasSize(20);
            assertThat(provider.called())
                    .as("no bulk in the room of the urgent")
                    .hasSize(23);
            assertThat(harness.lag(Lane.BULK)).isEqualTo(300);
            assertThat(sender.metrics()).contains("herald_sender_in_flight{lane=\"BULK\",route=\"FCM\"} 3.0");

            await().atMost(PATIENCE).until(() -> {
                answerAll();
                return harness.lag(Lane.BULK) == 0;
            });
        }
        assertThat(harness.reports(bulk)).hasSize(300);
    }

    @Test
    void sendsBulkWhileTheUrgentHaveNoAnswer() throws Exception {
        List<Delivery> urgent = harness.deliveries(10);
        List<Delivery> bulk = bulk(harness.deliveries(10));
        ScriptedProvider provider = holding(Lane.URGENT);

        harness.run(provider, Map.of("in.flight.max", "2"), () -> {
            harness.produce(urgent);
            await().atMost(PATIENCE).until(() -> provider.called().size() == 2);
            harness.produce(bulk);
            await().atMost(PATIENCE).until(() -> harness.lag(Lane.BULK) == 0);
            await().atMost(PATIENCE).until(() -> {
                answerAll();
                return harness.lag() == 0;
            });
        });

        assertThat(provider.called()).hasSize(20).doesNotHaveDuplicates();
    }

    /** Accepts one lane at once; of the other, each call is without an answer until {@link #answerAll}. */
    private ScriptedProvider holding(Lane held) {
        return new ScriptedProvider(delivery -> {
            if (delivery.getLane() != held) {
                return ScriptedProvider.accept();
            }
            CompletableFuture<Outcome> answer = new CompletableFuture<>();
            out.add(answer);
            return answer;
        });
    }

    private static List<Delivery> bulk(List<Delivery> deliveries) {
        return deliveries.stream()
                .map(delivery ->
                        Delivery.newBuilder(delivery).setLane(Lane.BULK).build())
                .toList();
    }

    private void answerAll() {
        for (CompletableFuture<Outcome> answer = out.poll(); answer != null; answer = out.poll()) {
            answer.complete(new Outcome.Accepted("late"));
        }
    }
}
