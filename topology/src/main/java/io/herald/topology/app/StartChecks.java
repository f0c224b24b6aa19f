package io.herald.topology.app;

import io.herald.topic.Topic;
import io.herald.topic.TopicAdmin;
import io.herald.topic.Topics;
import io.herald.wire.UserKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** What must be so before a single record is read. Says all that is wrong at once, and what to do. */
final class StartChecks {
    private static final short TRANSACTION_VERSION = 2;

    private final Admin admin;

    StartChecks(Admin admin) {
        this.admin = admin;
    }

    /**
     * Checks the cluster and the topics.
     *
     * @return the topics' descriptions
     * @throws StartRefusedException saying everything that is wrong
     */
    Map<String, TopicDescription> cluster() {
        List<String> faults = new ArrayList<>();
        FinalizedVersionRange transactions = get(admin.describeFeatures().featureMetadata())
                .finalizedFeatures()
                .get("transaction.version");
        if (transactions == null || transactions.maxVersionLevel() < TRANSACTION_VERSION) {
            // KIP-890: the older protocol can tear or lose transactions when a producer dies.
            faults.add("the cluster's transaction.version is below 2: upgrade it with kafka-features.sh");
        }
        faults.addAll(new TopicAdmin(admin).faults(Topics.ALL));
        if (!faults.isEmpty()) {
            throw new StartRefusedException(faults);
        }
        Map<String, TopicDescription> topics = new TopicAdmin(admin).describe(Topics.ALL);
        int mailbox = topics.get(Topics.MAILBOX.name()).partitions().size();
        if (UserKey.SHARDS % mailbox != 0) {
            faults.add("mailbox has " + mailbox + " partitions: it must be a power of two, up to " + UserKey.SHARDS);
        }
        if (!faults.isEmpty()) {
            throw new StartRefusedException(faults);
        }
        return topics;
    }

    /** Refuses while the mailbox is being given more partitions: its state is then neither the old nor the new one. */
    void notGrowing(String routerGroup) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                get(admin.listConsumerGroupOffsets(routerGroup).partitionsToOffsetAndMetadata());
        GrowthMark.in(committed.values().stream().filter(Objects::nonNull).toList())
                .ifPresent(mark -> {
                    throw new StartRefusedException(List.of("the mailbox is being given " + mark.to()
                            + " partitions instead of " + mark.from() + ": run scripts/grow-partitions again, with the"
                            + " same --dir, to end that (" + mark.id() + ")"));
                });
    }

    /**
     * Checks that a group continues where it left off, and starts a new one at the beginning. A group whose place the
     * broker has deleted is refused: starting anywhere else would skip records in silence.
     */
    void offsets(String group, Collection<Topic> topics, Map<String, TopicDescription> descriptions) {
        offsets(group, topics, descriptions, false);
    }

    /** The same, but for a new group, which starts at what comes next. */
    void offsetsFromNow(String group, Collection<Topic> topics, Map<String, TopicDescription> descriptions) {
        offsets(group, topics, descriptions, true);
    }

    private void offsets(
            String group, Collection<Topic> topics, Map<String, TopicDescription> descriptions, boolean fromNow) {
        Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (Topic topic : topics) {
            descriptions.get(topic.name()).partitions().forEach(partition -> {
                TopicPartition at = new TopicPartition(topic.name(), partition.partition());
                earliest.put(at, OffsetSpec.earliest());
                latest.put(at, OffsetSpec.latest());
            });
        }
        Map<TopicPartition, ListOffsetsResultInfo> first =
                get(admin.listOffsets(earliest).all());
        Map<TopicPartition, ListOffsetsResultInfo> last =
                get(admin.listOffsets(latest).all());
        Map<TopicPartition, OffsetAndMetadata> committed =
                get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        // One that knows its place elsewhere has just not seen this partition yet, which is new.
        boolean skips = fromNow && committed.values().stream().allMatch(Objects::isNull);
        Map<TopicPartition, OffsetAndMetadata> missing = new HashMap<>();
        List<String> faults = new ArrayList<>();
        for (TopicPartition partition : earliest.keySet()) {
            OffsetAndMetadata place = committed.get(partition);
            if (place == null) {
                missing.put(
                        partition,
                        new OffsetAndMetadata(
                                (skips ? last : first).get(partition).offset()));
            } else if (place.offset() < first.get(partition).offset()) {
                faults.add(group + " stopped at " + partition + " offset " + place.offset() + ", but the log begins at "
                        + first.get(partition).offset() + ": records were deleted before they were read");
            } else if (place.offset() > last.get(partition).offset()) {
                faults.add(group + " stopped at " + partition + " offset " + place.offset() + ", but the log ends at "
                        + last.get(partition).offset() + ": the topic was made anew or lost its end");
            }
        }
        if (!faults.isEmpty()) {
            throw new StartRefusedException(faults);
        }
        if (!missing.isEmpty()) {
            get(admin.alterConsumerGroupOffsets(group, missing).all());
        }
    }

    /** Returns Kafka's ids of the topics. */
    static Map<String, Uuid> ids(Map<String, TopicDescription> descriptions) {
        Map<String, Uuid> ids = new HashMap<>();
        descriptions.forEach((name, topic) -> ids.put(name, topic.topicId()));
        return ids;
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException failure) {
            throw new KafkaException("the cluster cannot be asked", failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", interrupted);
        }
    }
}
