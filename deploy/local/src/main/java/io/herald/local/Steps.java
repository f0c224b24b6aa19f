package io.herald.local;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Runs the steps of a start: each as soon as those that it needs are done, all at once where nothing is in the way. */
final class Steps implements AutoCloseable {
    private final Progress progress;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "start");
        thread.setDaemon(true);
        return thread;
    });
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final List<CompletableFuture<Void>> all = new ArrayList<>();

    Steps(Progress progress) {
        this.progress = progress;
    }

    /** One step, for others to wait for. */
    record Step(CompletableFuture<Void> end) {}

    /** Starts a component, after {@code needed}. */
    Step start(String name, Component component, Step... needed) {
        return run(
                name,
                () -> {
                    component.start();
                    return component.where();
                },
                needed);
    }

    /** Returns a step that is done when all of {@code steps} are. */
    Step all(Step... steps) {
        return new Step(CompletableFuture.allOf(ends(steps)));
    }

    /** Does {@code work}, which returns what there is to say about it, after {@code needed}. */
    Step run(String name, Supplier<String> work, Step... needed) {
        CompletableFuture<?>[] before = List.of(needed).stream().map(Step::end).toArray(CompletableFuture<?>[]::new);
        CompletableFuture<Void> end = CompletableFuture.allOf(before).thenRunAsync(() -> perform(name, work), threads);
        all.add(end);
        return new Step(end);
    }

    /**
     * Waits for all steps, or until the first one fails.
     *
     * @throws StackException that one's
     */
    void await() {
        CompletableFuture<Void> success = CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
        try {
            CompletableFuture.anyOf(success, failure).join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof StackException plain
                    ? plain
                    : new StackException("cannot start: " + failed.getCause(), failed.getCause());
        }
    }

    @Override
    public void close() {
        // Not interrupted: a Kafka that is interrupted while it starts halts the whole process.
        threads.shutdown();
    }

    private static CompletableFuture<?>[] ends(Step... steps) {
        return Stream.of(steps).map(Step::end).toArray(CompletableFuture<?>[]::new);
    }

    private void perform(String name, Supplier<String> work) {
        progress.begun(name);
        try {
            progress.done(name, work.get());
        } catch (RuntimeException | Error failed) {
            progress.failed(name);
            failure.completeExceptionally(failed);
            throw failed;
        }
    }
}
