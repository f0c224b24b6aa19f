package io.herald.local;

import io.herald.ingest.IngestConfig.Rate;
import io.herald.ingest.KeysCommand;
import io.herald.local.page.DemoTokens;
import io.herald.local.story.Cast;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/** Herald itself in a process of its own: topology, senders, gateway and ingest, sending to the simulators. */
public final class LocalHerald implements Component {
    private static final Duration START = Duration.ofMinutes(2);
    private static final List<String> SENDERS = List.of("apns", "fcm", "webpush", "email", "sms", "webhook");
    private static final List<String> PARTS = Stream.concat(
                    Stream.of("topology", "gateway", "ingest"), SENDERS.stream())
            .toList();

    private final Installation installation;
    private final StateFolder folder;
    private final Ports ports;
    private final Infrastructure infrastructure;
    private final Simulators simulators;
    private final DemoTokens tokens;
    private final ChildProcess process;

    LocalHerald(
            Installation installation,
            StateFolder folder,
            Ports ports,
            Infrastructure infrastructure,
            Simulators simulators,
            DemoTokens tokens) {
        this.installation = installation;
        this.folder = folder;
        this.ports = ports;
        this.infrastructure = infrastructure;
        this.simulators = simulators;
        this.tokens = tokens;
        this.process = new ChildProcess("herald", folder);
    }

    @Override
    public void start() {
        Path configuration = folder.data("herald").resolve("herald.properties");
        Path ready = configuration.resolveSibling("ready");
        try {
            Files.deleteIfExists(ready);
            write(configuration);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + configuration, failure);
        }
        process.launch(List.of(
                Installation.java(),
                "-Xmx768m",
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                // Browsers' and chats' endpoints are https everywhere, and here too.
                "-Djavax.net.ssl.trustStore=" + configuration.resolveSibling(Simulators.TRUSTED),
                "-Djavax.net.ssl.trustStorePassword=" + Simulators.TRUSTED_PASSWORD,
                "-cp",
                installation.classPath(),
                HeraldMain.class.getName(),
                configuration.toAbsolutePath().toString()));
        process.await(START, () -> Files.exists(ready));
        makeKey();
        simulators.callBack();
    }

    // One that outlives restarts, for whoever tries ingest by hand: it may do everything for the demo's tenant.
    private void makeKey() {
        Path file = folder.data("ingest").resolve("key");
        if (Files.exists(file)) {
            return;
        }
        try (Connection connection = infrastructure.postgres().connect()) {
            SecretFile.write(
                    file,
                    KeysCommand.create(
                            connection, Cast.TENANT, "demo", KeysCommand.EVERY_SCOPE, new Rate(10_000, 20_000)));
        } catch (IOException | SQLException failure) {
            throw new StackException("cannot make a key for ingest", failure);
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
    public String where() {
        return gateway();
    }

    /** Returns where browsers open their sockets. */
    String gateway() {
        return "ws://" + ports.address(Port.GATEWAY) + "/v1/socket";
    }

    @Override
    public void close() {
        process.close();
    }

    private void write(Path configuration) throws IOException {
        Properties settings = new Properties();
        String bootstrap = infrastructure.kafka().bootstrap();
        String registry = infrastructure.registry().url();
        for (String part : PARTS) {
            settings.setProperty(part + ".bootstrap.servers", bootstrap);
            settings.setProperty(part + ".schema.registry.url", registry);
            settings.setProperty(part + ".health.port", "-1");
        }
        for (String sender : SENDERS) {
            // Nobody here wants to watch a provider recover for half a minute.
            settings.setProperty(sender + ".circuit.pause.ms", "500");
            settings.setProperty(sender + ".circuit.longest.pause.ms", "2000");
            settings.setProperty(sender + ".ramp.ms", "2000");
        }
        settings.setProperty(
                "topology.state.dir", folder.data("streams").toAbsolutePath().toString());
        simulators.configure(settings, configuration.getParent());

        // The same after a crash: then the router hears from it that the sockets of before are gone.
        settings.setProperty("gateway.id", "gateway-local");
        settings.setProperty("gateway.port", Integer.toString(ports.of(Port.GATEWAY)));
        settings.setProperty("gateway.health.port", "0");
        settings.setProperty("gateway.drain.ms", "200");
        settings.setProperty("gateway.origins", ports.url(Port.PAGE));
        settings.setProperty("gateway.jwt.keys", tokens.keys().toString());
        settings.setProperty("gateway.jwt.issuer", DemoTokens.ISSUER);
        settings.setProperty("gateway.jwt.audience", DemoTokens.AUDIENCE);
        settings.setProperty("gateway.database.url", infrastructure.postgres().url());
        settings.setProperty("gateway.database.user", infrastructure.postgres().user());
        settings.setProperty(
                "gateway.database.password", infrastructure.postgres().password());

        settings.setProperty("ingest.id", "ingest-local");
        settings.setProperty("ingest.port", Integer.toString(ports.of(Port.INGEST)));
        settings.setProperty("ingest.health.port", "0");
        settings.setProperty("ingest.database.url", infrastructure.postgres().jdbcUrl());
        settings.setProperty("ingest.database.user", infrastructure.postgres().user());
        settings.setProperty(
                "ingest.database.password", infrastructure.postgres().password());
        settings.setProperty("ingest.database.connections", "2");

        StringWriter text = new StringWriter();
        settings.store(text, null);
        SecretFile.write(configuration, text.toString());
    }
}
