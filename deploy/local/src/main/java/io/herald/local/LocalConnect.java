package io.herald.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.herald.inbox.Sink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka Connect worker in a process of its own, with the sinks of inbox and ledger, and the one that forgets.
 *
 * <p>It is a standalone worker: positions are kept in Kafka by the sinks' consumer groups, the connectors themselves
 * are put in place after each start. A task that failed is restarted, because a sink stops for good at the first error
 * that it cannot retry.
 */
public final class LocalConnect implements Component {
    private static final Logger LOG = LoggerFactory.getLogger(LocalConnect.class);
    private static final Duration START = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Installation installation;
    private final StateFolder folder;
    private final Ports ports;
    private final String bootstrap;
    private final ChildProcess process;

    /** Makes a worker, not started, for the Kafka at {@code bootstrap}; it may be started before Kafka is. */
    public LocalConnect(Installation installation, StateFolder folder, Ports ports, String bootstrap) {
        this.installation = installation;
        this.folder = folder;
        this.ports = ports;
        this.bootstrap = bootstrap;
        this.process = new ChildProcess("connect", folder);
    }

    @Override
    public String where() {
        return ports.url(Port.CONNECT);
    }

    @Override
    public void start() {
        process.launch(List.of(
                Installation.java(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // The sink hands PostgreSQL times without a zone; the driver says which zone they are in.
                "-Duser.timezone=UTC",
                "-Dorg.apache.logging.log4j.level=INFO",
                "-cp",
                installation.connectClassPath(),
                "org.apache.kafka.connect.cli.ConnectStandalone",
                settings().toString()));
        process.await(START, () -> Http.answers(where() + "/connectors"));
    }

    /**
     * Puts the sinks in place, or changes them, and waits until their tasks run.
     *
     * @throws StackException with what Connect says about a configuration it refuses
     */
    public void deploy(LocalPostgres postgres, LocalRegistry registry) {
        Map<String, String> settings = Map.of(
                "HERALD_DB_URL", postgres.jdbcUrl(),
                "HERALD_DB_USER", postgres.user(),
                "HERALD_DB_PASSWORD", postgres.password(),
                "HERALD_REGISTRY_URL", registry.url(),
                "HERALD_SINK_TASKS", "1");
        for (Sink sink : Sink.values()) {
            deploy(sink, sink.config(settings));
        }
        for (Sink sink : Sink.values()) {
            process.await(START, () -> runs(sink));
        }
    }

    /** Returns whether a sink and all of its tasks run. */
    public boolean runs(Sink sink) {
        return states(sink).stream().allMatch("RUNNING"::equals) && states(sink).size() > 1;
    }

    /** Restarts the tasks that have failed, and logs which. */
    public void restartFailedTasks() {
        for (Sink sink : Sink.values()) {
            if (states(sink).contains("FAILED")) {
                LOG.warn("{} has failed and is restarted; {} says why", sink.connector(), process.log());
                restart(sink);
            }
        }
    }

    /** Kills the process as a crash would; {@link #start} and {@link #deploy} begin it again. */
    public void kill() {
        process.kill();
    }

    @Override
    public boolean alive() {
        return process.alive();
    }

    @Override
    public void close() {
        process.close();
    }

    private void deploy(Sink sink, String config) {
        try {
            Http.Answer answer = Http.put(url(sink) + "/config", config);
            if (!answer.ok()) {
                throw new StackException("Connect refuses " + sink.connector() + ": " + answer.body());
            }
        } catch (IOException failure) {
            throw new StackException("Connect does not answer", failure);
        }
    }

    /** Returns the states of the connector and its tasks; none where Connect does not say. */
    private List<String> states(Sink sink) {
        try {
            Http.Answer answer = Http.get(url(sink) + "/status");
            return answer.ok() ? JSON.readTree(answer.body()).findValuesAsText("state") : List.of();
        } catch (IOException unreachable) {
            return List.of();
        }
    }

    private void restart(Sink sink) {
        try {
            Http.post(url(sink) + "/restart?includeTasks=true&onlyFailed=true");
        } catch (IOException unreachable) {
            LOG.warn("Connect does not answer; {} is tried again", sink.connector());
        }
    }

    private String url(Sink sink) {
        return where() + "/connectors/" + sink.connector();
    }

    private Path settings() {
        Path file = folder.data("connect").resolve("worker.properties").toAbsolutePath();
        try {
            return Files.writeString(file, """
                    bootstrap.servers=%s
                    listeners=%s
                    plugin.path=%s
                    plugin.discovery=service_load
                    offset.storage.file.filename=%s
                    offset.flush.interval.ms=5000
                    key.converter=io.confluent.connect.avro.AvroConverter
                    key.converter.schema.registry.url=%s/apis/ccompat/v7
                    value.converter=io.confluent.connect.avro.AvroConverter
                    value.converter.schema.registry.url=%s/apis/ccompat/v7
                    """.formatted(
                            bootstrap,
                            where(),
                            installation.connectPlugins(),
                            file.resolveSibling("offsets"),
                            ports.url(Port.REGISTRY),
                            ports.url(Port.REGISTRY)));
        } catch (IOException failure) {
            throw new StackException("cannot write " + file, failure);
        }
    }
}
