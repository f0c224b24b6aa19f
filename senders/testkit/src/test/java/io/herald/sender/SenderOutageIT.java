package io.herald.sender;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Vendor;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a sender does while its provider is ill, or its credentials are. */
@Timeout(120)
class SenderOutageIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Outcome DOWN = Outcome.Retry.ofAll(Duration.ZERO, "503");
    private static final Map<String, String> SWIFT =
            Map.of("circuit.pause.ms", "50", "circuit.longest.pause.ms", "200", "ramp.ms", "500");

    @TempDir
    static Path folder;

    private static LoopHarness harness;

    private final AtomicBoolean ill = new AtomicBoolean(true);

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

    @Test
    void burnsNoAttemptWhileTheProviderIsDown() throws Exception {
        List<Delivery> deliveries = harness.deliveries(500);
        ScriptedProvider provider = provider(DOWN);
        int duringOutage;

        try (SenderApp sender = harness.start(provider, SWIFT)) {
            harness.produce(deliveries);
            await().atMost(PATIENCE).until(() -> sender.metrics().contains("herald_sender_circuit{route=\"FCM\"} 2.0"));
            await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> harness.lag() == 500);
            duringOutage = provider.called().size();
            assertThat(harness.reports(deliveries)).isEmpty();

            ill.set(false);
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);
        }

        // Those of both lanes' room at first, then one for each pause.
        assertThat(duringOutage).isLessThan(256 + 128 + 60);
        assertThat(harness.reports(deliveries)).hasSize(500).allSatisfy(report -> assertThat(report.getOutcome())
                .isEqualTo(ReportedOutcome.ACCEPTED));
        assertThat(provider.accepted()).doesNotHaveDuplicates().hasSize(500);
    }

    @Test
    void waitsForCredentialsToBeMended() throws Exception {
        List<Delivery> deliveries = harness.deliveries(50);
        ScriptedProvider provider = provider(Outcome.Misconfigured.ofAll("InvalidProviderToken"));

        harness.run(provider, SWIFT, () -> {
            harness.produce(deliveries);
            await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> harness.lag() == 50);
            ill.set(false);
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);
        });

        assertThat(outcomes(deliveries)).containsOnly(ReportedOutcome.ACCEPTED);
    }

    /** The first delivery is one that breaks the provider whenever it comes, and nothing else is sent at first. */
    @Test
    void reportsADeliveryThatAlwaysFailsAndStopsNobodyForIt() throws Exception {
        List<Delivery> deliveries = harness.deliveries(40);
        Delivery poison = deliveries.get(0);
        List<Delivery> others = deliveries.subList(1, 40);
        ScriptedProvider provider = new ScriptedProvider(delivery ->
                delivery.equals(poison) ? CompletableFuture.completedFuture(DOWN) : ScriptedProvider.accept());

        harness.run(provider, SWIFT, () -> {
            harness.produce(List.of(poison));
            await().atMost(PATIENCE).until(() -> provider.called().size() > 2);
            harness.produce(others);
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);
        });

        assertThat(outcomes(others)).containsOnly(ReportedOutcome.ACCEPTED);
        assertThat(harness.reports(List.of(poison)))
                .singleElement()
                .returns(ReportedOutcome.RETRY, DeliveryReported::getOutcome)
                .returns("503", DeliveryReported::getReason)
                .returns(poison, DeliveryReported::getDelivery);
    }

    @Test
    void decidesAnewWhatWaitedTooLong() throws Exception {
        Instant soon = Instant.now().plusSeconds(4);
        List<Delivery> deliveries = harness.deliveries(300).stream()
                .map(each -> Delivery.newBuilder(each).setValidUntil(soon).build())
                .toList();
        ScriptedProvider provider = provider(DOWN);

        harness.run(provider, Map.of("circuit.pause.ms", "1000", "circuit.longest.pause.ms", "1000"), () -> {
            harness.produce(deliveries);
            await().atMost(PATIENCE).until(() -> Instant.now().isAfter(soon));
            ill.set(false);
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);
        });

        assertThat(outcomes(deliveries)).containsOnly(ReportedOutcome.STALE);
        assertThat(provider.accepted()).isEmpty();
    }

    @Test
    void handsBackAtOnceWhatTheOtherProviderMayTake() throws Exception {
        List<Delivery> deliveries = harness.deliveries(200).stream()
                .map(each -> Delivery.newBuilder(each).setVendor(Vendor.FIRST).build())
                .toList();
        Map<String, String> slow = Map.of("circuit.pause.ms", "60000", "circuit.longest.pause.ms", "60000");

        harness.run(provider(DOWN), slow, () -> {
            harness.produce(deliveries);
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);
        });

        assertThat(harness.reports(deliveries)).hasSize(200).allSatisfy(report -> {
            assertThat(report.getOutcome()).isEqualTo(ReportedOutcome.STALE);
            assertThat(report.getVendor()).isEqualTo(Vendor.FIRST);
        });
    }

    @Test
    void stopsForSilenceAndReportsWhatMayHaveBeenSent() throws Exception {
        List<Delivery> deliveries = harness.deliveries(300);
        ScriptedProvider provider =
                new ScriptedProvider(delivery -> ill.get() ? new CompletableFuture<>() : ScriptedProvider.accept());
        Map<String, String> settings = Map.of(
                "in.flight.max", "20",
                "request.timeout.ms", "300",
                "circuit.pause.ms", "1000",
                "circuit.longest.pause.ms", "1000",
                "ramp.ms", "0");
        int duringOutage;

        try (SenderApp sender = harness.start(provider, settings)) {
            harness.produce(deliveries);
            await().atMost(PATIENCE).until(() -> sender.metrics().contains("herald_sender_circuit{route=\"FCM\"} 2.0"));
            await().pollDelay(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> true);
            duringOutage = provider.called().size();
            ill.set(false);
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);
        }

        assertThat(duringOutage).isLessThanOrEqualTo(20 + 20);
        List<DeliveryReported> reports = harness.reports(deliveries);
        assertThat(reports).hasSize(300);
        assertThat(reports.stream().filter(report -> report.getOutcome() == ReportedOutcome.UNKNOWN))
                .hasSizeBetween(10, 45);
        assertThat(provider.called()).as("nothing is sent twice from here").doesNotHaveDuplicates();
    }

    @Test
    void asksABusyProviderNoSoonerThanItSays() throws Exception {
        List<Delivery> deliveries = harness.deliveries(100);
        ScriptedProvider provider = provider(Outcome.Retry.ofAll(Duration.ofSeconds(3), "429"));

        try (SenderApp sender = harness.start(provider, SWIFT)) {
            harness.produce(deliveries);
            await().atMost(PATIENCE).until(() -> sender.metrics().contains("herald_sender_circuit{route=\"FCM\"} 2.0"));
            int calls = provider.called().size();
            await().during(Duration.ofMillis(1_500))
                    .atMost(PATIENCE)
                    .until(() -> provider.called().size() == calls);
            ill.set(false);
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);
        }
        assertThat(outcomes(deliveries)).containsOnly(ReportedOutcome.ACCEPTED);
    }

    @Test
    void whatIsHeldMovesWithItsPartitions() throws Exception {
        List<Delivery> deliveries = harness.deliveries(60);
        ScriptedProvider down = provider(DOWN);
        harness.run(down, SWIFT, () -> {
            harness.produce(deliveries);
            await().atMost(PATIENCE).until(() -> down.called().size() > 20);
        });
        assertThat(harness.reports(deliveries)).isEmpty();

        ScriptedProvider well = ScriptedProvider.accepting();
        harness.run(well, Map.of(), () -> await().atMost(PATIENCE).until(() -> harness.lag() == 0));

        assertThat(well.called()).hasSize(60).doesNotHaveDuplicates();
        assertThat(outcomes(deliveries)).containsOnly(ReportedOutcome.ACCEPTED);
    }

    @Test
    void keepsToItsRate() throws Exception {
        List<Delivery> deliveries = harness.deliveries(200);
        ScriptedProvider provider = ScriptedProvider.accepting();
        harness.produce(deliveries);

        harness.run(provider, Map.of("rate.per.second", "50", "rate.burst", "10"), () -> {
            await().atMost(PATIENCE).until(() -> !provider.called().isEmpty());
            Instant first = Instant.now();
            await().atMost(PATIENCE).until(() -> provider.called().size() == 200);
            assertThat(Duration.between(first, Instant.now()))
                    .isBetween(Duration.ofMillis(3_600), Duration.ofSeconds(8));
        });
    }

    @Test
    void sendsAUsersDeliveriesInOrderWhereTheChannelPromisesIt() throws Exception {
        List<Delivery> ofOne = IntStream.range(0, 50)
                .mapToObj(i -> Delivery.newBuilder(harness.deliveries(1).get(0))
                        .setUser("the-one")
                        .build())
                .toList();
        List<Delivery> others = harness.deliveries(200);
        ScriptedProvider provider = new ScriptedProvider(delivery -> CompletableFuture.supplyAsync(
                () -> new Outcome.Accepted("slow"), CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS)));

        harness.run(provider.inOrder(true), Map.of(), () -> {
            harness.produce(ofOne);
            harness.produce(others);
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);
        });

        List<String> ids = ofOne.stream().map(Delivery::getDeliveryId).toList();
        assertThat(provider.called().stream().filter(ids::contains)).containsExactlyElementsOf(ids);
        assertThat(provider.together("the-one")).as("of one user at a time").isEqualTo(1);
        assertThat(provider.together("user-7")).isPositive();
    }

    private ScriptedProvider provider(Outcome whenIll) {
        return new ScriptedProvider(delivery -> answer(whenIll));
    }

    private CompletionStage<Outcome> answer(Outcome whenIll) {
        return ill.get() ? CompletableFuture.completedFuture(whenIll) : ScriptedProvider.accept();
    }

    private static Set<ReportedOutcome> outcomes(List<Delivery> deliveries) throws Exception {
        List<DeliveryReported> reports = harness.reports(deliveries);
        assertThat(reports).hasSize(deliveries.size());
        return reports.stream().map(DeliveryReported::getOutcome).collect(toSet());
    }
}
