package io.herald.sender.sms;

import io.herald.sender.Outcome;
import io.herald.sender.RetryAfter;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;

/**
 * What Twilio's refusals mean. The code decides; one that is not listed here falls back to its HTTP status, as Twilio
 * changes them and warns not to rely on them. See https://www.twilio.com/docs/api/errors.
 */
final class TwilioErrors {
    /** The owner of the number has replied STOP. */
    static final int OPTED_OUT = 21610;

    private static final int TOO_MANY = 429;
    private static final int REQUEST_TIMEOUT = 408;
    private static final Duration QUEUE_WAIT = Duration.ofMinutes(5);
    private static final Duration UNREACHABLE_WAIT = Duration.ofMinutes(15);

    /** No number, no mobile, or one that nobody has any more. */
    private static final Set<Integer> NO_NUMBER = Set.of(21211, 21214, 21217, 21614, 30005, 30006);

    /** What a carrier, after it was accepted, proves of a number. */
    private static final Set<Integer> DEAD_NUMBER = Set.of(21211, 21614, 30005, 30006);

    /** Credentials, account, sender, registration: the same for every message. */
    private static final Set<Integer> OURS = Set.of(
            20003, 20005, 20006, 20008, 20404, 21212, 21603, 21606, 21609, 21659, 21660, 21661, 21701, 21703, 21704,
            21705, 30002, 30032, 30034);

    /** Permissions that are a country's, or a sender that cannot reach one. */
    private static final Set<Integer> OURS_FOR_SOME = Set.of(21408, 21608, 21612);

    private static final Set<Integer> TOO_FAST = Set.of(20429, 30022, 63017);
    private static final Set<Integer> QUEUE_FULL = Set.of(21611, 30001);
    private static final int UNREACHABLE = 30003;
    private static final int NOT_KNOWN = 30008;

    private TwilioErrors() {}

    /**
     * Returns what a refusal means for the delivery.
     *
     * @param code 0 where the answer has none
     * @param wait as Twilio asks; zero if it does not
     */
    static Outcome refused(int status, int code, Duration wait) {
        // The code only: Twilio's sentences quote numbers.
        String reason = code == 0 ? Integer.toString(status) : status + " " + code;
        if (code == OPTED_OUT) {
            return new Outcome.Rejected(reason + ": replied STOP");
        }
        if (NO_NUMBER.contains(code)) {
            return new Outcome.AddressGone(null, reason);
        }
        if (OURS.contains(code)) {
            return Outcome.Misconfigured.ofAll(reason);
        }
        if (OURS_FOR_SOME.contains(code)) {
            return Outcome.Misconfigured.ofSome(reason);
        }
        if (TOO_FAST.contains(code)) {
            return Outcome.Retry.ofAll(wait, reason);
        }
        if (QUEUE_FULL.contains(code)) {
            return Outcome.Retry.ofAll(RetryAfter.atLeast(QUEUE_WAIT, wait), reason);
        }
        if (code == UNREACHABLE || code == NOT_KNOWN) {
            return Outcome.Retry.ofOne(RetryAfter.atLeast(UNREACHABLE_WAIT, wait), reason);
        }
        return byStatus(status, code, wait, reason);
    }

    private static Outcome byStatus(int status, int code, Duration wait, String reason) {
        return switch (status) {
            case 401, 403, 404 -> Outcome.Misconfigured.ofAll(reason);
            case REQUEST_TIMEOUT, TOO_MANY -> Outcome.Retry.ofAll(wait, reason);
            default ->
                switch (status / 100) {
                    case 4 -> new Outcome.Rejected(reason);
                    // Without a code it is a proxy that speaks, and what Twilio did is not known.
                    case 5 -> code == 0 ? new Outcome.Unknown(reason) : Outcome.Retry.ofAll(wait, reason);
                    default -> Outcome.Misconfigured.ofAll(reason);
                };
        };
    }

    /** Returns what a call without an answer means: only what failed before it could leave is known not to have. */
    static Outcome notAnswered(IOException failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof HttpConnectTimeoutException
                    || each instanceof ConnectException
                    || each instanceof UnresolvedAddressException
                    || each instanceof UnknownHostException
                    || each instanceof SSLHandshakeException) {
                return Outcome.Retry.ofAll(
                        Duration.ZERO, "not connected: " + each.getClass().getSimpleName());
            }
        }
        return new Outcome.Unknown(failure instanceof HttpTimeoutException ? "no answer in time" : "connection lost");
    }

    /** Returns whether a message that failed with {@code code} proves that nobody has its number. */
    static boolean provesDead(int code) {
        return DEAD_NUMBER.contains(code);
    }
}
