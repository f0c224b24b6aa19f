package io.herald.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Lets so many tasks run at once; the others wait in line. Thread-safe, never blocks. */
public final class Permits {
    private final Executor executor;
    private final Deque<Promise<Void>> waiting = new ArrayDeque<>();
    private int free;

    /**
     * Makes {@code count} of them.
     *
     * @param executor where those begin that had to wait; not on the caller's stack, which would grow with each of a
     *     thousand that fail at once
     */
    public Permits(int count, Executor executor) {
        this.free = count;
        this.executor = executor;
    }

    /** Runs a task when it is its turn; the next one's comes when its future completes. */
    public <T> Future<T> run(Supplier<Future<T>> task) {
        return turn().compose(nothing -> started(task)).eventually(this::pass);
    }

    /** Returns how many wait. */
    public synchronized int waiting() {
        return waiting.size();
    }

    private synchronized Future<Void> turn() {
        if (free > 0) {
            free--;
            return Future.succeededFuture();
        }
        Promise<Void> turn = Promise.promise();
        waiting.add(turn);
        return turn.future();
    }

    private Future<Void> pass() {
        Promise<Void> next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                free++;
            }
        }
        if (next != null) {
            executor.execute(next::complete);
        }
        return Future.succeededFuture();
    }

    private static <T> Future<T> started(Supplier<Future<T>> task) {
        try {
            return task.get();
        } catch (RuntimeException failure) {
            return Future.failedFuture(failure);
        }
    }
}
