package io.herald.testkit;

import io.herald.topic.TopicAdmin;
import io.herald.topic.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** A real Kafka of one node in this JVM, with all of Herald's topics. */
public final class TestBroker implements AutoCloseable {
    private static final String CONTROLLER = "CONTROLLER";

    private final Map<String, String> settings = new ConcurrentHashMap<>();
    private final String bootstrap;
    private KafkaRaftServer server;

    private TestBroker(Path folder) {
        int port = freePort();
        int controller = freePort();
        bootstrap = "127.0.0.1:" + port;
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
        settings.put("controller.listener.names", CONTROLLER);
        settings.put("listeners", "PLAINTEXT://" + bootstrap + "," + CONTROLLER + "://127.0.0.1:" + controller);
        settings.put("advertised.listeners", "PLAINTEXT://" + bootstrap);
        settings.put("log.dirs", folder.toString());
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("log.cleaner.dedupe.buffer.size", Long.toString(16L << 20));
    }

    /** Starts with no records, and its data in {@code folder}, which is empty. */
    public static TestBroker start(Path folder) {
        TestBroker broker = new TestBroker(folder);
        try {
            format(folder);
        } catch (Exception failure) { // Formatter.run declares no less.
            throw new IllegalStateException("cannot format " + folder, failure);
        }
        broker.resume();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap))) {
            new TopicAdmin(admin).create(Topics.ALL, (short) 1);
        }
        return broker;
    }

    /** Returns the bootstrap servers. */
    public String bootstrap() {
        return bootstrap;
    }

    /** Stops, to be resumed later with all its records. */
    public void pause() {
        server.shutdown();
        server.awaitShutdown();
    }

    /** Starts again after {@link #pause}. */
    public void resume() {
        server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        server.startup();
    }

    @Override
    public void close() {
        pause();
    }

    private static void format(Path folder) throws Exception {
        try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(silent)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(1)
                    .setControllerListenerName(CONTROLLER)
                    .setMetadataLogDirectory(folder.toString())
                    .addDirectory(folder.toString())
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .run();
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
