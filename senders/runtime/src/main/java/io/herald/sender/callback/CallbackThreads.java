package io.herald.sender.callback;

import io.herald.sender.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A few threads, each of which has only so much time for a request, from its first byte on: who sends slower than that
 * loses the connection, as an interrupt closes the channel that is read or written. Who comes when all threads are busy
 * and enough wait is turned away.
 *
 * <p>The JDK's server has limits of its own, but as system properties of the whole process.
 */
final class CallbackThreads implements Executor, AutoCloseable {
    private static final int THREADS = 8;
    private static final int WAITING = 64;

    private final Duration most;
    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(new DaemonThreads("callback-watch"));
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS, THREADS, 60, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), new DaemonThreads("callback"));

    CallbackThreads(Duration most) {
        this.most = most;
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(() -> limited(task));
    }

    private void limited(Runnable task) {
        Limit limit = new Limit(Thread.currentThread());
        Future<?> alarm = watch.schedule(limit::reached, most.toMillis(), TimeUnit.MILLISECONDS);
        try {
            task.run();
        } finally {
            limit.lift();
            alarm.cancel(false);
        }
    }

    /** Waits for the requests at hand, up to {@code grace}; takes no other. */
    void close(Duration grace) {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
        watch.shutdownNow();
    }

    @Override
    public void close() {
        close(Duration.ZERO);
    }

    /** The time of one request. Never interrupts the thread once that has gone on to another. */
    private static final class Limit {
        private final Thread thread;
        private boolean lifted;

        Limit(Thread thread) {
            this.thread = thread;
        }

        synchronized void reached() {
            if (!lifted) {
                thread.interrupt();
            }
        }

        synchronized void lift() {
            lifted = true;
            // What came in the last moment is not meant for the next request.
            boolean unused = Thread.interrupted();
        }
    }
}
