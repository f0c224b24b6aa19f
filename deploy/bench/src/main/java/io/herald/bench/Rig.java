package io.herald.bench;

import io.herald.topic.Topic;
import io.herald.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;

/** The topology, and what it needs, in a process each. The process that measures makes the load. */
final class Rig extends Backbone {
    private static final List<String> TOPOLOGY_HEAP = List.of("-Xms1g", "-Xmx1g");

    private final Child topology;
    private String running;

    /** Starts all but the topology itself; its process is there and waits. */
    Rig(Path folder) throws IOException {
        super(folder);
        topology = new Child("topology", folder, TOPOLOGY_HEAP, TopologyMain.class);
    }

    Child topology() {
        return topology;
    }

    /**
     * Starts the topology, with {@code application}'s state, at the end of whatever is in the topics.
     *
     * @param commitMs the router's commit interval
     */
    void startTopology(String application, int commitMs) {
        seekToEnd(application + "-router", List.of(Topics.MAILBOX));
        seekToEnd(application + "-intake", Topics.INPUTS);
        topology.ask(
                "start",
                "bootstrap.servers=" + bootstrap(),
                "schema.registry.url=" + registryUrl(),
                "application.id=" + application,
                "state.dir=" + folder().resolve("streams"),
                "health.port=-1",
                "router.commit.interval.ms=" + commitMs);
        running = application;
    }

    /** Stops the topology in order, and makes its groups forget it at once. */
    void stopTopology() {
        topology.ask("stop");
        for (String group : List.of(running + "-router", running + "-intake")) {
            get(admin().removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                    .all());
        }
        running = null;
    }

    /** Waits until intake has taken in all input that there is, and the router has committed all that came of it. */
    void awaitRouted() {
        await(running + "-intake", ends(Topics.INPUTS.stream().map(Topic::name).toList()));
        await(running + "-router", ends(List.of(Topics.MAILBOX.name())));
    }

    @Override
    public void close() {
        topology.close();
        super.close();
    }
}
