package io.herald.sender;

import io.herald.schema.Delivery;
import io.herald.schema.Lane;
import io.herald.sender.CircuitBreaker.State;
import io.herald.sender.Outcome.Health;
import io.herald.topic.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one lane has on its way: from the moment that a delivery begins until Kafka has its report.
 *
 * <p>An attempt that finds the provider ill, and that the provider certainly did not take, is <em>held</em> and not
 * reported, until it is known what was ill. If another one finds the provider well, it was this delivery, and that is
 * reported; so it is if this one fails again after another was well. If none is, it is the provider: the circuit opens,
 * and what is held is attempted again when it closes, no failure counted.
 *
 * <p>Attempts begin on the lane's thread and end on any.
 */
final class Flight {
    private static final Logger LOG = LoggerFactory.getLogger(Flight.class);
    private static final long SUSPICION_NANOS = Duration.ofSeconds(1).toNanos();
    /** When to ask again for room, in nanoseconds. */
    private static final long FULL_NANOS = Duration.ofMillis(10).toNanos();

    private static final long NO_OPENING = -1;
    /** How many may wait for others of their users, for each that may be in flight. */
    private static final int WAITING_FOR_EACH_PLACE = 4;

    private final Lane lane;
    private final Gate gate;
    private final Provider provider;
    private final Attempts attempts;
    private final Intents intents;
    private final Reporter reporter;
    private final Clock clock;
    private final SenderMeters meters;
    private final InFlight inFlight;
    private final InOrder order = new InOrder();
    private final AtomicInteger calls = new AtomicInteger();
    private final Queue<Held> held = new ConcurrentLinkedQueue<>();
    private boolean heldFirst = true;
    /** What is reported of the one that was admitted last, if it is not to be sent. */
    private Outcome instead;
    /** Whether the one that was admitted last has passed the gate. */
    private boolean passed;

    Flight(
            Lane lane,
            int limit,
            Gate gate,
            Provider provider,
            Attempts attempts,
            Intents intents,
            Reporter reporter,
            Clock clock,
            SenderMeters meters) {
        this.lane = lane;
        this.gate = gate;
        this.provider = provider;
        this.attempts = attempts;
        this.intents = intents;
        this.reporter = reporter;
        this.clock = clock;
        this.meters = meters;
        this.inFlight = new InFlight(limit);
        meters.gauge(SenderMetric.IN_FLIGHT, inFlight::count);
        meters.gauge(SenderMetric.IN_FLIGHT_LIMIT, inFlight::limit);
        meters.gauge(SenderMetric.HELD, held::size);
    }

    /**
     * What an attempt came to that found the provider ill, and what was known of the provider then. Or one that was not
     * made yet, as the gate was shut when its turn came: without an outcome, and of no opening.
     */
    private record Held(Attempt attempt, Outcome outcome, Duration took, long since, long openings) {}

    /**
     * Returns for how many nanoseconds {@code attempt} cannot begin; 0 if it can, and then it must: it has taken its
     * part of the rate, unless it is not to be sent, or has to wait for another one of its user.
     */
    long admit(Attempt attempt) {
        if (!inFlight.hasRoom() || order.size() > WAITING_FOR_EACH_PLACE * inFlight.limit()) {
            return FULL_NANOS;
        }
        instead = instead(attempt);
        boolean sent = instead == null && !(provider.inOrder() && order.isBehind(attempt));
        long closed = sent ? pass(attempt.delivery()) : 0;
        passed = sent && closed == 0;
        return closed;
    }

    /** Begins the attempt that was admitted. */
    void begin(Attempt attempt) {
        heldFirst = true;
        if (instead != null) {
            start(attempt);
            attempt.from().goes();
            report(attempt, instead, null);
        } else if (!provider.inOrder() || order.enter(attempt)) {
            start(attempt);
            if (passed) {
                go(attempt);
            } else {
                turn(attempt);
            }
        }
    }

    private void start(Attempt attempt) {
        inFlight.start();
        attempt.startsFlight();
    }

    // What waits for another one of its user takes no room: one endpoint that does not answer must not fill the lane.
    private boolean isStarted(Attempt attempt) {
        if (!attempt.isInFlight() && inFlight.tryStart()) {
            attempt.startsFlight();
        }
        return attempt.isInFlight();
    }

    private Outcome instead(Attempt attempt) {
        if (intents.interrupted(attempt)) {
            meters.count(SenderMetric.INTERRUPTED);
            return new Outcome.Unknown("interrupted: it may have been sent");
        }
        return isHandedBack(attempt) ? new Outcome.Stale() : null;
    }

    private boolean isHandedBack(Attempt attempt) {
        return attempts.isStale(attempt.delivery()) || isForTheOther(attempt.delivery());
    }

    /** Begins what needs no provider: {@code write} reports of it, and calls what it is given when that is done. */
    void beginWithout(Attempt attempt, Consumer<Runnable> write) {
        start(attempt);
        attempt.from().goes();
        write.accept(() -> done(attempt));
    }

    /** Notes that it is committed that {@code done} are. */
    void committed(List<Attempt> done) {
        done.forEach(attempt -> {
            intents.takeBack(attempt);
            inFlight.end();
        });
    }

    boolean hasRoom() {
        return inFlight.hasRoom();
    }

    /**
     * Looks through what is held: reports it, attempts it again, or leaves it.
     *
     * @return for how many nanoseconds there is nothing to do here
     */
    long review() {
        long now = System.nanoTime();
        long wait = Long.MAX_VALUE;
        for (int left = held.size(); left > 0; left--) {
            Held each = held.remove();
            if (each.attempt().from().released()) {
                giveUp(each.attempt());
            } else if (!isStarted(each.attempt())) {
                held.add(each);
                wait = Math.min(wait, FULL_NANOS);
            } else if (wasItself(each)) {
                each.attempt().from().goes();
                report(each.attempt(), each.outcome(), each.took());
            } else if (isHandedBack(each.attempt())) {
                each.attempt().from().goes();
                report(each.attempt(), new Outcome.Stale(), null);
            } else if (gate.openings() == each.openings() && now - each.since() < SUSPICION_NANOS) {
                held.add(each);
                wait = Math.min(wait, SUSPICION_NANOS);
            } else {
                wait = Math.min(wait, attemptAgain(each));
            }
        }
        return wait;
    }

    /**
     * Returns whether what is held has its turn before what has not begun. Of those that probe a provider, every other
     * one is new: one that fails for what is in it must not make all others wait.
     */
    boolean isHeldFirst() {
        return heldFirst;
    }

    private long attemptAgain(Held each) {
        if (gate.openings() == each.openings()) {
            gate.suspect(each.outcome());
        }
        boolean probe = gate.state() != State.CLOSED;
        long closed = pass(each.attempt().delivery());
        if (closed > 0) {
            held.add(each);
        } else {
            heldFirst = !probe;
            go(each.attempt());
        }
        return closed;
    }

    /** Notes that {@code done} of a partition could not be committed: they are covered by the next commit. */
    void notCommitted(Assigned of, List<Attempt> done) {
        of.giveBack(done);
        if (of.isGone()) {
            forget(of.takeDone());
        }
    }

    /** Gives up {@code done}: the next owner of their partition repeats them. */
    void forget(List<Attempt> done) {
        done.forEach(each -> inFlight.end());
    }

    /** Waits until one more is done, for {@code most} at most. */
    void awaitAnswer(Duration most) throws InterruptedException {
        inFlight.awaitAnswer(most);
    }

    /** Gives up what is left of partitions that were released: their next owner repeats what is not committed. */
    void drop(Collection<Assigned> released) {
        List<Held> gone = held.stream()
                .filter(each -> released.contains(each.attempt().from()))
                .toList();
        gone.stream().filter(held::remove).forEach(each -> giveUp(each.attempt()));
        released.forEach(each -> {
            each.goAway();
            forget(each.takeDone());
        });
    }

    private boolean wasItself(Held each) {
        return gate.openings() == each.openings() && each.attempt().foundIll(gate.wells());
    }

    // The router gives it to the other provider, as soon as it hears that this one does not take it.
    private boolean isForTheOther(Delivery delivery) {
        return delivery.getVendor() != null && gate.isShut();
    }

    private long pass(Delivery delivery) {
        return calls.get() < gate.callsMax(inFlight.limit()) ? gate.pass(lane, provider.weight(delivery)) : FULL_NANOS;
    }

    /** Lets one go whose turn has come, now or when the gate opens. */
    private void turn(Attempt attempt) {
        if (attempt.from().released()) {
            giveUp(attempt);
        } else if (isStarted(attempt) && pass(attempt.delivery()) == 0) {
            go(attempt);
        } else {
            held.add(new Held(attempt, null, null, System.nanoTime(), NO_OPENING));
        }
    }

    /** Lets one go that has passed the gate. */
    private void go(Attempt attempt) {
        if (attempt.from().released()) {
            gate.notSent();
            giveUp(attempt);
            return;
        }
        attempt.from().goes();
        calls.incrementAndGet();
        intents.before(attempt, () -> call(attempt));
    }

    private void call(Attempt attempt) {
        if (attempt.from().isGone()) {
            // Its intent came to Kafka too late: the next owner makes this attempt.
            calls.decrementAndGet();
            gate.notSent();
            attempt.from().ends();
            giveUp(attempt);
            return;
        }
        long begun = System.nanoTime();
        attempts.start(attempt.delivery())
                .thenAccept(outcome -> answered(attempt, outcome, Duration.ofNanos(System.nanoTime() - begun)))
                .exceptionally(bug -> {
                    LOG.error(
                            "No report could be made of {}: it stays in flight",
                            attempt.delivery().getDeliveryId(),
                            new WithoutWords(bug));
                    return null;
                });
    }

    private void answered(Attempt attempt, Outcome outcome, Duration took) {
        calls.decrementAndGet();
        gate.found(outcome);
        boolean mayBeOutage = outcome.health() == Health.ILL && !(outcome instanceof Outcome.Unknown);
        if (mayBeOutage && !attempt.foundIll(gate.wells())) {
            if (!attempt.from().isGone()) {
                intents.takeBack(attempt);
            }
            attempt.from().ends();
            // Held last: whoever reviews it may find it at once.
            held.add(new Held(attempt, outcome, took, System.nanoTime(), openingsBefore()));
        } else {
            report(attempt, outcome, outcome.health() == Health.UNSEEN ? null : took);
        }
    }

    // One that opened the circuit, or came while it was open, is of that opening.
    private long openingsBefore() {
        return gate.state() == State.CLOSED ? gate.openings() : gate.openings() - 1;
    }

    private void report(Attempt attempt, Outcome outcome, Duration took) {
        Delivery delivery = attempt.delivery();
        reporter.write(
                Topics.DELIVERY_REPORTED, attempt.key(), Reports.of(delivery, outcome, took, clock.instant()), () -> {
                    meters.reported(outcome.kind(), Duration.between(delivery.getDecidedAt(), clock.instant()));
                    done(attempt);
                    next(attempt);
                });
    }

    private void done(Attempt attempt) {
        Assigned from = attempt.from();
        from.done(attempt);
        from.ends();
        if (from.isGone()) {
            forget(from.takeDone());
        }
        inFlight.answered();
    }

    private void giveUp(Attempt attempt) {
        if (attempt.isInFlight()) {
            inFlight.end();
        }
        next(attempt);
    }

    private void next(Attempt attempt) {
        if (provider.inOrder()) {
            Attempt next = order.leave(attempt);
            if (next != null) {
                turn(next);
            }
        }
    }
}
