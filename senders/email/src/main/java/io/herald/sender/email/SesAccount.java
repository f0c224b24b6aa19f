package io.herald.sender.email;

import io.herald.sender.DaemonThreads;
import io.herald.sender.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sesv2.model.GetAccountResponse;

/**
 * What SES says of our account, asked every now and then: how fast it may send, how much more today, and whether at
 * all.
 *
 * <p>What it said of quota and permission holds for three times the interval; after that, or when the sender may not
 * ask, SES's answers to mails have to tell. The rate that it said last holds until it says another. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetAccount.html">GetAccount</a>
 */
final class SesAccount implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SesAccount.class);
    private static final int INTERVALS = 3;
    private static final String SHUT_DOWN = "SHUTDOWN";

    private final Supplier<GetAccountResponse> ask;
    private final InstantSource clock;
    private final Duration every;
    private final ScheduledExecutorService thread;
    private volatile State known;
    private boolean failing;

    /**
     * What was said.
     *
     * @param rate recipients a second
     * @param quota recipients in 24 hours; negative for as many as one likes
     * @param sent recipients in the last 24 hours
     */
    private record State(Instant at, double rate, double quota, double sent, boolean sending, String enforcement) {}

    /**
     * Creates it, knowing nothing.
     *
     * @param ask calls GetAccount; may block and throw
     * @param every how often; zero for never
     */
    SesAccount(Supplier<GetAccountResponse> ask, InstantSource clock, Duration every) {
        this.ask = ask;
        this.clock = clock;
        this.every = every;
        this.thread = Executors.newSingleThreadScheduledExecutor(new DaemonThreads("ses-account"));
    }

    /** Starts to ask, on a thread of its own. */
    void start() {
        if (!every.isZero()) {
            ScheduledFuture<?> unused =
                    thread.scheduleWithFixedDelay(this::poll, 0, every.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Asks once. A failure is logged unless the one before failed too. */
    synchronized void poll() {
        try {
            GetAccountResponse said = ask.get();
            known = new State(
                    clock.instant(),
                    said.sendQuota().maxSendRate(),
                    said.sendQuota().max24HourSend(),
                    said.sendQuota().sentLast24Hours(),
                    !Boolean.FALSE.equals(said.sendingEnabled()),
                    String.valueOf(said.enforcementStatus()));
            failing = false;
        } catch (SdkException | IllegalStateException | NullPointerException failure) {
            if (!failing) {
                failing = true;
                LOG.warn(
                        "SES does not tell of the account, so rate and quota show in its refusals only: {}",
                        name(failure));
            }
        }
    }

    private static String name(RuntimeException failure) {
        return failure instanceof AwsServiceException refusal && refusal.awsErrorDetails() != null
                ? refusal.awsErrorDetails().errorCode()
                : failure.getClass().getSimpleName();
    }

    /** Returns how many mails a second the account may send, as last said; nothing if that is not known. */
    OptionalDouble allowedPerSecond() {
        State state = known;
        return state == null || state.rate() <= 0 ? OptionalDouble.empty() : OptionalDouble.of(state.rate());
    }

    /** Returns which part of the quota of 24 hours is used, as last said: 0 to 1; NaN if that is not known. */
    double quotaUsed() {
        State state = known;
        if (state == null) {
            return Double.NaN;
        }
        return state.quota() <= 0 ? 0 : state.sent() / state.quota();
    }

    /** Returns the outcome of every mail at present, if the account may send none. */
    Optional<Outcome> obstacle() {
        State state = known;
        if (state == null || state.at().plus(every.multipliedBy(INTERVALS)).isBefore(clock.instant())) {
            return Optional.empty();
        }
        if (state.enforcement().equals(SHUT_DOWN)) {
            return Optional.of(Outcome.Misconfigured.ofAll("the account is shut down"));
        }
        if (!state.sending()) {
            return Optional.of(Outcome.Misconfigured.ofAll("the account's sending is paused"));
        }
        return state.quota() > 0 && state.sent() >= state.quota()
                ? Optional.of(Outcome.Retry.ofAll(SesErrors.QUOTA_WAIT, "the daily quota is used up"))
                : Optional.empty();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
