package io.herald.topology.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.schema.DeadLetter;
import io.herald.schema.Lane;
import io.herald.schema.Mail;
import io.herald.schema.Notification;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Reason;
import io.herald.topic.Topics;
import io.herald.wire.UserKey;
import io.herald.wire.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class BulkIntakeTest {
    private static final String TOPIC = Topics.NOTIFICATION_REQUESTED_BULK.name();
    private static final TopicPartition P0 = new TopicPartition(TOPIC, 0);
    private static final TopicPartition P1 = new TopicPartition(TOPIC, 1);
    private static final Uuid ID = new Uuid(7, 8);

    private final WireFormat wire = new WireFormat(Map.of("schema.registry.url", "mock://bulk"));
    private final TestClock clock = new TestClock();
    private final TestLag lag = new TestLag();
    private final TestConsumer consumer = new TestConsumer();
    private final TestProducer producer = new TestProducer();
    private final IntakeCounts counts = new IntakeCounts();
    private final BulkIntake bulk =
            new BulkIntake(consumer, producer, wire, Map.of(TOPIC, ID), lag, 20_000, counts, clock);

    BulkIntakeTest() {
        bulk.start();
        consumer.rebalance(List.of(P0, P1));
        consumer.updateBeginningOffsets(Map.of(P0, 0L, P1, 0L));
        consumer.seekToBeginning(List.of(P0, P1));
    }

    @Test
    void eachRecipientGetsMailInTheirPartitionMarkedAsBulk() {
        event(P1, 0, "ann", "bob");
        rounds(1);
        assertThat(producer.history()).hasSize(2);
        for (int index = 0; index < 2; index++) {
            ProducerRecord<byte[], byte[]> record = producer.history().get(index);
            UserKey user = new UserKey("acme", List.of("ann", "bob").get(index));
            Mail mail = mail(record);
            assertThat(record.topic()).isEqualTo("mailbox");
            assertThat(record.partition()).isEqualTo(user.partition(4));
            assertThat(record.key()).isEqualTo(user.bytes());
            assertThat(record.timestamp()).isEqualTo(clock.millis());
            assertThat(mail.getAcceptedAt()).isEqualTo(clock.instant());
            assertThat(((Notification) mail.getBody()).getLane()).isEqualTo(Lane.BULK);
            assertThat(mail.getOrigin().getPartition()).isEqualTo(1);
            assertThat(mail.getOrigin().getOffset()).isZero();
            assertThat(mail.getOrigin().getIndex()).isEqualTo(index);
        }
    }

    @Test
    void whatCannotBeAcceptedIsADeadLetterAndTheNextGoesOn() {
        consumer.addRecord(new ConsumerRecord<>(TOPIC, 0, 0, null, "not avro".getBytes(UTF_8)));
        event(P0, 1, "ann");
        rounds(1);
        assertThat(producer.history()).extracting(ProducerRecord::topic).containsExactly("dead.letter", "mailbox");
        DeadLetter letter = wire.read(
                Topics.DEAD_LETTER, DeadLetter.class, producer.history().get(0).value());
        assertThat(letter.getTopic()).isEqualTo(TOPIC);
        assertThat(letter.getOffset()).isZero();
        assertThat(committed(P0)).isEqualTo(2);
        assertThat(counts.refused(Reason.UNREADABLE)).isEqualTo(1);
        assertThat(counts.mails()).isEqualTo(1);
    }

    @Test
    void aPlaceIsCommittedOnlyWhenAllBeforeItIsWritten() {
        IntStream.range(0, 10).forEach(offset -> event(P0, offset, "ann"));
        producer.whenFlushed = () -> assertThat(committed(P0)).isZero();
        rounds(1);
        assertThat(producer.history()).hasSize(10);
        assertThat(committed(P0)).isEqualTo(10);
    }

    @Test
    void nothingIsCommittedOrSentAfterAWriteThatFailed() {
        event(P0, 0, "ann");
        event(P0, 1, "ann");
        producer.failing = true;
        clock.advance(Duration.ofMillis(10));
        assertThatThrownBy(bulk::round)
                .isInstanceOf(KafkaException.class)
                .hasRootCauseInstanceOf(TopicAuthorizationException.class);
        assertThat(producer.closed()).isTrue();
        assertThat(committed(P0)).isZero();
    }

    @Test
    void itGoesNoFasterThanItsPace() {
        IntStream.range(0, 400).forEach(offset -> event(P0, offset, "ann"));
        rounds(10);
        assertThat(producer.history().size()).as("at 1,000 a second for 100 ms").isBetween(90, 100);
        rounds(10);
        assertThat(producer.history().size()).as("a step faster since").isBetween(190, 208);
        assertThat(committed(P0)).isEqualTo(producer.history().size());
        assertThat(consumer.paused()).containsExactlyInAnyOrder(P0, P1);
    }

    @Test
    void itWaitsWhileTheRouterIsBehindAndKeepsTheOrder() {
        IntStream.range(0, 300).forEach(offset -> event(P0, offset, "ann"));
        rounds(11);
        int before = producer.history().size();
        lag.worst = Duration.ofMillis(300);
        rounds(10);
        int behind = producer.history().size();
        assertThat(behind).as("what was allowed before it was looked at again").isLessThanOrEqualTo(before + 100);
        rounds(1_000);
        assertThat(producer.history()).hasSize(behind);
        assertThat(bulk.perSecond()).isZero();
        lag.worst = Duration.ZERO;
        rounds(100);
        assertThat(producer.history()).hasSize(300);
        assertThat(producer.history())
                .extracting(record -> mail(record).getOrigin().getOffset())
                .isEqualTo(IntStream.range(0, 300).mapToObj(Long::valueOf).toList());
    }

    @Test
    void thePartitionThatIsFurthestBehindCounts() {
        lag.worst = Duration.ofMillis(300);
        lag.worstPartition = 3;
        event(P0, 0, "ann");
        rounds(20);
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void itReadsNoMoreThanItMayWrite() {
        lag.worst = Duration.ofDays(1);
        rounds(10);
        IntStream.range(0, 20).forEach(offset -> event(P0, offset, "ann"));
        rounds(10);
        IntStream.range(20, 40).forEach(offset -> event(P0, offset, "ann"));
        rounds(10);
        assertThat(consumer.position(P0)).as("what it holds in memory").isEqualTo(20);
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void whatAnotherInstanceTookOverIsLeftToIt() {
        lag.worst = Duration.ofDays(1);
        rounds(10);
        event(P0, 0, "ann");
        event(P1, 0, "bob");
        rounds(1);
        consumer.listener.onPartitionsRevoked(Set.of(P0));
        lag.worst = Duration.ZERO;
        rounds(20);
        assertThat(producer.history()).hasSize(1);
        assertThat(mail(producer.history().get(0)).getOrigin().getPartition()).isEqualTo(1);
        assertThat(committed(P0)).isZero();
        assertThat(committed(P1)).isEqualTo(1);
    }

    @Test
    void aCommitThatComesInbetweenARebalanceIsMadeLater() {
        event(P0, 0, "ann");
        consumer.rebalancing = true;
        rounds(1);
        assertThat(committed(P0)).isZero();
        consumer.rebalancing = false;
        rounds(1);
        assertThat(committed(P0)).isEqualTo(1);
        assertThat(producer.history()).hasSize(1);
    }

    @Test
    void whatIsNotCommittedWhenItIsTakenOverIsCommittedThen() {
        event(P0, 0, "ann");
        consumer.rebalancing = true;
        rounds(1);
        consumer.rebalancing = false;
        consumer.listener.onPartitionsRevoked(Set.of(P0));
        assertThat(committed(P0)).isEqualTo(1);
    }

    @Test
    void itEndsWhenItIsToldTo() {
        bulk.stop();
        bulk.run();
        assertThat(consumer.closed()).isTrue();
        assertThat(producer.closed()).isTrue();
    }

    private void rounds(int count) {
        for (int round = 0; round < count; round++) {
            clock.advance(Duration.ofMillis(10));
            bulk.round();
        }
    }

    private void event(TopicPartition partition, long offset, String... recipients) {
        NotificationRequested event = NotificationRequested.newBuilder()
                .setTenant("acme")
                .setSource("shop")
                .setId(partition.partition() + "-" + offset)
                .setRecipients(List.of(recipients))
                .setCategory("sale")
                .build();
        consumer.addRecord(new ConsumerRecord<>(
                TOPIC, partition.partition(), offset, null, wire.value(Topics.NOTIFICATION_REQUESTED_BULK, event)));
    }

    private Mail mail(ProducerRecord<byte[], byte[]> record) {
        return wire.read(Topics.MAILBOX, Mail.class, record.value());
    }

    private long committed(TopicPartition partition) {
        OffsetAndMetadata place = consumer.committed(Set.of(partition)).get(partition);
        return place == null ? 0 : place.offset();
    }

    private static final class TestConsumer extends MockConsumer<byte[], byte[]> {
        private ConsumerRebalanceListener listener;
        private boolean rebalancing;

        TestConsumer() {
            super("none");
        }

        @Override
        public void subscribe(Collection<String> topics, ConsumerRebalanceListener callback) {
            listener = callback;
            super.subscribe(topics, callback);
        }

        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
            if (rebalancing) {
                throw new RebalanceInProgressException();
            }
            super.commitSync(offsets);
        }
    }

    private static final class TestProducer extends MockProducer<byte[], byte[]> {
        private Runnable whenFlushed = () -> {};
        private boolean failing;

        TestProducer() {
            super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized void flush() {
            whenFlushed.run();
            if (failing) {
                errorNext(new TopicAuthorizationException("mailbox"));
            } else {
                super.flush();
            }
        }
    }

    private static final class TestLag implements RouterLagReading {
        private Duration worst = Duration.ZERO;
        private int worstPartition;

        @Override
        public Duration of(int partition) {
            return partition == worstPartition ? worst : Duration.ZERO;
        }

        @Override
        public int partitions() {
            return 4;
        }
    }

    private static final class TestClock extends Clock {
        private Instant now = Instant.parse("2026-03-01T12:00:00Z");

        void advance(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
