package io.herald.bench;

import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.ReportedOutcome;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Stands in for the senders: reports every delivery as accepted. Without it deliveries would stay open and make the
 * state of few users with many events larger than that of many users with few.
 */
final class StandIn implements AutoCloseable {
    private static final Map<String, Topic> DELIVERIES = List.of(Topics.DELIVERY_APNS, Topics.DELIVERY_FCM).stream()
            .collect(Collectors.toMap(Topic::name, Function.identity()));

    private final Rig rig;
    private final Load load;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /** Will report on whatever is delivered from now on. */
    StandIn(Rig rig, Load load) {
        this.rig = rig;
        this.load = load;
        consumer = rig.consumer();
        Map<TopicPartition, Long> ends = rig.ends(DELIVERIES.keySet());
        consumer.assign(ends.keySet());
        ends.forEach(consumer::seek);
    }

    /** Reports on all deliveries that there are, and waits until the router has taken the reports in. */
    void report() {
        Map<TopicPartition, Long> ends = rig.ends(DELIVERIES.keySet());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                accept(load.format().read(DELIVERIES.get(record.topic()), Delivery.class, record.value()));
            }
        }
        load.producer().flush();
        rig.awaitRouted();
    }

    @Override
    public void close() {
        consumer.close();
    }

    private void accept(Delivery delivery) {
        load.send(Topics.DELIVERY_REPORTED, delivery.getUser(), accepted(delivery));
    }

    /** Returns what a sender says of a delivery that its provider took. */
    static DeliveryReported accepted(Delivery delivery) {
        return DeliveryReported.newBuilder()
                .setTenant(delivery.getTenant())
                .setUser(delivery.getUser())
                .setNotificationId(delivery.getNotificationId())
                .setDeliveryId(delivery.getDeliveryId())
                .setAttempt(delivery.getAttempt())
                .setRoute(delivery.getRoute())
                .setOutcome(ReportedOutcome.ACCEPTED)
                .setProviderId("provider-" + delivery.getDeliveryId())
                .setReportedAt(Instant.now())
                .build();
    }
}
