package io.herald.api;

import io.herald.http.Problem;
import io.herald.http.ProblemException;
import io.herald.wire.Heard;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads for callers, who may want to see what they wrote themselves: then it is read again until it is there. */
final class Reads {
    private static final Logger LOG = LoggerFactory.getLogger(Reads.class);
    // Two seconds together: longer than the sinks are ever behind while they run, shorter than people wait.
    private static final List<Duration> PAUSES = List.of(
            Duration.ofMillis(30),
            Duration.ofMillis(60),
            Duration.ofMillis(110),
            Duration.ofMillis(200),
            Duration.ofMillis(300),
            Duration.ofMillis(400),
            Duration.ofMillis(450),
            Duration.ofMillis(450));
    private static final Duration AGAIN = Duration.ofSeconds(2);

    private final Vertx vertx;

    Reads(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * What was read.
     *
     * @param behind whether it does not hold what the caller wrote
     */
    record Found<T>(T value, boolean behind) {
        <R> Found<R> map(Function<T, R> change) {
            return new Found<>(change.apply(value), behind);
        }
    }

    /**
     * Reads until what is read covers {@code after}, or two seconds are over.
     *
     * @param heard what of the user's writes is in what was read; null for a user of whom there is nothing
     */
    <T> Future<Found<T>> read(Heard after, Function<T, String> heard, Supplier<Future<T>> source) {
        return read(after, heard, source, 0);
    }

    private <T> Future<Found<T>> read(Heard after, Function<T, String> heard, Supplier<Future<T>> source, int attempt) {
        return source.get().recover(Reads::unavailable).compose(value -> {
            String text = heard.apply(value);
            boolean there = Heard.parse(text == null ? "" : text).covers(after);
            if (there || attempt == PAUSES.size()) {
                return Future.succeededFuture(new Found<>(value, !there));
            }
            return vertx.timer(PAUSES.get(attempt).toMillis(), TimeUnit.MILLISECONDS)
                    .compose(nothing -> read(after, heard, source, attempt + 1));
        });
    }

    private static <T> Future<T> unavailable(Throwable failure) {
        LOG.warn("cannot read the inbox: {}", failure.toString());
        return Future.failedFuture(
                new ProblemException(Problem.unavailable("The inbox cannot be read at the moment.", AGAIN)));
    }
}
