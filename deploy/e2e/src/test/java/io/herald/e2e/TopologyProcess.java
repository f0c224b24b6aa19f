package io.herald.e2e;

import io.herald.topology.app.TopologyApp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The topology in a process of its own, so that it can be killed like one. */
final class TopologyProcess implements AutoCloseable {
    private final Map<String, String> settings;
    private final Path log;
    private Process process;

    TopologyProcess(Map<String, String> settings, Path log) {
        this.settings = settings;
        this.log = log;
    }

    void start() {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TopologyApp.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()));
        settings.forEach((key, value) -> builder.environment()
                .put("HERALD_TOPOLOGY_" + key.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        try {
            process = builder.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Lets it end what it is at, and waits until it is gone. */
    void stop() {
        process.destroy();
        awaitGone("its orders to stop");
    }

    /** Kills it as {@code kill -9} does, and waits until it is gone. */
    void kill() {
        process.destroyForcibly();
        awaitGone("kill -9");
    }

    private void awaitGone(String what) {
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                throw new AssertionError("the topology's process outlives " + what);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            kill();
        }
    }
}
