package io.herald.local;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Tells a person what is starting: a line when a step is done, and every few seconds a line with what is waited for and
 * since when. Thread-safe.
 */
public final class Progress implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final Consumer<String> out;
    private final long begin = System.nanoTime();
    private final Map<String, Long> waiting = new LinkedHashMap<>();
    private final Timer clock = new Timer("progress", true);
    private long lastLine = begin;

    /** Makes one that hands its lines to {@code out}. */
    public Progress(Consumer<String> out) {
        this.out = out;
        clock.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        remind();
                    }
                },
                1_000,
                1_000);
    }

    /** Says one line. */
    public synchronized void say(String line) {
        lastLine = System.nanoTime();
        out.accept("[%5.1f s] %s".formatted(seconds(begin), line));
    }

    synchronized void begun(String step) {
        waiting.put(step, System.nanoTime());
    }

    synchronized void done(String step, String result) {
        long since = waiting.remove(step);
        say("%-28s %-46s %4.1f s".formatted(step, result, seconds(since)));
    }

    synchronized void failed(String step) {
        waiting.remove(step);
    }

    /** Returns the seconds since this was made. */
    double seconds() {
        return seconds(begin);
    }

    @Override
    public void close() {
        clock.cancel();
    }

    private synchronized void remind() {
        if (!waiting.isEmpty() && System.nanoTime() - lastLine >= PATIENCE.toNanos()) {
            say(waiting.entrySet().stream()
                    .map(step -> "%s (%.0f s)".formatted(step.getKey(), seconds(step.getValue())))
                    .collect(Collectors.joining(", ", "… waiting for ", "")));
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
