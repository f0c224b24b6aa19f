package io.herald.sender;

import io.herald.schema.Lane;
import io.herald.schema.Route;
import io.herald.sender.CircuitBreaker.State;
import io.herald.sender.Outcome.Health;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What both lanes pass before they call the provider: a circuit breaker and a rate, as both are of the account and not
 * of a lane. Thread-safe.
 */
final class Gate {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final Route route;
    private final CircuitBreaker breaker;
    private final Pace pace;
    private final double configured;
    private final Supplier<OptionalDouble> granted;

    /**
     * Opens a gate.
     *
     * @param granted how much a second the provider grants, where it says so
     */
    Gate(Route route, SenderConfig.Flow flow, Supplier<OptionalDouble> granted) {
        this.route = route;
        this.breaker = new CircuitBreaker(flow.firstPause(), flow.longestPause(), flow.ramp());
        this.pace = new Pace(flow.burst(), System.nanoTime());
        this.configured = flow.perSecond() > 0 ? flow.perSecond() : Double.POSITIVE_INFINITY;
        this.granted = granted;
    }

    /** Lets one pass, or returns for how many nanoseconds it need not ask again. */
    synchronized long pass(Lane lane, int weight) {
        long now = System.nanoTime();
        long closed = breaker.waitNanos(now);
        if (closed > 0) {
            return closed;
        }
        long early = pace.take(weight, lane, perSecond(), now);
        if (early > 0) {
            return early;
        }
        breaker.goes();
        return 0;
    }

    /** Returns how many calls may be out, where {@code usual} is the most. */
    int callsMax(int usual) {
        return (int) Math.ceil(usual * breaker.strength(System.nanoTime()));
    }

    /** Returns how much may go in a second now; infinite for no limit. */
    double perSecond() {
        return Math.min(configured, granted.get().orElse(Double.POSITIVE_INFINITY))
                * breaker.strength(System.nanoTime());
    }

    /** Notes how an attempt found the provider. */
    synchronized void found(Outcome outcome) {
        State before = breaker.state();
        Duration asked = outcome instanceof Outcome.Retry retry ? retry.pause() : Duration.ZERO;
        breaker.found(outcome.health(), asked, System.nanoTime());
        if (before == State.CLOSED && breaker.state() == State.OPEN) {
            LOG.error(
                    "{}: what waits for the provider stays in Kafka until it is well again: {}", route, said(outcome));
        } else if (before == State.HALF_OPEN && breaker.state() == State.CLOSED) {
            LOG.info("{}: the provider is well again", route);
        }
    }

    /** Takes the provider for ill, as nothing shows that it is well. */
    synchronized void suspect(Outcome outcome) {
        if (breaker.state() == State.CLOSED) {
            breaker.trip(System.nanoTime());
            LOG.error(
                    "{}: what waits for the provider stays in Kafka until it is well again: {}", route, said(outcome));
        }
    }

    /** Returns whether none goes for a while; not while one is out to see whether others may. */
    synchronized boolean isShut() {
        return breaker.waitNanos(System.nanoTime()) > 0 && breaker.state() == State.OPEN;
    }

    /** Notes that one that was let through was not sent. */
    synchronized void notSent() {
        breaker.found(Health.UNSEEN, Duration.ZERO, System.nanoTime());
    }

    State state() {
        return breaker.state();
    }

    long wells() {
        return breaker.wells();
    }

    long openings() {
        return breaker.openings();
    }

    // The provider's code; never what it was sent.
    private static String said(Outcome outcome) {
        if (outcome instanceof Outcome.Retry retry) {
            return retry.reason();
        }
        if (outcome instanceof Outcome.Misconfigured fault) {
            return fault.reason();
        }
        return outcome instanceof Outcome.Unknown unknown ? unknown.reason() : Health.ILL.name();
    }
}
