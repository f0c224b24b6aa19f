package io.herald.sender;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.Intent;
import io.herald.schema.Lane;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Route;
import io.herald.schema.Vendor;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.wire.WireFormat;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FlightTest {
    private static final Topic TOPIC = Topics.DELIVERY_EMAIL;
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC.name(), 0);
    private static final Outcome DOWN = Outcome.Retry.ofAll(Duration.ZERO, "503");
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration LONG_PAUSE = Duration.ofMinutes(5);

    private final WireFormat wire = new WireFormat(Map.of("schema.registry.url", "mock://flight"));
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SenderMeters meters = SenderMeters.ofLane(registry, Route.EMAIL, Lane.URGENT);
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Assigned assigned = new Assigned(PARTITION, null);
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private volatile Outcome answer = DOWN;
    private volatile CompletableFuture<Outcome> awaited;
    private MockProducer<byte[], byte[]> producer = producer(true);
    private Reporter reporter;
    private Gate gate;
    private Intents intents;
    private Flight flight;
    private int offset;

    @AfterEach
    void close() {
        reporter.close();
    }

    @Test
    void whatMayHaveBeenSentBeforeACrashDoesNotStandForTheOneThatIsTried() {
        start(PAUSE, true, false);
        Delivery interrupted = delivery("ann");
        leave(interrupted);
        intents.read(List.of(PARTITION));
        gate.suspect(DOWN);
        awaitOpening();

        answer = new Outcome.Accepted("id-1");
        begin(interrupted);
        begin(delivery("bob"));

        await().until(() -> reports().size() == 2);
        assertThat(reports())
                .extracting(DeliveryReported::getOutcome)
                .containsExactlyInAnyOrder(ReportedOutcome.UNKNOWN, ReportedOutcome.ACCEPTED);
    }

    @Test
    void whatWaitsForAnotherOfItsUserDoesNotStandForTheOneThatIsTried() {
        start(PAUSE, false, true);
        begin(delivery("ann"));
        await().until(() -> calls.size() == 1);
        gate.suspect(DOWN);
        awaitOpening();

        answer = new Outcome.Accepted("id-1");
        begin(delivery("ann"));

        await().until(() -> {
            flight.review();
            return reports().size() == 2;
        });
        assertThat(calls).hasSize(3);
    }

    @Test
    void aUsersNextWaitsWhileTheCircuitIsOpen() {
        start(LONG_PAUSE, false, true);
        answer = new Outcome.Unknown("no answer");
        CompletableFuture<Outcome> first = new CompletableFuture<>();
        awaited = first;
        begin(delivery("ann"));
        awaited = null;
        begin(delivery("ann"));
        gate.suspect(DOWN);
        first.complete(answer);

        await().until(() -> reports().size() == 1);
        flight.review();
        assertThat(calls).as("the second has not gone").hasSize(1);
    }

    @Test
    void oneUserWhoseEndpointDoesNotAnswerDoesNotFillTheLane() {
        start(PAUSE, false, true);
        answer = new Outcome.Accepted("id-1");
        CompletableFuture<Outcome> never = new CompletableFuture<>();
        awaited = never;
        begin(delivery("ann"));
        awaited = null;
        for (int i = 0; i < 30; i++) {
            begin(delivery("ann"));
        }

        begin(delivery("bob"));
        await().until(() -> reports().size() == 1);
        assertThat(calls).as("one of ann's, and bob's").hasSize(2);

        never.complete(answer);
        await().until(() -> {
            flight.committed(assigned.takeDone());
            flight.review();
            return reports().size() == 32;
        });
        assertThat(calls).hasSize(32).doesNotHaveDuplicates();
        flight.committed(assigned.takeDone());
        assertThat(registry.get("herald.sender.in.flight").gauge().value()).isZero();
    }

    @Test
    void whatTheOtherProviderMayTakeIsNotSentWhileTheCircuitIsOpen() {
        start(LONG_PAUSE, false, false);
        gate.suspect(DOWN);

        begin(Delivery.newBuilder(delivery("ann")).setVendor(Vendor.FIRST).build());

        await().until(() -> reports().size() == 1);
        assertThat(reports().get(0).getOutcome()).isEqualTo(ReportedOutcome.STALE);
        assertThat(calls).isEmpty();
    }

    @Test
    void oneIsTriedAfterThePauseAlsoWhereAnotherProviderMayTakeAll() {
        start(PAUSE, false, false);
        gate.suspect(DOWN);
        answer = new Outcome.Accepted("id-1");

        await().until(() -> {
            begin(Delivery.newBuilder(delivery("ann")).setVendor(Vendor.FIRST).build());
            return gate.state() == CircuitBreaker.State.CLOSED;
        });
        assertThat(calls).isNotEmpty();
    }

    @Test
    void doesNotSendWhatHasAnotherOwnerByTheTimeThatItsIntentIsWritten() {
        producer = producer(false);
        start(PAUSE, true, false);
        begin(delivery("ann"));
        await().until(() -> producer.history().size() == 1);
        assigned.release();
        flight.drop(List.of(assigned));

        producer.completeNext();

        assertThat(calls).isEmpty();
        assertThat(registry.get(SenderMetric.IN_FLIGHT.meter()).gauge().value()).isZero();
    }

    /** The next owner has read it, or has one of the same name. */
    @Test
    void leavesTheIntentOfALostDeliveryToItsNextOwner() {
        start(PAUSE, true, false);
        awaited = new CompletableFuture<>();
        begin(delivery("ann"));
        await().until(() -> calls.size() == 1);
        assigned.release();
        flight.drop(List.of(assigned));

        awaited.complete(DOWN);
        flight.review();
        reporter.close(Duration.ofSeconds(5));

        assertThat(producer.history()).singleElement().satisfies(intent -> assertThat(intent.value())
                .isNotNull());
        assertThat(registry.get(SenderMetric.IN_FLIGHT.meter()).gauge().value()).isZero();
    }

    private void start(Duration pause, boolean noted, boolean inOrder) {
        Provider provider = new Provider() {
            @Override
            public CompletionStage<Outcome> send(Delivery each) {
                calls.add(each.getDeliveryId());
                return awaited == null ? CompletableFuture.completedFuture(answer) : awaited;
            }

            @Override
            public boolean inOrder() {
                return inOrder;
            }

            @Override
            public void close() {
                // Holds nothing.
            }
        };
        reporter = new Reporter("test", producer, wire, SenderMeters.ofSender(registry, Route.EMAIL));
        Clock clock = Clock.systemUTC();
        gate = new Gate(Route.EMAIL, new SenderConfig.Flow(0, 0, Duration.ZERO, pause, pause), OptionalDouble::empty);
        Optional<Topic> topic = noted ? Topics.intents(Route.EMAIL) : Optional.empty();
        intents = new Intents(topic, Lane.URGENT, reporter, () -> consumer, wire, clock);
        Attempts attempts = new Attempts(provider, Duration.ofSeconds(20), clock, meters);
        flight = new Flight(Lane.URGENT, 10, gate, provider, attempts, intents, reporter, clock, meters);
        reporter.start();
    }

    private static MockProducer<byte[], byte[]> producer(boolean acknowledges) {
        return new MockProducer<>(acknowledges, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Leaves an intent in Kafka, as a sender does that crashes. */
    private void leave(Delivery delivery) {
        Topic topic = Topics.intents(Route.EMAIL).orElseThrow();
        TopicPartition partition = new TopicPartition(topic.name(), 0);
        byte[] value = wire.value(
                topic, new Intent(delivery.getDeliveryId(), delivery.getAttempt(), Lane.URGENT, 0L, Instant.now()));
        consumer.updateBeginningOffsets(Map.of(partition, 0L));
        consumer.updateEndOffsets(Map.of(partition, 1L));
        consumer.schedulePollTask(
                () -> consumer.addRecord(new ConsumerRecord<>(topic.name(), 0, 0, "key".getBytes(UTF_8), value)));
    }

    private void awaitOpening() {
        await().pollDelay(PAUSE.multipliedBy(2)).until(() -> true);
    }

    /** Does what the loop does. */
    private void begin(Delivery delivery) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(TOPIC.name(), 0, offset++, "key".getBytes(UTF_8), new byte[0]);
        Attempt attempt = new Attempt(assigned, record, delivery);
        await().atMost(Duration.ofSeconds(2)).until(() -> flight.admit(attempt) == 0);
        assigned.progress().begin(attempt.offset());
        flight.begin(attempt);
        flight.committed(assigned.takeDone());
    }

    private static Delivery delivery(String user) {
        return Delivery.newBuilder(Deliveries.decidedAt(Instant.now()))
                .setDeliveryId(UUID.randomUUID().toString())
                .setUser(user)
                .build();
    }

    private List<DeliveryReported> reports() {
        return producer.history().stream()
                .filter(record -> record.topic().equals(Topics.DELIVERY_REPORTED.name()))
                .map(record -> wire.read(Topics.DELIVERY_REPORTED, DeliveryReported.class, record.value()))
                .toList();
    }
}
