package io.herald.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One of Herald's programs in a process of its own, so that it can be killed like one. */
final class HeraldProcess implements AutoCloseable {
    private final Class<?> program;
    private final String prefix;
    private final Map<String, String> settings;
    private final Path log;
    private Process process;

    /**
     * Creates a process that is not started.
     *
     * @param prefix of the program's settings in the environment
     */
    HeraldProcess(Class<?> program, String prefix, Map<String, String> settings, Path log) {
        this.program = program;
        this.prefix = prefix;
        this.settings = settings;
        this.log = log;
    }

    void start() {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dherald.log=" + log,
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()));
        settings.forEach((key, value) ->
                builder.environment().put(prefix + key.toUpperCase(Locale.ROOT).replace('.', '_'), value));
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
                throw new AssertionError(program.getSimpleName() + " outlives " + what);
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
