package io.herald.local;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A Kafka of one node, broker and controller, in this process and on the loopback interface.
 *
 * <p>Features are those of the newest production version, {@code transaction.version=2} among them. A second start on
 * the same folder finds all topics and offsets again, at whatever port.
 */
public final class LocalKafka implements Component {
    private static final String CONTROLLER = "CONTROLLER";
    private static final int NODE = 1;
    /** Inputs take 3 MB; what the router makes of them, with headers, may be somewhat larger. */
    private static final int MAX_MESSAGE_BYTES = 4 << 20;

    private final Path folder;
    private final int port;
    private final int controllerPort;
    private KafkaRaftServer server;
    private boolean closed;

    /** Makes a broker, not started, that keeps its data in {@code folder}. */
    public LocalKafka(Path folder, Ports ports) {
        this.folder = folder;
        this.port = ports.of(Port.KAFKA);
        this.controllerPort = ports.of(Port.KAFKA_CONTROLLER);
    }

    /** Returns the bootstrap servers. */
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    @Override
    public String where() {
        return bootstrap();
    }

    @Override
    public synchronized void start() {
        if (closed) {
            throw new StackException("Kafka was stopped");
        }
        try {
            if (!Files.exists(folder.resolve("meta.properties"))) {
                format();
            }
        } catch (Exception failure) { // Formatter.run declares no less.
            throw new StackException("cannot format " + folder + " for Kafka", failure);
        }
        server = new KafkaRaftServer(new KafkaConfig(settings(), false), Time.SYSTEM);
        try {
            server.startup();
        } catch (RuntimeException failure) {
            throw new StackException("Kafka does not start: " + failure.getMessage(), failure);
        }
    }

    @Override
    public boolean alive() {
        return true; // It lives and dies with this process.
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
    }

    private void format() throws Exception {
        Files.createDirectories(folder);
        try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(silent)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(NODE)
                    .setControllerListenerName(CONTROLLER)
                    .setMetadataLogDirectory(folder.toString())
                    .addDirectory(folder.toString())
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .run();
        }
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE));
        settings.put("controller.quorum.voters", NODE + "@127.0.0.1:" + controllerPort);
        settings.put("controller.listener.names", CONTROLLER);
        settings.put(
                "listeners", "PLAINTEXT://127.0.0.1:" + port + "," + CONTROLLER + "://127.0.0.1:" + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        settings.put("log.dirs", folder.toString());

        settings.put("auto.create.topics.enable", "false");
        settings.put("message.max.bytes", Integer.toString(MAX_MESSAGE_BYTES));
        settings.put("replica.fetch.max.bytes", Integer.toString(MAX_MESSAGE_BYTES));
        settings.put("group.initial.rebalance.delay.ms", "0");

        // After a crash the node must wait until its former self has timed out.
        settings.put("broker.session.timeout.ms", "4000");
        settings.put("broker.heartbeat.interval.ms", "1000");

        // One node: every internal topic has one replica. Few partitions: each costs files and start-up time.
        settings.put("default.replication.factor", "1");
        settings.put("min.insync.replicas", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "4");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "4");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "4");

        // Sized for one machine that runs everything else too.
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        settings.put("num.recovery.threads.per.data.dir", "2");
        settings.put("log.cleaner.dedupe.buffer.size", Long.toString(16L << 20));
        return settings;
    }
}
