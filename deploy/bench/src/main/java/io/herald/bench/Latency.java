package io.herald.bench;

import io.herald.schema.Delivery;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * How long a delivery takes from the moment at which its event should have been sent until a sender has it: through
 * producer, intake, mailbox, router, and the end of the router's transaction. Events are sent by the clock, whatever
 * becomes of earlier ones, so that a stall counts for everything that waits behind it.
 */
final class Latency implements AutoCloseable {
    private static final List<Topic> DELIVERIES = List.of(Topics.DELIVERY_APNS, Topics.DELIVERY_FCM);
    private static final int DEVICES = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Load load;
    private final Sending producer;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /** How long each delivery took. */
    static final class Times {
        private final long[] nanos;

        private Times(long[] nanos) {
            this.nanos = nanos;
        }

        double millis(double share) {
            return Statistics.percentile(nanos, share) / 1e6;
        }
    }

    Latency(Rig rig, Load load) {
        this.load = load;
        this.producer = new Sending(rig, 5);
        this.consumer = rig.consumer();
    }

    /**
     * Sends at a steady rate.
     *
     * @param warm how long what is sent does not count
     */
    Times measure(double perSecond, Duration warm, Duration time, long users) {
        int ignored = (int) (perSecond * warm.toMillis() / 1e3);
        long first = load.made();
        List<byte[]> events = load.events(ignored + (int) (perSecond * time.toMillis() / 1e3), users);
        List<TopicPartition> partitions = new ArrayList<>();
        for (Topic topic : DELIVERIES) {
            for (int partition = 0; partition < Rig.PARTITIONS; partition++) {
                partitions.add(new TopicPartition(topic.name(), partition));
            }
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        long start = System.nanoTime();
        Thread sending = new Thread(() -> send(events, start, perSecond), "sending");
        sending.start();
        long[] nanos = new long[DEVICES * (events.size() - ignored)];
        int seen = 0;
        int counted = 0;
        long deadline = start + (long) (events.size() / perSecond * 1e9) + PATIENCE.toNanos();
        while (seen < DEVICES * events.size()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                int event = (int) (number(record) - first);
                seen++;
                if (event >= ignored) {
                    nanos[counted++] = System.nanoTime() - due(event, start, perSecond);
                }
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("only " + seen + " of " + DEVICES * events.size() + " deliveries came");
            }
        }
        return new Times(Arrays.copyOf(nanos, counted));
    }

    @Override
    public void close() {
        consumer.close();
        producer.close();
    }

    private long number(ConsumerRecord<byte[], byte[]> record) {
        Topic topic = record.topic().equals(Topics.DELIVERY_APNS.name()) ? Topics.DELIVERY_APNS : Topics.DELIVERY_FCM;
        String link = load.format().read(topic, Delivery.class, record.value()).getLink();
        return Long.parseLong(link.substring(Load.LINK.length()));
    }

    private void send(List<byte[]> events, long start, double perSecond) {
        for (int event = 0; event < events.size(); event++) {
            long wait = due(event, start, perSecond) - System.nanoTime();
            while (wait > 0) {
                LockSupport.parkNanos(wait);
                wait = due(event, start, perSecond) - System.nanoTime();
            }
            producer.send(new ProducerRecord<>(Topics.NOTIFICATION_REQUESTED.name(), events.get(event)));
        }
    }

    private static long due(int event, long start, double perSecond) {
        return start + (long) (event / perSecond * 1e9);
    }
}
