package io.herald.ingest;

import io.herald.http.Problem;
import io.herald.http.ProblemException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds the memory that bodies have together. Thread-safe. */
final class Admission {
    private final long most;
    private final AtomicLong held = new AtomicLong();

    Admission(long most) {
        this.most = most;
    }

    /**
     * Makes room for a body.
     *
     * @return what it takes, for {@link #leave}
     * @throws ProblemException where there is no room
     */
    long enter(long bytes) {
        if (held.addAndGet(bytes) > most) {
            held.addAndGet(-bytes);
            throw new ProblemException(Problem.unavailable("Too many requests are being read.", Duration.ofSeconds(1)));
        }
        return bytes;
    }

    void leave(long bytes) {
        held.addAndGet(-bytes);
    }

    long held() {
        return held.get();
    }
}
