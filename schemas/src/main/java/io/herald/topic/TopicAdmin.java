package io.herald.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/** Creates and checks topics against the catalogue. */
public final class TopicAdmin {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final Admin admin;

    public TopicAdmin(Admin admin) {
        this.admin = admin;
    }

    /**
     * Creates those of {@code topics} that do not exist, and leaves the others as they are. They can be written to when
     * it returns.
     *
     * @return the names of the topics made
     */
    public List<String> create(Collection<Topic> topics, short replicas) {
        try {
            Set<String> present = admin.listTopics().names().get();
            List<NewTopic> missing = topics.stream()
                    .filter(topic -> !present.contains(topic.name()))
                    .map(topic ->
                            new NewTopic(topic.name(), topic.partitions(), replicas).configs(topic.settings(replicas)))
                    .toList();
            admin.createTopics(missing).all().get();
            awaitLeaders(missing);
            return missing.stream().map(NewTopic::name).toList();
        } catch (ExecutionException failure) {
            throw new KafkaException("cannot create topics", failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while creating topics", interrupted);
        }
    }

    // Answered by those that lead the partitions, and so only when they do. Before that a broker may refuse a
    // producer's
    // first batch and take the one behind it; then none of its sequence numbers is right any more.
    private void awaitLeaders(List<NewTopic> topics) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (NewTopic topic : topics) {
            for (int partition = 0; partition < topic.numPartitions(); partition++) {
                latest.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
            }
        }
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (true) {
            try {
                admin.listOffsets(latest).all().get();
                return;
            } catch (ExecutionException unknownYet) {
                // A broker may not have heard of what the controller has made.
                if (!(unknownYet.getCause() instanceof RetriableException) || System.nanoTime() - deadline >= 0) {
                    throw unknownYet;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    /**
     * Says what of {@code topics} is not as a running system needs it: a topic missing, or {@code mailbox} with a
     * partition count that does not divide the shards.
     *
     * @return one line a fault; empty when all is well
     */
    public List<String> faults(Collection<Topic> topics) {
        try {
            Set<String> present = admin.listTopics().names().get();
            List<String> faults = new ArrayList<>();
            for (Topic topic : topics) {
                if (!present.contains(topic.name())) {
                    faults.add("topic " + topic.name() + " does not exist: create it with scripts/topics");
                }
            }
            return faults;
        } catch (ExecutionException failure) {
            throw new KafkaException("cannot list topics", failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while listing topics", interrupted);
        }
    }

    /** Describes {@code topics}, all of which must exist. */
    public Map<String, TopicDescription> describe(Collection<Topic> topics) {
        try {
            return admin.describeTopics(topics.stream().map(Topic::name).toList())
                    .allTopicNames()
                    .get();
        } catch (ExecutionException failure) {
            throw new KafkaException("cannot describe topics", failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while describing topics", interrupted);
        }
    }
}
