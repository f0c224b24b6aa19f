package io.herald.local;

import io.herald.topic.Topic;
import io.herald.topic.TopicAdmin;
import io.herald.topic.Topics;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/** {@code scripts/topics}: prints the catalogue, makes its topics in a cluster, or compares a cluster with it. */
public final class TopicsCommand {
    private static final short THREE = 3;

    private TopicsCommand() {}

    public static void main(String[] arguments) throws IOException {
        List<String> words = List.of(arguments);
        if (words.isEmpty()) {
            System.out.println(table(Topics.ALL));
        } else if (words.get(0).equals("create") && words.size() >= 2 && words.size() <= 3) {
            try (Admin admin = admin(words.get(1))) {
                short replicas = words.size() == 3 ? Short.parseShort(words.get(2)) : THREE;
                new TopicAdmin(admin).create(Topics.ALL, replicas).forEach(name -> System.out.println("made " + name));
            }
        } else if (words.get(0).equals("check") && words.size() == 2) {
            try (Admin admin = admin(words.get(1))) {
                List<String> differences = differences(admin, Topics.ALL);
                differences.forEach(System.out::println);
                System.exit(differences.isEmpty() ? 0 : 1);
            }
        } else {
            System.err.println("usage: scripts/topics [create host:port [replicas] | check host:port]");
            System.exit(2);
        }
    }

    /** Returns the catalogue as text, a line a topic. */
    static String table(Collection<Topic> topics) {
        List<String> lines = new ArrayList<>();
        lines.add(line("topic", "key", "value", "partitions", "cleanup", "kept", "largest", "holds"));
        for (Topic topic : topics) {
            lines.add(line(
                    topic.name(),
                    key(topic),
                    topic.value().getName(),
                    topic.partitions(),
                    topic.settings(THREE).get(TopicConfig.CLEANUP_POLICY_CONFIG),
                    span(topic.retention()),
                    (topic.maxMessageBytes() >> 20) + " MB",
                    topic.holds()));
        }
        return String.join("\n", lines);
    }

    /**
     * Compares a cluster with {@code topics}.
     *
     * @return one line for each topic that is missing, has fewer partitions or another setting; empty when all is well
     */
    static List<String> differences(Admin admin, Collection<Topic> topics) {
        TopicAdmin all = new TopicAdmin(admin);
        List<String> differences = new ArrayList<>(all.faults(topics));
        if (!differences.isEmpty()) {
            return differences;
        }
        Map<String, TopicDescription> described = all.describe(topics);
        Map<ConfigResource, Config> configs = configs(admin, topics);
        for (Topic topic : topics) {
            int partitions = described.get(topic.name()).partitions().size();
            if (partitions < topic.partitions()) {
                differences.add(
                        "topic %s has %d partitions, not %d".formatted(topic.name(), partitions, topic.partitions()));
            }
            short replicas = (short)
                    described.get(topic.name()).partitions().get(0).replicas().size();
            Config config = configs.get(resource(topic));
            new TreeMap<>(topic.settings(replicas)).forEach((name, value) -> {
                if (!config.get(name).value().equals(value)) {
                    differences.add("topic %s has %s=%s, not %s"
                            .formatted(topic.name(), name, config.get(name).value(), value));
                }
            });
        }
        return differences;
    }

    private static Map<ConfigResource, Config> configs(Admin admin, Collection<Topic> topics) {
        try {
            return admin.describeConfigs(
                            topics.stream().map(TopicsCommand::resource).toList())
                    .all()
                    .get();
        } catch (ExecutionException failure) {
            throw new KafkaException("cannot read the settings of the topics", failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while reading the settings of the topics", interrupted);
        }
    }

    private static ConfigResource resource(Topic topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }

    private static Admin admin(String bootstrap) throws IOException {
        Properties settings = new Properties();
        String file = System.getenv("HERALD_KAFKA_PROPERTIES");
        if (file != null) {
            try (Reader reader = Files.newBufferedReader(Path.of(file))) {
                settings.load(reader);
            }
        }
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        return Admin.create(settings);
    }

    private static String key(Topic topic) {
        if (topic.key() instanceof Topic.Key.Struct struct) {
            return struct.schema().getName();
        }
        if (topic.key() instanceof Topic.Key.Gateway) {
            return "gateway";
        }
        return topic.key() instanceof Topic.Key.User ? "tenant/user" : "any";
    }

    private static String span(Duration time) {
        return time.toDays() > 0 ? time.toDays() + " d" : time.toHours() + " h";
    }

    private static String line(Object... cells) {
        return "%-23s %-14s %-22s %-10s %-14s %-5s %-7s %s".formatted(cells);
    }
}
