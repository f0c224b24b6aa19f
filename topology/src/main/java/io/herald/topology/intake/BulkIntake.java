package io.herald.topology.intake;

import io.herald.schema.Mail;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.deadletter.DeadLetters;
import io.herald.wire.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Takes bulk in, at the pace that the router keeps: the mailbox is one order, in which whatever is ahead is served
 * first, so bulk waits in front of it.
 *
 * <p><b>Reads</b> {@link Topics#BULK_INPUTS}. <b>Writes</b> {@code mailbox} and {@code dead.letter}, the same as
 * {@link IntakeProcessor} would. <b>Order:</b> the records of a source partition reach each mailbox partition in their
 * order and without a gap, because the router takes what is not above the highest origin for a repeat. So one request
 * is under way at a time, a batch is never given up, and after the first that fails for good nothing more is sent.
 * <b>After a crash</b> the records since the last commit are taken in again, with the same origins.
 */
public final class BulkIntake implements Runnable {
    private static final Duration LOOK = Duration.ofMillis(100);
    // How long at most bulk waits for its allowance after there is some.
    private static final Duration HELD = Duration.ofMillis(10);
    private static final Duration CLOSING = Duration.ofSeconds(10);
    private static final double FIRST = 1_000;
    private static final double LEAST = 500;
    private static final double STEPS = 500;

    private final Consumer<byte[], byte[]> consumer;
    private final Producer<byte[], byte[]> producer;
    private final WireFormat wire;
    private final Acceptance acceptance;
    private final RouterLagReading lag;
    private final IntakeCounts counts;
    private final Clock clock;

    private final Deque<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
    private final Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final Allowance allowance;
    private Instant looked;
    private volatile Pace pace;
    private volatile boolean stopping;

    /**
     * Makes one, which {@link #run} closes with its clients.
     *
     * @param consumer does not commit by itself, and has a place in every partition
     * @param producer idempotent, one request in flight, never gives up a batch
     * @param topicIds Kafka's ids of the input topics, by name
     * @param mostPerSecond records of the mailbox
     */
    public BulkIntake(
            Consumer<byte[], byte[]> consumer,
            Producer<byte[], byte[]> producer,
            WireFormat wire,
            Map<String, Uuid> topicIds,
            RouterLagReading lag,
            double mostPerSecond,
            IntakeCounts counts,
            Clock clock) {
        this.consumer = consumer;
        this.producer = producer;
        this.wire = wire;
        this.acceptance = new Acceptance(wire, topicIds);
        this.lag = lag;
        this.counts = counts;
        this.clock = clock;
        this.looked = Instant.EPOCH;
        this.allowance = new Allowance(clock.millis());
        this.pace = Pace.startingAt(
                Math.min(FIRST, mostPerSecond),
                new Pace.Bounds(Math.min(LEAST, mostPerSecond), mostPerSecond, mostPerSecond / STEPS));
    }

    /** Takes in until it is told to stop; throws what it cannot go on after. */
    @Override
    public void run() {
        try {
            start();
            while (!stopping) {
                round();
            }
        } catch (WakeupException told) {
            if (!stopping) {
                throw told;
            }
        } finally {
            // In this order: what is written by then, the consumer commits when it leaves.
            try {
                producer.close(CLOSING);
            } finally {
                consumer.close(CloseOptions.timeout(CLOSING));
            }
        }
    }

    /** Ends {@link #run} soon. From any thread. */
    public void stop() {
        stopping = true;
        consumer.wakeup();
    }

    /** Returns how many records a second it may write now. From any thread. */
    public double perSecond() {
        return pace.allowed();
    }

    void start() {
        consumer.subscribe(Topics.BULK_INPUTS.stream().map(Topic::name).toList(), new Handover());
    }

    /** Reads what there is, or what was read and waits, and writes what may be written. */
    void round() {
        look();
        if (waiting.isEmpty()) {
            consumer.resume(consumer.paused());
            consumer.poll(LOOK).forEach(waiting::add);
        } else {
            // Still asked, so that it stays in its group; partitions that are new to it do give records.
            consumer.pause(consumer.assignment());
            consumer.poll(HELD).forEach(waiting::add);
        }
        Instant now = Instant.ofEpochMilli(clock.millis());
        allowance.fill(pace.allowed(), now.toEpochMilli());
        while (!waiting.isEmpty() && allowance.any()) {
            take(waiting.removeFirst(), now);
        }
        commit();
    }

    // By the partition that is furthest behind: a record for it would hold up the ones after it, whoever they are for.
    private void look() {
        Instant now = clock.instant();
        if (Duration.between(looked, now).abs().compareTo(LOOK) >= 0) {
            looked = now;
            Duration worst = IntStream.range(0, lag.partitions())
                    .mapToObj(lag::of)
                    .max(Duration::compareTo)
                    .orElse(Duration.ZERO);
            pace = pace.after(worst, allowance.wasSpent());
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Instant acceptedAt) {
        DeadLetters.Place place = new DeadLetters.Place(record.topic(), record.partition(), record.offset());
        Acceptance.Outcome outcome = acceptance.take(place, record.key(), record.value(), acceptedAt);
        if (outcome instanceof Acceptance.Outcome.Accepted accepted) {
            for (Acceptance.Posting posting : accepted.postings()) {
                mail(posting.key(), posting.mail());
            }
            allowance.spend(accepted.postings().size());
            counts.countMails(accepted.postings().size());
        } else if (outcome instanceof Acceptance.Outcome.Refused refused) {
            byte[] value = wire.value(Topics.DEAD_LETTER, refused.letter());
            send(new ProducerRecord<>(Topics.DEAD_LETTER.name(), null, acceptedAt.toEpochMilli(), null, value));
            allowance.spend(1);
            counts.countRefusal(refused.letter().getReason());
        }
        done.put(
                new TopicPartition(record.topic(), record.partition()),
                new OffsetAndMetadata(record.offset() + 1, record.leaderEpoch(), ""));
    }

    private void mail(MailboxKey key, Mail mail) {
        byte[] name = MailboxKey.KEY.serialize(Topics.MAILBOX.name(), key);
        byte[] value = wire.value(Topics.MAILBOX, mail);
        long at = mail.getAcceptedAt().toEpochMilli();
        for (int partition : MailboxKey.places(key, lag.partitions())) {
            send(new ProducerRecord<>(Topics.MAILBOX.name(), partition, at, name, value));
        }
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        try {
            // The callback tells of the only ending that matters before the flush.
            Future<RecordMetadata> unused = producer.send(record, (written, failed) -> {
                if (failed != null && failure.compareAndSet(null, failed)) {
                    // What is queued behind it must not be written: the router would take what failed for a repeat.
                    producer.close(Duration.ZERO);
                }
            });
        } catch (IllegalStateException closed) {
            throw failure.get() == null ? closed : notWritten();
        }
    }

    private KafkaException notWritten() {
        return new KafkaException("a record was not written", failure.get());
    }

    private void commit() {
        if (done.isEmpty()) {
            return;
        }
        producer.flush();
        if (failure.get() != null) {
            throw notWritten();
        }
        try {
            consumer.commitSync(done);
            done.clear();
        } catch (RebalanceInProgressException | CommitFailedException | TimeoutException later) {
            // With the next ones, or by whoever takes the partitions over; the router knows what it gets twice.
            return;
        }
    }

    /** What partitions leave behind when another instance takes them over. */
    private final class Handover implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (failure.get() == null) {
                commit();
            }
            onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            waiting.removeIf(record -> partitions.contains(new TopicPartition(record.topic(), record.partition())));
            done.keySet().removeAll(partitions);
        }
    }
}
