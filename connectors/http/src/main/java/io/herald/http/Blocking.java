package io.herald.http;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what event loops do, on a thread that is none of theirs: to start and to stop a process. */
public final class Blocking {
    private Blocking() {}

    /** Returns whether it is done in time; throws what it failed with. */
    public static boolean await(Future<?> future, Duration timeout) {
        try {
            future.toCompletionStage().toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException failure) {
            throw new IllegalStateException(failure.getCause().getMessage(), failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Returns once a server has started; throws why it has not. */
    public static void started(Future<?> deployed, Duration timeout) {
        if (!await(deployed, timeout)) {
            throw new IllegalStateException("the server did not start within " + timeout.toSeconds() + " s");
        }
    }
}
