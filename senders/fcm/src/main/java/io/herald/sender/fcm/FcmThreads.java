package io.herald.sender.fcm;

import com.google.firebase.FirebaseApp;
import com.google.firebase.ThreadManager;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * As many threads as there may be calls: each call of Firebase's client keeps one. Its own default is a hundred, with a
 * queue that has no end.
 */
final class FcmThreads extends ThreadManager {
    private static final int IDLE_SECONDS = 60;

    private final int most;

    FcmThreads(int most) {
        this.most = most;
    }

    @Override
    protected ExecutorService getExecutor(FirebaseApp app) {
        // The queue takes what comes while calls end that the loop no longer waits for.
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(most), getThreadFactory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    @Override
    protected void releaseExecutor(FirebaseApp app, ExecutorService executor) {
        executor.shutdownNow();
    }

    @Override
    protected ThreadFactory getThreadFactory() {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "fcm-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
