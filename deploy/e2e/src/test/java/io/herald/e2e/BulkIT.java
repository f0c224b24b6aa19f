package io.herald.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import io.herald.schema.Decision;
import io.herald.schema.LedgerEntry;
import io.herald.schema.NotificationRequested;
import io.herald.schema.TemplateChanged;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.guarantee.Guarantee;
import io.herald.wire.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A campaign does not delay a password reset: bulk waits where nothing else does. */
@Timeout(300)
class BulkIT {
    private static final Logger LOG = LoggerFactory.getLogger(BulkIT.class);
    private static final String TENANT = "acme";
    private static final int USERS = 400;
    private static final int EVENTS = 20_000;
    // What the router has before it, at most: a fraction of a second's worth, however much waits.
    private static final int SHALLOW = 4_000;

    private final List<Guarantee> guarantees = new ArrayList<>(Guarantee.ofOutputs());
    private final List<Urgent> urgent = new ArrayList<>();
    private final TopologyStack stack = new TopologyStack("bulk");
    private final Wire wire = stack.wire();
    private long deepest;

    /** An urgent event: how long it took until its decision could be read, and how much bulk still waited then. */
    private record Urgent(Duration took, long bulkWaiting) {}

    @AfterEach
    void stop() {
        stack.close();
    }

    @Test
    void bulkWaitsForTheRouterAndNothingWaitsForBulk() {
        wire.send(
                Topics.TEMPLATE_CHANGED,
                new TemplateChanged(TENANT, "sale", Channel.INBOX, "en", "Sale", "{{text}}", null));
        for (int event = 0; event < EVENTS; event++) {
            request(Topics.NOTIFICATION_REQUESTED_BULK, "bulk-" + event, "user" + event % USERS);
        }
        wire.flush();
        stack.topology().start();
        try (Ledger ledger = new Ledger()) {
            while (stack.bulkWaiting() > EVENTS / 2) {
                urgent.add(decided(ledger, "urgent-" + urgent.size()));
            }
            stack.topology().kill();
            stack.topology().start();
            while (stack.bulkWaiting() > 0) {
                urgent.add(decided(ledger, "urgent-" + urgent.size()));
            }
        }
        stack.awaitQuiet();

        List<Duration> took = urgent.stream().map(Urgent::took).sorted().collect(Collectors.toList());
        LOG.info(
                "{} urgent events, decided after {} in the middle; at most {} records before the router",
                took.size(),
                took.get(took.size() / 2),
                deepest);
        assertThat(deepest).as("records before the router").isLessThan(SHALLOW);
        assertThat(urgent)
                .as("urgent events that were decided while most of the bulk still waited")
                .filteredOn(event -> event.bulkWaiting() > EVENTS / 2)
                .hasSizeGreaterThan(3);
        for (Topic topic : List.of(Topics.LEDGER, Topics.INBOX_ITEM)) {
            wire.readAll(topic)
                    .forEach(read -> guarantees.forEach(
                            guarantee -> guarantee.written(topic, read.raw().key(), read.value())));
        }
        guarantees.forEach(Guarantee::checkAtRest);
    }

    private Urgent decided(Ledger ledger, String id) {
        long began = System.nanoTime();
        request(Topics.NOTIFICATION_REQUESTED, id, "user" + urgent.size() % USERS);
        wire.flush();
        ledger.awaitDecision(id);
        return new Urgent(Duration.ofNanos(System.nanoTime() - began), stack.bulkWaiting());
    }

    private void request(Topic topic, String id, String user) {
        NotificationRequested event = NotificationRequested.newBuilder()
                .setTenant(TENANT)
                .setSource("shop")
                .setId(id)
                .setRecipients(List.of(user))
                .setCategory("sale")
                .setData(Map.of("text", "hello"))
                .build();
        guarantees.forEach(guarantee -> guarantee.requested(event));
        wire.send(topic, event);
    }

    /** The ledger as it grows. */
    private final class Ledger implements AutoCloseable {
        private final WireFormat format = new WireFormat(Map.of("schema.registry.url", stack.registryUrl()));
        private final KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        stack.bootstrap(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());

        Ledger() {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.LEDGER.name()).stream()
                    .map(partition -> new TopicPartition(Topics.LEDGER.name(), partition.partition()))
                    .collect(Collectors.toList());
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }

        void awaitDecision(String id) {
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
            while (System.nanoTime() < end) {
                deepest = Math.max(deepest, stack.mailboxWritten() - stack.mailboxReached());
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(10))) {
                    LedgerEntry entry = format.read(Topics.LEDGER, LedgerEntry.class, record.value());
                    if (entry.getBody() instanceof Decision decision
                            && decision.getEventId().equals(id)) {
                        return;
                    }
                }
            }
            throw new AssertionError("no decision on " + id);
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
