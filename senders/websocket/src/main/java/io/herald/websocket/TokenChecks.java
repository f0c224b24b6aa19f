package io.herald.websocket;

import io.herald.http.Identity;
import io.herald.http.TokenException;
import io.herald.http.Tokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks tokens beside the event loops: a signature costs half a millisecond, and keys may have to be fetched. On few
 * threads, so that a storm of newcomers leaves the processors to those who are here. Thread-safe.
 */
final class TokenChecks {
    private static final Logger LOG = LoggerFactory.getLogger(TokenChecks.class);
    private static final int MAX_WAITING = 512;
    /** Requests need no admission, and what they send costs nothing: their tokens must not pile up. */
    private static final int MOST_WAITING = 4_096;

    private static final int LEAST_THREADS = 2;

    private final Tokens verifier;
    private final GatewayMeters meters;
    private final WorkerExecutor workers;
    private final AtomicInteger waiting = new AtomicInteger();

    TokenChecks(Vertx vertx, Tokens verifier, GatewayMeters meters) {
        this.verifier = verifier;
        this.meters = meters;
        int threads = Math.max(LEAST_THREADS, Runtime.getRuntime().availableProcessors());
        this.workers = vertx.createSharedWorkerExecutor("tokens", threads);
    }

    /** Says whom {@code token} speaks for, or fails with a {@link TokenException}. Completes on any thread. */
    Future<Identity> check(String token) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            meters.count(GatewayMetric.TOKENS, "undecided");
            return Future.failedFuture(TokenException.undecided(null));
        }
        return workers.executeBlocking(() -> verifier.verify(token), false).onComplete(checked -> {
            waiting.decrementAndGet();
            if (checked.succeeded()) {
                meters.count(GatewayMetric.TOKENS, "ok");
            } else if (TokenException.from(checked.cause()).isUndecided()) {
                meters.count(GatewayMetric.TOKENS, "undecided");
                LOG.warn("cannot check tokens", checked.cause());
            } else {
                meters.count(GatewayMetric.TOKENS, "refused");
            }
        });
    }

    /** Returns whether so many wait that a further one would be too late. */
    boolean isCrowded() {
        return waiting.get() >= MAX_WAITING;
    }
}
