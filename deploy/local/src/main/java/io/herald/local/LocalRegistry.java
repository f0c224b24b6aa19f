package io.herald.local;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.herald.topic.Topic;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.avro.Schema;

/**
 * An Apicurio Registry in a process of its own, spoken to over its Confluent-compatible API.
 *
 * <p>Schemas, and so the ids that records carry, are kept in a file database and survive restarts. Changes that a
 * reader of the new schema could not read old records with are refused, as Confluent's registry does by default.
 */
public final class LocalRegistry implements Component {
    private static final Duration START = Duration.ofSeconds(90);
    private static final int CLIENT_CACHE = 200;

    private final Installation installation;
    private final Path database;
    private final Ports ports;
    private final ChildProcess process;

    /** Makes a registry, not started. */
    public LocalRegistry(Installation installation, StateFolder folder, Ports ports) {
        this.installation = installation;
        this.database = folder.data("registry").resolve("schemas").toAbsolutePath();
        this.ports = ports;
        this.process = new ChildProcess("registry", folder);
    }

    /** Returns what {@code schema.registry.url} has to be. */
    public String url() {
        return ports.url(Port.REGISTRY) + "/apis/ccompat/v7";
    }

    @Override
    public String where() {
        return url();
    }

    @Override
    public void start() {
        process.launch(List.of(
                Installation.java(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + ports.of(Port.REGISTRY),
                "-Dquarkus.management.host=127.0.0.1",
                "-Dquarkus.management.port=" + ports.of(Port.REGISTRY_MANAGEMENT),
                "-Dquarkus.http.access-log.enabled=false",
                "-Dquarkus.log.category.\"io.apicurio\".level=WARN",
                "-Dapicurio.datasource.url=jdbc:h2:file:" + database,
                "-Dapicurio.datasource.jdbc.initial-size=2",
                "-Dapicurio.datasource.jdbc.min-size=2",
                "-Dapicurio.datasource.jdbc.max-size=10",
                // The two databases of its snapshot feature, which is not used.
                "-Dapicurio.datasource.blue.jdbc.initial-size=0",
                "-Dapicurio.datasource.blue.jdbc.min-size=0",
                "-Dapicurio.datasource.green.jdbc.initial-size=0",
                "-Dapicurio.datasource.green.jdbc.min-size=0",
                "-jar",
                runner().toString()));
        process.await(START, () -> Http.answers(url() + "/subjects"));
        refuseIncompatibleSchemas();
    }

    /**
     * Registers the schemas of {@code topics} under {@code <topic>-key} and {@code <topic>-value}; those that are there
     * already keep their ids.
     *
     * @throws StackException naming the subject whose older schema could not be read any more
     */
    public void register(Collection<Topic> topics) {
        SchemaRegistryClient client = new CachedSchemaRegistryClient(url(), CLIENT_CACHE);
        for (Topic topic : topics) {
            topic.keySchema().ifPresent(schema -> register(client, topic.name() + "-key", schema));
            register(client, topic.name() + "-value", topic.value());
        }
    }

    /** Kills the process as a crash would; {@link #start} begins it again. */
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

    private static void register(SchemaRegistryClient client, String subject, Schema schema) {
        try {
            client.register(subject, new AvroSchema(schema));
        } catch (RestClientException refused) {
            throw new StackException(
                    "the registry refuses the schema of " + subject + " (" + refused.getMessage()
                            + "); if the state of this machine is dispensable, start with --fresh",
                    refused);
        } catch (IOException failure) {
            throw new StackException("the registry does not answer for " + subject, failure);
        }
    }

    private void refuseIncompatibleSchemas() {
        try {
            Http.Answer answer = Http.put(url() + "/config", "{\"compatibility\":\"BACKWARD\"}");
            if (!answer.ok()) {
                throw new StackException("the registry refuses BACKWARD compatibility: status " + answer.status());
            }
        } catch (IOException failure) {
            throw new StackException("the registry does not answer", failure);
        }
    }

    private Path runner() {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(installation.registry(), "*-runner.jar")) {
            return found.iterator().next();
        } catch (IOException | NoSuchElementException missing) {
            throw new StackException("no schema registry in " + installation.registry(), missing);
        }
    }
}
