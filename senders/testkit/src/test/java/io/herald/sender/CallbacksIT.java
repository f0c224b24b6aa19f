package io.herald.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.herald.schema.AddressEvent;
import io.herald.schema.AddressReported;
import io.herald.schema.ContactKind;
import io.herald.schema.Delivery;
import io.herald.schema.Receipt;
import io.herald.schema.ReceiptReported;
import io.herald.schema.Route;
import io.herald.sender.callback.CallbackConfig;
import io.herald.sender.callback.Callbacks;
import io.herald.topic.Topics;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Callbacks over real HTTP to a sender, and a real broker behind it. */
@Timeout(120)
class CallbacksIT {
    private static final CallbackConfig ANY_PORT = new CallbackConfig("127.0.0.1", 0, "https://hooks.example");

    @TempDir
    static Path folder;

    private static LoopHarness harness;

    private final HttpClient http = HttpClient.newHttpClient();

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
    void writesWhatACallbackReports() throws Exception {
        try (SenderApp sender = start(request -> both("writes"))) {
            assertThat(post(sender)).isEqualTo(200);

            assertThat(harness.all(Topics.ADDRESS_REPORTED, AddressReported.class))
                    .filteredOn(report -> report.getUser().equals("writes"))
                    .isEqualTo(List.of(both("writes").get(0)));
            assertThat(harness.all(Topics.RECEIPT_REPORTED, ReceiptReported.class))
                    .filteredOn(report -> report.getUser().equals("writes"))
                    .isEqualTo(List.of(both("writes").get(1)));
            assertThat(sender.metrics()).contains("herald_sender_callbacks_total{result=\"TAKEN\",route=\"FCM\"} 1.0");
        }
    }

    @Test
    void isNotTakenWhileKafkaRefusesOneOfItsReports() throws Exception {
        try (SenderApp sender = start(request -> both("refused"))) {
            harness.refuse(Topics.RECEIPT_REPORTED, true);
            try {
                assertThat(post(sender)).isEqualTo(503);
            } finally {
                harness.refuse(Topics.RECEIPT_REPORTED, false);
            }

            assertThat(post(sender)).as("the provider's repeat").isEqualTo(200);
            assertThat(harness.all(Topics.RECEIPT_REPORTED, ReceiptReported.class))
                    .filteredOn(report -> report.getUser().equals("refused"))
                    .hasSize(1);
            assertThat(sender.metrics())
                    .contains("herald_sender_callbacks_total{result=\"NOT_WRITTEN\",route=\"FCM\"} 1.0");
        }
    }

    @Test
    void writesWhatAProviderLearnsOfAddressesAsItSends() throws Exception {
        AddressReported learned = (AddressReported) both("learned").get(0);
        AtomicReference<AddressReports> reports = new AtomicReference<>();
        Provider provider = new Provider() {
            @Override
            public void reportTo(AddressReports given) {
                reports.set(given);
            }

            @Override
            public CompletionStage<Outcome> send(Delivery delivery) {
                return reports.get().write(learned).thenApply(written -> new Outcome.Rejected("stopped"));
            }

            @Override
            public void close() {}
        };
        List<Delivery> deliveries = harness.deliveries(1);
        try (SenderApp sender = harness.start(provider, Map.of())) {
            harness.produce(deliveries);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> harness.reports(deliveries).size() == 1);

            assertThat(harness.all(Topics.ADDRESS_REPORTED, AddressReported.class))
                    .contains(learned);
            assertThat(sender.live()).isTrue();
        }
    }

    @Test
    void hearsNothingWithoutAPort() {
        try (SenderApp sender = start(new CallbackConfig("127.0.0.1", -1, ""), request -> List.of())) {
            assertThat(sender.callbackPort()).isEmpty();
        }
    }

    @Test
    void doesNotStartWhereAnotherListens() {
        ScriptedProvider provider = ScriptedProvider.accepting();
        try (SenderApp first = start(request -> List.of())) {
            CallbackConfig taken =
                    new CallbackConfig("127.0.0.1", first.callbackPort().orElseThrow(), "https://hooks.example");

            assertThatThrownBy(() -> harness.start(provider, Map.of(), taken, request -> List.of()))
                    .isInstanceOf(UncheckedIOException.class);
            assertThat(provider.closed()).isTrue();
        }
    }

    private static SenderApp start(Callbacks callbacks) {
        return start(ANY_PORT, callbacks);
    }

    private static SenderApp start(CallbackConfig where, Callbacks callbacks) {
        return harness.start(ScriptedProvider.accepting(), Map.of(), where, callbacks);
    }

    private int post(SenderApp sender) throws Exception {
        URI url = URI.create("http://127.0.0.1:" + sender.callbackPort().orElseThrow() + "/");
        return http.send(
                        HttpRequest.newBuilder(url)
                                .POST(BodyPublishers.ofString("x"))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private static List<SpecificRecord> both(String user) {
        return List.of(
                AddressReported.newBuilder()
                        .setTenant("acme")
                        .setUser(user)
                        .setKind(ContactKind.SMS)
                        .setAddressId("a")
                        .setEvent(AddressEvent.STOP)
                        .build(),
                ReceiptReported.newBuilder()
                        .setTenant("acme")
                        .setUser(user)
                        .setNotificationId("n")
                        .setDeliveryId("d")
                        .setRoute(Route.SMS)
                        .setReceipt(Receipt.DELIVERED)
                        .setAt(Instant.EPOCH)
                        .build());
    }
}
