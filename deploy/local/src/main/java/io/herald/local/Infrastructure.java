package io.herald.local;

import io.herald.inbox.InboxDatabase;
import io.herald.local.Steps.Step;
import io.herald.topic.TopicAdmin;
import io.herald.topic.Topics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * What Herald runs on: Kafka with all topics, the registry with all schemas, PostgreSQL with all tables, and the sinks
 * between them.
 */
public final class Infrastructure implements AutoCloseable {
    private static final short ONE_REPLICA = 1;

    private final LocalKafka kafka;
    private final LocalRegistry registry;
    private final LocalPostgres postgres;
    private final LocalConnect connect;

    /** Puts it together, with nothing started yet. */
    public Infrastructure(Installation installation, StateFolder folder, Ports ports) {
        kafka = new LocalKafka(folder.data("kafka"), ports);
        registry = new LocalRegistry(installation, folder, ports);
        postgres = new LocalPostgres(installation, folder, ports);
        connect = new LocalConnect(installation, folder, ports, kafka.bootstrap());
    }

    /**
     * Starts all of it and waits until it serves.
     *
     * @throws StackException naming what does not start; {@link #close} ends the rest
     */
    public void start(Progress progress) {
        try (Steps steps = new Steps(progress)) {
            start(steps);
            steps.await();
        }
    }

    /** Adds what there is to do to {@code steps}, and returns the one after which Herald can start. */
    Step start(Steps steps) {
        Step broker = steps.start("Kafka", kafka);
        Step schemaRegistry = steps.start("schema registry", registry);
        Step database = steps.start("PostgreSQL", postgres);
        Step worker = steps.start("Kafka Connect", connect);

        Step topics = steps.run("topics", this::createTopics, broker);
        Step schemas = steps.run("schemas", this::registerSchemas, schemaRegistry);
        Step tables = steps.run("tables", this::migrate, database);
        steps.run("sinks", this::deploySinks, worker, topics, schemas, tables);
        return steps.all(topics, schemas);
    }

    /** Starts again what has died. */
    void heal(Progress progress) {
        restartIfDead("schema registry", registry, progress);
        restartIfDead("PostgreSQL", postgres, progress);
        if (restartIfDead("Kafka Connect", connect, progress)) {
            deploySinks();
        }
        connect.restartFailedTasks();
    }

    /** Returns what there is and where, a line each. */
    List<String> describe() {
        return List.of(
                line("Kafka", kafka.where()),
                line("registry", registry.where()),
                line("Connect", connect.where()),
                line("PostgreSQL", postgres.where() + "?user=" + postgres.user()));
    }

    static String line(String what, String where) {
        return "  %-12s %s".formatted(what, where);
    }

    static boolean restartIfDead(String name, Component component, Progress progress) {
        if (component.alive()) {
            return false;
        }
        progress.say(name + " has died and is started again");
        component.start();
        progress.say(name + " is back");
        return true;
    }

    public LocalKafka kafka() {
        return kafka;
    }

    public LocalRegistry registry() {
        return registry;
    }

    public LocalPostgres postgres() {
        return postgres;
    }

    public LocalConnect connect() {
        return connect;
    }

    /** Stops everything that was started, what others depend on last. */
    @Override
    public void close() {
        for (Component component : List.of(connect, registry, postgres, kafka)) {
            component.close();
        }
    }

    private String createTopics() {
        Map<String, Object> client = Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrap());
        try (Admin admin = Admin.create(client)) {
            int made = new TopicAdmin(admin).create(Topics.ALL, ONE_REPLICA).size();
            return Topics.ALL.size() + ", new: " + made;
        }
    }

    private String registerSchemas() {
        registry.register(Topics.ALL);
        return "BACKWARD compatible";
    }

    private String migrate() {
        return "migrations applied: " + InboxDatabase.migrate(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    private String deploySinks() {
        connect.deploy(postgres, registry);
        return "running";
    }
}
