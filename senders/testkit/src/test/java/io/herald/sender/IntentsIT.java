package io.herald.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Route;
import io.herald.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mails: nothing hides a second one, so none goes out twice by itself. */
@Timeout(120)
class IntentsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    private static LoopHarness harness;

    @BeforeAll
    static void startBroker() {
        harness = new LoopHarness(folder, Route.EMAIL);
    }

    @AfterAll
    static void stopBroker() {
        harness.close();
    }

    @BeforeEach
    void newGroup() throws Exception {
        harness.newGroup();
    }

    @Test
    void doesNotRepeatWhatMayHaveBeenSentButSaysSo() throws Exception {
        List<Delivery> deliveries = harness.deliveries(100);
        Set<String> cutOff = ConcurrentHashMap.newKeySet();
        ScriptedProvider first = new ScriptedProvider(delivery -> {
            boolean answers = deliveries.indexOf(delivery) % 3 != 0;
            if (!answers) {
                cutOff.add(delivery.getDeliveryId());
            }
            return answers ? ScriptedProvider.accept() : new CompletableFuture<>();
        });
        harness.run(first, Map.of("drain.timeout.ms", "100"), () -> {
            harness.produce(deliveries);
            await().atMost(PATIENCE).until(() -> first.called().size() == 100);
            await().atMost(PATIENCE).until(() -> harness.reports(deliveries).size() == 66);
        });

        ScriptedProvider second = ScriptedProvider.accepting();
        harness.run(second, Map.of(), () -> {
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);
        });

        assertThat(second.called()).isEmpty();
        assertThat(cutOff).hasSize(34);
        assertThat(harness.reports(deliveries).stream()
                        .filter(report -> report.getOutcome() == ReportedOutcome.UNKNOWN)
                        .map(DeliveryReported::getDeliveryId))
                .containsExactlyInAnyOrderElementsOf(cutOff);
    }

    /** The router hands it out again, as the rule says: that is another attempt. */
    @Test
    void makesTheNextAttemptOfWhatWasCutOff() throws Exception {
        Delivery delivery = harness.deliveries(1).get(0);
        ScriptedProvider silent = new ScriptedProvider(any -> new CompletableFuture<>());
        harness.run(silent, Map.of("drain.timeout.ms", "100"), () -> {
            harness.produce(List.of(delivery));
            await().atMost(PATIENCE).until(() -> silent.called().size() == 1);
        });
        ScriptedProvider second = ScriptedProvider.accepting();

        harness.run(second, Map.of(), () -> {
            harness.produce(List.of(Delivery.newBuilder(delivery).setAttempt(2).build()));
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);
        });

        assertThat(second.called()).containsExactly(delivery.getDeliveryId());
        assertThat(harness.reports(List.of(delivery)))
                .extracting(DeliveryReported::getAttempt, DeliveryReported::getOutcome)
                .containsExactlyInAnyOrder(tuple(1, ReportedOutcome.UNKNOWN), tuple(2, ReportedOutcome.ACCEPTED));
    }

    @Test
    void sendsNothingThatIsNotNoted() throws Exception {
        List<Delivery> deliveries = harness.deliveries(5);
        ScriptedProvider provider = ScriptedProvider.accepting();
        harness.refuse(Topics.INTENT_EMAIL, true);
        try (SenderApp sender = harness.start(provider, Map.of("drain.timeout.ms", "100"))) {
            harness.produce(deliveries);
            await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> provider.called()
                    .isEmpty());
            assertThat(sender.live()).isTrue();
            harness.refuse(Topics.INTENT_EMAIL, false);
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);
        } finally {
            harness.refuse(Topics.INTENT_EMAIL, false);
        }
        assertThat(provider.called()).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void leavesNoIntentsBehind() throws Exception {
        List<Delivery> deliveries = harness.deliveries(300);
        ScriptedProvider provider = ScriptedProvider.accepting();

        harness.run(provider, Map.of(), () -> {
            harness.produce(deliveries);
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);
        });

        assertThat(harness.openIntents(deliveries)).isEmpty();
        assertThat(harness.intents(deliveries)).as("noted at all").hasSize(300);
    }
}
