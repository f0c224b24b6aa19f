package io.herald.topology.replay;

import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.snapshot.Cluster;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** The topics that take a replay's outputs in place of the router's own. Nobody reads them but the comparison. */
final class ShadowTopics {
    private final Cluster cluster;
    private final String run;

    ShadowTopics(Cluster cluster, String run) {
        this.cluster = cluster;
        this.run = run;
    }

    static String name(String run, Topic topic) {
        return "replay." + run + "." + topic.name();
    }

    /** Makes them, with as many partitions as those whose place they take. */
    void create() {
        List<NewTopic> topics = Topics.OUTPUTS.stream().map(this::shadow).toList();
        Cluster.get(cluster.admin().createTopics(topics).all());
    }

    void delete() {
        cluster.delete(Topics.OUTPUTS.stream().map(topic -> name(run, topic)).toList());
    }

    // Whatever is replayed is old, by its timestamps, and must not be deleted for that.
    private NewTopic shadow(Topic topic) {
        int partitions = cluster.partitions(topic.name()).size();
        return new NewTopic(name(run, topic), Optional.of(partitions), Optional.empty())
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        "-1",
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Integer.toString(topic.maxMessageBytes())));
    }
}
