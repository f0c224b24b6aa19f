package io.herald.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A JVM of its own, that answers each line on its standard input by one on its standard output. It ends when its input
 * does, so it outlives its parent never, and no process but this one is ever ended.
 */
final class Child implements AutoCloseable {
    private static final long GRACE_SECONDS = 40;
    private static final double KB_IN_MB = 1024;

    private final String name;
    private final Path log;
    private final Process process;
    private final BufferedWriter questions;
    private final BufferedReader answers;

    /** Starts {@code main} with this process's class path. */
    Child(String name, Path folder, List<String> options, Class<?> main, String... arguments) {
        this(name, folder, options, Map.of(), main, arguments);
    }

    /** The same, with more in its environment. */
    Child(
            String name,
            Path folder,
            List<String> options,
            Map<String, String> environment,
            Class<?> main,
            String... arguments) {
        this.name = name;
        this.log = folder.resolve(name + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-Dherald.log=" + log);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectError(
                            Redirect.appendTo(folder.resolve(name + ".err").toFile()));
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        questions = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Asks, and waits for the answer.
     *
     * @throws IllegalStateException if it could not do what it was asked, or has ended
     */
    String ask(String... words) {
        try {
            questions.write(String.join("\t", words));
            questions.newLine();
            questions.flush();
            return answer();
        } catch (IOException failure) {
            throw new IllegalStateException(name + " has ended: see " + log, failure);
        }
    }

    /** Waits until it is ready, and returns what it says then. */
    String ready() {
        try {
            return answer();
        } catch (IOException failure) {
            throw new IllegalStateException(name + " has ended: see " + log, failure);
        }
    }

    /** Waits for an answer. */
    String answer() throws IOException {
        String line = answers.readLine();
        if (line == null || !line.startsWith(Orders.DONE)) {
            throw new IllegalStateException(name + (line == null ? " has ended" : ": " + line) + ": see " + log);
        }
        return line.substring(Orders.DONE.length()).strip();
    }

    long pid() {
        return process.pid();
    }

    /** Returns the time that it had a processor, all threads together. */
    Duration cpu() {
        return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Returns the most memory that it was resident with until now, in MB; Linux alone tells. */
    double peakMb() {
        return status(pid(), "VmHWM:");
    }

    /** Returns the memory that it is resident with. */
    double residentMb() {
        return residentMb(pid());
    }

    /** Returns the memory that any process is resident with. */
    static double residentMb(long pid) {
        return status(pid, "VmRSS:");
    }

    private static double status(long pid, String name) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / KB_IN_MB)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException otherSystem) {
            return Double.NaN;
        }
    }

    @Override
    public void close() {
        try {
            questions.close();
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException ended) {
            process.destroyForcibly();
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
