package io.herald.simulator;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How requests are answered: first as was ordered for the next ones, then by the weather. Thread-safe. */
final class Script {
    private static final Logger LOG = LoggerFactory.getLogger(Script.class);

    private final Dialect dialect;
    private final Answer usual;
    private final Queue<Answer> next = new ArrayDeque<>();
    private Weather weather = Weather.FINE;
    private Random random = new Random(0);
    private long requests;

    Script(Dialect dialect) {
        this.dialect = dialect;
        this.usual = dialect.of(Fault.NONE, Weather.FINE.delay());
    }

    synchronized void add(int times, Answer answer) {
        for (int i = 0; i < times; i++) {
            next.add(answer);
        }
    }

    synchronized void weather(Weather changed) {
        weather = changed;
        random = new Random(changed.seed());
    }

    synchronized Weather weather() {
        return weather;
    }

    /** Returns the answer for the request at hand. */
    synchronized Answer take() {
        requests++;
        Answer ordered = next.poll();
        if (ordered != null) {
            return ordered;
        }
        return hit() ? dialect.of(weather.fault(), weather.delay()) : usual;
    }

    /** Returns whether the connection at hand ends in its handshake. */
    synchronized boolean breaksHandshake() {
        return weather.fault() == Fault.TLS_BREAK && hit();
    }

    private boolean hit() {
        return weather.fault() != Fault.NONE && random.nextInt(100) < weather.percent();
    }

    /** Returns how many requests there were. */
    synchronized long requests() {
        return requests;
    }

    /** Forgets what was ordered, and the weather. */
    synchronized void clear() {
        next.clear();
        weather(Weather.FINE);
    }

    /** Notes what has become of a request; {@code status} is 0 for one that is not answered. */
    void log(Answer answer, int status, Supplier<String> delivery) {
        if (LOG.isDebugEnabled()) {
            LOG.debug("{} {} {}: delivery {}", dialect.provider(), answer.ending(), status, delivery.get());
        }
    }
}
