package io.herald.sender;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/** Threads for a vendor's client that blocks: as many as there may be calls, which end when there are none. */
public final class CallThreads {
    private static final int IDLE_SECONDS = 60;

    private CallThreads() {}

    /**
     * Makes a pool that refuses what is beyond twice {@code most}.
     *
     * @param name before each thread's number
     * @param most how many calls there may be at a time
     */
    public static ThreadPoolExecutor of(String name, int most) {
        AtomicInteger count = new AtomicInteger();
        ThreadFactory named = task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        // The queue takes what comes while calls end that the loop no longer waits for.
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(most), named);
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Makes a call on one of {@code threads}; without a call, if none of them is free, it is to be tried again. */
    public static CompletableFuture<Outcome> call(Executor threads, Supplier<CompletionStage<Outcome>> call) {
        try {
            return CompletableFuture.supplyAsync(call, threads).thenCompose(Function.identity());
        } catch (RejectedExecutionException full) {
            return CompletableFuture.completedFuture(Outcome.Retry.ofAll(Duration.ZERO, "all threads are busy"));
        }
    }
}
