package io.herald.local;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A PostgreSQL on the loopback interface, with a database {@value #DATABASE}; its data survives restarts.
 *
 * <p>It does not sync to disk: a killed process loses nothing, a machine that loses power may. As root it runs in a
 * user namespace of its own, because PostgreSQL refuses root.
 */
public final class LocalPostgres implements Component {
    private static final String DATABASE = "herald";
    private static final String RECORD = "postmaster.pid";
    private static final String USER = "postgres";
    private static final Duration START = Duration.ofSeconds(60);

    private final Path binaries;
    private final Path folder;
    private final Path log;
    private final int port;
    private EmbeddedPostgres server;
    private Optional<ProcessHandle> postmaster = Optional.empty();
    private boolean closed;

    /** Makes a server, not started. */
    public LocalPostgres(Installation installation, StateFolder folder, Ports ports) {
        this.binaries = installation.postgres();
        this.folder = folder.data("postgres").toAbsolutePath();
        this.log = folder.log("postgres").toAbsolutePath();
        this.port = ports.of(Port.POSTGRES);
    }

    /** Returns the JDBC URL of the database, without user. */
    public String jdbcUrl() {
        return urlOf(DATABASE);
    }

    /** Returns where the database is, for clients that are not JDBC's. */
    public String url() {
        return jdbcUrl().substring("jdbc:".length());
    }

    /** Returns the user, who may do everything. */
    public String user() {
        return USER;
    }

    /** Returns the user's password; nobody asks for it on the loopback interface. */
    public String password() {
        return USER;
    }

    /** Opens a connection to the database. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), USER, password());
    }

    @Override
    public String where() {
        return jdbcUrl();
    }

    @Override
    public synchronized void start() {
        if (closed) {
            throw new StackException("PostgreSQL was stopped");
        }
        try {
            stop();
            endOrphan(folder);
            server = EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(binaries.toFile())
                    .setDataDirectory(folder.toFile())
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setPort(port)
                    .setPGStartupWait(START)
                    .setOutputRedirector(Redirect.appendTo(log.toFile()))
                    .setLocaleConfig("locale-provider", "builtin")
                    .setLocaleConfig("builtin-locale", "C.UTF-8")
                    .setLocaleConfig("locale", "C")
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("unix_socket_directories", "")
                    // The library turns it off, and a killed server then loses rows that it had confirmed.
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("shared_buffers", "64MB")
                    .setServerConfig("max_connections", "60")
                    .setServerConfig("timezone", "UTC")
                    .start();
            postmaster = named(folder);
            makeDatabase();
        } catch (IOException | RuntimeException failure) {
            throw new StackException("PostgreSQL does not start: see " + log, failure);
        } catch (SQLException failure) {
            throw new StackException("PostgreSQL runs but has no database: see " + log, failure);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        try {
            stop();
        } catch (IOException failure) {
            throw new StackException("PostgreSQL does not stop: see " + log, failure);
        }
    }

    @Override
    public synchronized boolean alive() {
        return postmaster.map(ProcessHandle::isAlive).orElse(true);
    }

    /** Stops the server at once, as a crash would; {@link #start} begins it again. */
    public synchronized void kill() {
        postmaster.ifPresent(ProcessHandle::destroyForcibly);
        postmaster.ifPresent(process -> process.onExit().join());
    }

    private void stop() throws IOException {
        postmaster = Optional.empty();
        if (server != null) {
            server.close();
            server = null;
        }
    }

    private void makeDatabase() throws SQLException {
        try (Connection connection = DriverManager.getConnection(urlOf("postgres"), USER, USER);
                Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
            if (!found.next()) {
                statement.execute("CREATE DATABASE " + DATABASE);
            }
        }
    }

    /** Ends the server that an earlier supervisor left behind in {@code folder}. */
    static void endOrphan(StateFolder folder) {
        try {
            endOrphan(folder.data("postgres"));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot tell whether PostgreSQL runs", failure);
        }
    }

    /**
     * Ends what PostgreSQL's own record names. The record stays: by it the next server makes sure that no process of
     * the old one is left. But if its number now belongs to another program, that is left alone and the record removed,
     * or the next server would refuse to start.
     */
    private static void endOrphan(Path folder) throws IOException {
        Optional<ProcessHandle> named = named(folder);
        if (named.isPresent()) {
            if (isPostgres(named.get())) {
                ChildProcess.end(named.get());
            } else {
                Files.delete(folder.resolve(RECORD));
            }
        }
    }

    /** Returns the live process that PostgreSQL's record names, whatever it is. */
    private static Optional<ProcessHandle> named(Path folder) throws IOException {
        Path record = folder.resolve(RECORD);
        if (!Files.exists(record)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(record);
        return lines.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(lines.get(0).strip()));
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .filter(command -> command.endsWith("/postgres"))
                .isPresent();
    }

    private String urlOf(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }
}
