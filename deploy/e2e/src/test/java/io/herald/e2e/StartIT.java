package io.herald.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.herald.local.LocalKafka;
import io.herald.local.Ports;
import io.herald.schema.Channel;
import io.herald.schema.ChannelVerdict;
import io.herald.schema.Decision;
import io.herald.schema.DeliveryState;
import io.herald.schema.LedgerEntry;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Reason;
import io.herald.topic.Topic;
import io.herald.topic.TopicAdmin;
import io.herald.topic.Topics;
import io.herald.topology.app.HeraldConfig;
import io.herald.topology.app.StartRefusedException;
import io.herald.topology.app.TopologyApp;
import io.herald.wire.WireFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The topology refuses to start where it would lose or repeat records, and says why; and it starts at the right place.
 */
@Timeout(180)
class StartIT {
    private static final TopicPartition FIRST = new TopicPartition(Topics.MAILBOX.name(), 0);
    private static final TopicPartition LEDGER = new TopicPartition(Topics.LEDGER.name(), 0);
    private static final String REGISTRY = "mock://start";

    @TempDir
    Path folder;

    private LocalKafka kafka;
    private Admin admin;

    @BeforeEach
    void start() {
        kafka = new LocalKafka(folder.resolve("kafka"), Ports.free());
        kafka.start();
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrap()));
    }

    @AfterEach
    void stop() {
        admin.close();
        kafka.close();
    }

    @Test
    void refusesWhenTopicsAreMissing() {
        List<Topic> some = Topics.ALL.stream()
                .filter(topic -> !topic.equals(Topics.LEDGER) && !topic.equals(Topics.DELIVERY_FCM))
                .toList();
        new TopicAdmin(admin).create(some, (short) 1);

        refuses("topic delivery.fcm does not exist", "topic ledger does not exist");
    }

    @Test
    void refusesAMailboxThatShardsCannotBeDividedOver() throws Exception {
        admin.createTopics(List.of(new NewTopic(Topics.MAILBOX.name(), 3, (short) 1)))
                .all()
                .get();
        new TopicAdmin(admin).create(Topics.ALL, (short) 1);

        refuses("mailbox has 3 partitions");
    }

    @Test
    void refusesTheOldTransactionProtocol() throws Exception {
        new TopicAdmin(admin).create(Topics.ALL, (short) 1);
        admin.updateFeatures(
                        Map.of(
                                "transaction.version",
                                new FeatureUpdate((short) 1, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE)),
                        new UpdateFeaturesOptions())
                .all()
                .get();

        await("the broker to know").atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                        admin.describeFeatures()
                                .featureMetadata()
                                .get()
                                .finalizedFeatures()
                                .get("transaction.version"))
                .satisfies(version -> assertThat(version.maxVersionLevel()).isEqualTo((short) 1)));

        refuses("transaction.version is below 2");
    }

    @Test
    void refusesToSkipWhatWasDeletedBeforeItWasRead() throws Exception {
        new TopicAdmin(admin).create(Topics.ALL, (short) 1);
        write(10);
        admin.alterConsumerGroupOffsets("herald-router", Map.of(FIRST, new OffsetAndMetadata(3)))
                .all()
                .get();
        admin.deleteRecords(Map.of(FIRST, RecordsToDelete.beforeOffset(7)))
                .all()
                .get();

        refuses("herald-router stopped at mailbox-0 offset 3, but the log begins at 7");
    }

    @Test
    void refusesToGoOnBehindTheEndOfTheLog() throws Exception {
        new TopicAdmin(admin).create(Topics.ALL, (short) 1);
        write(2);
        admin.alterConsumerGroupOffsets("herald-router", Map.of(FIRST, new OffsetAndMetadata(50)))
                .all()
                .get();

        refuses("herald-router stopped at mailbox-0 offset 50, but the log ends at 2");
    }

    @Test
    void statusesBeginWithWhatIsDecidedNext() throws Exception {
        new TopicAdmin(admin).create(Topics.ALL, (short) 1);
        WireFormat wire = new WireFormat(Map.of("schema.registry.url", REGISTRY));
        write(LEDGER, wire.value(Topics.LEDGER, skipped("old")));

        try (TopologyApp topology = start("acme/shop")) {
            await("the statuses to run").atMost(Duration.ofMinutes(1)).until(topology::ready);
            write(LEDGER, wire.value(Topics.LEDGER, skipped("new")));
            await("its status").atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(place("herald-status"))
                    .isGreaterThanOrEqualTo(2));
        }
        assertThat(statuses(wire))
                .extracting(NotificationRequested::getSource, NotificationRequested::getObject)
                .containsExactly(tuple("herald", "new"));
    }

    private static LedgerEntry skipped(String eventId) {
        return LedgerEntry.newBuilder()
                .setTenant("acme")
                .setUser("ana")
                .setNotificationId("notification of " + eventId)
                .setAt(Instant.parse("2026-03-02T10:00:00Z"))
                .setMailboxPartition(0)
                .setMailboxOffset(0)
                .setBody(Decision.newBuilder()
                        .setSource("shop")
                        .setEventId(eventId)
                        .setCategory("order")
                        .setProfileVersion(0)
                        .setVerdicts(List.of(ChannelVerdict.newBuilder()
                                .setChannel(Channel.SMS)
                                .setState(DeliveryState.SKIPPED)
                                .setReason(Reason.NO_ADDRESS)
                                .build()))
                        .build())
                .build();
    }

    private long place(String group) throws ExecutionException, InterruptedException {
        return admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(LEDGER)
                .offset();
    }

    // All that is committed: whoever reads gets to the end without waiting for more.
    private List<NotificationRequested> statuses(WireFormat wire) {
        Topic topic = Topics.NOTIFICATION_REQUESTED_BULK;
        List<NotificationRequested> statuses = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(partition -> new TopicPartition(topic.name(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> statuses.add(wire.read(topic, NotificationRequested.class, record.value())));
            }
        }
        return statuses;
    }

    private TopologyApp start(String statusSources) {
        return TopologyApp.start(HeraldConfig.from(Map.of(
                "bootstrap.servers",
                kafka.bootstrap(),
                "schema.registry.url",
                REGISTRY,
                "state.dir",
                folder.resolve("state").toString(),
                "status.sources",
                statusSources,
                "health.port",
                "0")));
    }

    private void refuses(String... reasons) {
        assertThatThrownBy(() -> start("").close())
                .isInstanceOf(StartRefusedException.class)
                .satisfies(refusal -> assertThat(refusal.getMessage()).contains(reasons));
    }

    private void write(int records) throws ExecutionException, InterruptedException {
        for (int record = 0; record < records; record++) {
            write(FIRST, new byte[1]);
        }
    }

    private void write(TopicPartition partition, byte[] value) throws ExecutionException, InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap()), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), null, value))
                    .get();
        }
    }
}
