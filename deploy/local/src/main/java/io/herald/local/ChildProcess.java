package io.herald.local;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;

/**
 * One process of the stack. Its output goes to a file; its id is on record while it lives, so that a stack whose
 * supervisor was killed is found, and ended, by the next one.
 *
 * <p>Only the process that was launched here, or is on record with its time of start, is ever ended: never by name.
 * Thread-safe: {@link #close} while another thread launches or waits makes that thread throw.
 */
final class ChildProcess implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(15);
    private static final Duration KILL = Duration.ofSeconds(5);
    private static final String RECORD = ".pid";
    private static final long POLL_MS = 50;
    /** How far two readings of a process's start may lie apart: the kernel counts from boot, in hundredths. */
    private static final long SAME_START_MS = 1_500;

    private final String name;
    private final StateFolder folder;
    private Process process;
    private boolean closed;

    ChildProcess(String name, StateFolder folder) {
        this.name = name;
        this.folder = folder;
    }

    /**
     * Starts the process, after ending one of this name that an earlier supervisor left behind.
     *
     * @throws StackException if this was closed, or the command cannot be run
     */
    synchronized void launch(List<String> command) {
        if (closed) {
            throw new StackException(name + " was stopped");
        }
        end();
        endOrphan(record());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.data(name).toFile())
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log().toFile()));
        try {
            process = builder.start();
            Files.writeString(
                    record(), process.pid() + " " + startOf(process.toHandle()).toEpochMilli());
        } catch (IOException failure) {
            throw new StackException("cannot run " + command.get(0), failure);
        }
    }

    /**
     * Waits until {@code ready}.
     *
     * @throws StackException if the process ends before, or the time is up
     */
    void await(Duration limit, BooleanSupplier ready) {
        Process awaited = current().orElseThrow(() -> new StackException(name + " was not launched"));
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            while (!ready.getAsBoolean()) {
                if (awaited.waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
                    throw new StackException(
                            name + " ended with status " + awaited.exitValue() + " while it started: see " + log());
                }
                if (System.nanoTime() > deadline) {
                    throw new StackException(name + " is not ready after " + limit.toSeconds() + " s: see " + log());
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StackException("interrupted while " + name + " started", interrupted);
        }
    }

    /** Returns the process as it was last launched. */
    synchronized Optional<Process> current() {
        return Optional.ofNullable(process);
    }

    Path log() {
        return folder.log(name);
    }

    /** Asks the process to end and waits; kills it if it takes too long. It may be launched again. */
    synchronized void end() {
        if (process != null) {
            end(process.toHandle());
            process = null;
            delete(record());
        }
    }

    /** Kills the process at once, as a crash would; it may be launched again. */
    synchronized void kill() {
        if (process != null) {
            process.destroyForcibly();
            awaitEnd(process.toHandle(), KILL);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        end();
    }

    /** Returns whether the process runs, or was not launched yet. */
    synchronized boolean alive() {
        return process == null || process.isAlive();
    }

    /** Ends all processes on record in {@code folder}: those of a supervisor that did not live to end them. */
    static void endOrphans(StateFolder folder) {
        try (DirectoryStream<Path> records = Files.newDirectoryStream(folder.run(), "*" + RECORD)) {
            StreamSupport.stream(records.spliterator(), true).forEach(ChildProcess::endOrphan);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot list " + folder.run(), failure);
        }
    }

    private static void endOrphan(Path record) {
        if (!Files.exists(record)) {
            return;
        }
        try {
            String[] written = Files.readString(record).strip().split(" ", 2);
            long start = Long.parseLong(written[1]);
            ProcessHandle.of(Long.parseLong(written[0]))
                    .filter(found -> Math.abs(startOf(found).toEpochMilli() - start) < SAME_START_MS)
                    .ifPresent(ChildProcess::end);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + record, failure);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException halfWritten) {
            // The supervisor was killed while it wrote; there is no telling whom it meant.
        }
        delete(record);
    }

    /** Asks a process to end and waits; kills it if it takes too long. */
    static void end(ProcessHandle process) {
        process.destroy();
        if (!awaitEnd(process, GRACE)) {
            process.destroyForcibly();
            awaitEnd(process, KILL);
        }
    }

    private static boolean awaitEnd(ProcessHandle process, Duration limit) {
        try {
            process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException late) {
            return false;
        }
    }

    private static Instant startOf(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }

    private Path record() {
        return folder.run().resolve(name + RECORD);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot delete " + file, failure);
        }
    }
}
