package io.herald.sender;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.schema.DeadLetter;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.Reason;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Route;
import io.herald.testkit.TestDeliveries;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The loop against a real broker. */
@Timeout(120)
class SenderLoopIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    private static LoopHarness harness;

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
    void takesDeliveriesToTheProviderAndOutcomesBack() throws Exception {
        List<Delivery> deliveries = harness.deliveries(200);
        ScriptedProvider provider = ScriptedProvider.accepting();

        try (SenderApp sender = harness.start(provider, Map.of())) {
            harness.produce(deliveries);
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);
            assertThat(sender.ready()).isTrue();
            assertThat(sender.metrics())
                    .containsPattern(
                            "herald_sender_reported_total\\{lane=\"URGENT\",outcome=\"ACCEPTED\",route=\"FCM\"} 200");
        }

        assertThat(provider.called()).containsExactlyInAnyOrderElementsOf(ids(deliveries));
        assertThat(provider.closed()).isTrue();
        assertThat(harness.reports(deliveries)).hasSize(200).allSatisfy(report -> {
            assertThat(report.getOutcome()).isEqualTo(ReportedOutcome.ACCEPTED);
            assertThat(report.getProviderId()).isEqualTo("provider-1");
            assertThat(report.getDelivery()).isNull();
        });
    }

    @Test
    void commitsNothingBeforeTheReportIsAcknowledged() throws Exception {
        List<Delivery> deliveries = harness.deliveries(3);
        ScriptedProvider provider = ScriptedProvider.accepting();
        harness.refuseReports(true);

        try (SenderApp sender = harness.start(provider, Map.of("drain.timeout.ms", "100"))) {
            harness.produce(deliveries);
            await().atMost(PATIENCE).until(() -> provider.called().size() == 3);
            await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> harness.lag() == 3);
            assertThat(sender.live()).isTrue();

            harness.refuseReports(false);
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);
        } finally {
            harness.refuseReports(false);
        }

        assertThat(harness.reports(deliveries)).hasSize(3);
        assertThat(provider.called()).hasSize(3);
    }

    @Test
    void neverHasMoreInFlightThanAllowedAndStaysInItsGroup() throws Exception {
        List<Delivery> deliveries = harness.deliveries(60);
        Queue<CompletableFuture<Outcome>> out = new ConcurrentLinkedQueue<>();
        ScriptedProvider provider = new ScriptedProvider(delivery -> {
            CompletableFuture<Outcome> answer = new CompletableFuture<>();
            out.add(answer);
            return answer;
        });
        // A member that does not poll is thrown out after a second; one whose heart stops, after three.
        Map<String, String> settings = Map.of(
                "in.flight.max",
                "5",
                "kafka.max.poll.interval.ms",
                "1000",
                "kafka.session.timeout.ms",
                "6000",
                "kafka.heartbeat.interval.ms",
                "300");

        try (SenderApp sender = harness.start(provider, settings)) {
            harness.produce(deliveries);
            await().atMost(PATIENCE).until(() -> provider.called().size() == 5);
            await().during(Duration.ofSeconds(3))
                    .atMost(PATIENCE)
                    .until(() -> provider.called().size() == 5 && sender.ready());
            await().atMost(PATIENCE).until(() -> {
                for (CompletableFuture<Outcome> answer = out.poll(); answer != null; answer = out.poll()) {
                    answer.complete(new Outcome.Accepted("late"));
                }
                return harness.lag() == 0;
            });
        }

        assertThat(provider.called()).containsExactlyInAnyOrderElementsOf(ids(deliveries));
    }

    @Test
    void reportsSilenceAsUnknownAndCarriesTheDeliveryBack() throws Exception {
        List<Delivery> deliveries = harness.deliveries(2);
        ScriptedProvider provider = new ScriptedProvider(
                delivery -> delivery.equals(deliveries.get(0)) ? new CompletableFuture<>() : ScriptedProvider.accept());

        harness.run(provider, Map.of("request.timeout.ms", "300"), () -> {
            harness.produce(deliveries);
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);
        });

        assertThat(harness.reports(deliveries.subList(0, 1))).singleElement().satisfies(report -> {
            assertThat(report.getOutcome()).isEqualTo(ReportedOutcome.UNKNOWN);
            assertThat(report.getDelivery()).isEqualTo(deliveries.get(0));
        });
    }

    @Test
    void doesNotSendWhatIsPastItsShelfLife() throws Exception {
        List<Delivery> deliveries = harness.deliveries(2);
        Delivery stale = Delivery.newBuilder(deliveries.get(0))
                .setValidUntil(Instant.now().minusMillis(1))
                .build();
        ScriptedProvider provider = ScriptedProvider.accepting();

        harness.run(provider, Map.of(), () -> {
            harness.produce(List.of(stale, deliveries.get(1)));
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);
        });

        assertThat(provider.called()).containsExactly(deliveries.get(1).getDeliveryId());
        assertThat(harness.reports(List.of(stale)))
                .singleElement()
                .returns(ReportedOutcome.STALE, DeliveryReported::getOutcome)
                .returns(stale, DeliveryReported::getDelivery);
    }

    @Test
    void buriesWhatCannotBeReadAndGoesOn() throws Exception {
        List<Delivery> deliveries = harness.deliveries(2);
        ProducerRecord<byte[], byte[]> good = harness.record(deliveries.get(0));
        byte[] truncated = new byte[good.value().length / 2];
        System.arraycopy(good.value(), 0, truncated, 0, truncated.length);
        byte[] unknownSchema =
                ByteBuffer.allocate(9).put((byte) 0).putInt(999_999).array();
        List<byte[]> bad = new ArrayList<>(List.of(
                "not Avro at all".getBytes(UTF_8),
                truncated,
                unknownSchema,
                new byte[0],
                "x".repeat(300_000).getBytes(UTF_8)));
        int before = harness.deadLetters().size();

        ScriptedProvider provider = ScriptedProvider.accepting();
        harness.run(provider, Map.of(), () -> {
            harness.produce(deliveries.subList(0, 1));
            for (byte[] value : bad) {
                harness.producer
                        .send(new ProducerRecord<>(good.topic(), good.partition(), "k".getBytes(UTF_8), value))
                        .get();
            }
            harness.producer
                    .send(new ProducerRecord<>(good.topic(), good.partition(), "k".getBytes(UTF_8), null))
                    .get();
            harness.produce(deliveries.subList(1, 2));
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);
        });

        assertThat(provider.called()).containsExactlyInAnyOrderElementsOf(ids(deliveries));
        List<DeadLetter> letters = harness.deadLetters().subList(before, before + bad.size() + 1);
        assertThat(letters)
                .filteredOn(letter -> letter.getReason() == Reason.UNKNOWN_SCHEMA)
                .singleElement()
                .satisfies(letter -> assertThat(letter.getValue()).isEqualTo(ByteBuffer.wrap(unknownSchema)));
        assertThat(letters).allSatisfy(letter -> {
            assertThat(letter.getStage()).isEqualTo("sender");
            assertThat(letter.getTopic()).isEqualTo(LoopHarness.TOPIC.name());
        });
        assertThat(letters)
                .filteredOn(letter -> letter.getLength() == 300_000)
                .singleElement()
                .satisfies(letter -> assertThat(letter.getValue().remaining()).isEqualTo(262_144));
    }

    @Test
    void waitsForTheRegistryAndLosesNothing() throws Exception {
        List<Delivery> deliveries = harness.deliveries(10);
        ScriptedProvider provider = ScriptedProvider.accepting();
        harness.produce(deliveries);
        harness.registry.away(true);
        int letters;
        try (SenderApp sender = harness.start(provider, Map.of())) {
            await().during(Duration.ofSeconds(2))
                    .atMost(PATIENCE)
                    .until(() -> provider.called().isEmpty() && harness.lag() == 10);
            await().atMost(PATIENCE).until(sender::ready);
            harness.registry.away(false);
            letters = harness.deadLetters().size();
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);
        } finally {
            harness.registry.away(false);
        }

        assertThat(harness.reports(deliveries)).hasSize(10);
        assertThat(harness.deadLetters()).hasSize(letters);
    }

    @Test
    void repeatsOnlyWhatHadNoAnswerWhenItWasStopped() throws Exception {
        List<Delivery> deliveries = harness.deliveries(300);
        String stuck = deliveries.get(0).getDeliveryId();
        ScriptedProvider first = new ScriptedProvider(delivery ->
                delivery.getDeliveryId().equals(stuck) ? new CompletableFuture<>() : ScriptedProvider.accept());
        ScriptedProvider second = ScriptedProvider.accepting();
        harness.produce(deliveries);

        harness.run(first, Map.of("drain.timeout.ms", "200"), () -> {
            await().atMost(PATIENCE).until(() -> first.called().size() == 300);
            await().atMost(PATIENCE).until(() -> harness.reports(deliveries).size() == 299);
        });
        harness.run(second, Map.of(), () -> {
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);
        });

        assertThat(second.called()).containsExactly(stuck);
    }

    @Test
    void waitsForAnswersWhenItIsClosed() throws Exception {
        List<Delivery> deliveries = harness.deliveries(20);
        ScriptedProvider provider = new ScriptedProvider(delivery -> CompletableFuture.supplyAsync(
                () -> new Outcome.Accepted("slow"), CompletableFuture.delayedExecutor(700, TimeUnit.MILLISECONDS)));

        harness.run(provider, Map.of(), () -> {
            harness.produce(deliveries);
            await().atMost(PATIENCE).until(() -> provider.called().size() == 20);
        });

        assertThat(harness.lag()).isZero();
        assertThat(harness.reports(deliveries)).hasSize(20);
    }

    @Test
    void repeatsNothingWhenPartitionsMove() throws Exception {
        List<Delivery> deliveries = harness.deliveries(2_000);
        ScriptedProvider provider = new ScriptedProvider(delivery -> CompletableFuture.supplyAsync(
                () -> new Outcome.Accepted("slow"), CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS)));
        Map<String, String> settings = Map.of("in.flight.max", "10");

        harness.run(provider, settings, () -> {
            harness.produce(deliveries);
            await().atMost(PATIENCE).until(() -> provider.called().size() > 200);
            try (SenderApp two = harness.start(provider, settings)) {
                await().atMost(PATIENCE)
                        .until(() -> two.ready() && provider.called().size() > 1_000);
            }
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);
        });

        assertThat(provider.called()).containsExactlyInAnyOrderElementsOf(ids(deliveries));
    }

    @Test
    void outlivesTheBrokerGoingAway() throws Exception {
        List<Delivery> deliveries = harness.deliveries(1_000);
        ScriptedProvider provider = new ScriptedProvider(delivery -> CompletableFuture.supplyAsync(
                () -> new Outcome.Accepted("slow"), CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS)));
        harness.produce(deliveries);

        harness.run(provider, Map.of("in.flight.max", "20"), () -> {
            await().atMost(PATIENCE).until(() -> provider.called().size() > 100);
            harness.broker.pause();
            harness.broker.resume();
            await().atMost(Duration.ofSeconds(60)).until(() -> harness.lag() == 0);
        });

        assertThat(new HashSet<>(provider.called())).containsExactlyInAnyOrderElementsOf(ids(deliveries));
        assertThat(harness.reports(deliveries))
                .extracting(DeliveryReported::getDeliveryId)
                .containsOnlyOnceElementsOf(ids(deliveries));
    }

    @Test
    void readsOnlyWhatTheRouterCommitted() throws Exception {
        List<Delivery> deliveries = harness.deliveries(3);
        ScriptedProvider provider = ScriptedProvider.accepting();
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                harness.broker.bootstrap(),
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                "router");
        try (KafkaProducer<byte[], byte[]> router =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            router.initTransactions();
            for (int i = 0; i < 3; i++) {
                router.beginTransaction();
                router.send(harness.record(deliveries.get(i))).get();
                if (i == 1) {
                    router.abortTransaction();
                } else {
                    router.commitTransaction();
                }
            }
        }
        harness.run(provider, Map.of(), () -> await().atMost(PATIENCE).until(() -> harness.lag() == 0));

        assertThat(provider.called())
                .containsExactlyInAnyOrder(
                        deliveries.get(0).getDeliveryId(), deliveries.get(2).getDeliveryId());
    }

    @Test
    void tellsHowItIs() throws Exception {
        SenderApp sender = harness.start(ScriptedProvider.accepting(), Map.of("health.port", "0"));
        int port = sender.healthPort().orElseThrow();
        try (sender) {
            await().atMost(PATIENCE).until(() -> status(port, "/ready") == 200);
            assertThat(status(port, "/live")).isEqualTo(200);
            assertThat(get(port, "/metrics").body())
                    .contains(
                            "herald_sender_in_flight_limit{lane=\"URGENT\",route=\"FCM\"} 256.0",
                            "herald_sender_in_flight_limit{lane=\"BULK\",route=\"FCM\"} 128.0");
        }
        assertThat(sender.live()).isFalse();
    }

    @Test
    void sendsOneWithAllItsFields() throws Exception {
        Delivery delivery = TestDeliveries.to(Route.FCM, "token")
                .setHtml("<p>x</p>")
                .setCollapseKey("k")
                .setSeq(7L)
                .setActor("bob")
                .build();
        List<Delivery> seen = new ArrayList<>();
        ScriptedProvider provider = new ScriptedProvider(each -> {
            seen.add(each);
            return ScriptedProvider.accept();
        });

        harness.run(provider, Map.of(), () -> {
            harness.produce(List.of(delivery));
            await().atMost(PATIENCE).until(() -> harness.lag() == 0);
        });

        assertThat(seen).containsExactly(delivery);
    }

    private static List<String> ids(List<Delivery> deliveries) {
        return deliveries.stream().map(Delivery::getDeliveryId).toList();
    }

    private static int status(int port, String path) throws Exception {
        return get(port, path).statusCode();
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
