package io.herald.sender.email;

import io.herald.sender.Outcome;
import io.herald.sender.RetryAfter;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What SES's refusals mean.
 *
 * <p>The error's code decides; one that is not listed here falls back to what its HTTP status class means. See
 * https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html and
 * https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html.
 */
final class SesErrors {
    /** The quota is of the last 24 hours, so some of it comes back all the time. */
    static final Duration QUOTA_WAIT = Duration.ofMinutes(10);

    private static final Outcome LATE = new Outcome.Unknown("no answer in time");

    private static final Set<String> OURS = Set.of(
            "AccessDenied",
            "AccessDeniedException",
            "AccountSuspended",
            "AccountSuspendedException",
            "ExpiredToken",
            "ExpiredTokenException",
            "IncompleteSignature",
            "IncompleteSignatureException",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "MailFromDomainNotVerified",
            "MailFromDomainNotVerifiedException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "NotFoundException",
            "OptInRequired",
            "RequestExpired",
            "RequestTimeTooSkewed",
            "SendingPausedException",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException");
    private static final Set<String> THROTTLES = Set.of(
            "LimitExceededException",
            "RequestLimitExceeded",
            "SlowDown",
            "Throttling",
            "ThrottlingException",
            "TooManyRequestsException");
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY = 429;
    private static final int LONGEST_REASON = 200;

    private final String from;

    /**
     * Creates a table.
     *
     * @param from the sender's address: a refusal that names it is not about the recipient
     */
    SesErrors(String from) {
        this.from = from.toLowerCase(Locale.ROOT);
    }

    /** Returns what a call that SES refused, or never answered, means for the delivery. */
    Outcome outcome(SdkException failure, Instant now) {
        if (failure instanceof ApiCallTimeoutException || failure instanceof ApiCallAttemptTimeoutException) {
            return LATE;
        }
        if (failure instanceof AwsServiceException refusal) {
            AwsErrorDetails details = refusal.awsErrorDetails();
            String code = details == null || details.errorCode() == null ? "" : details.errorCode();
            String message = details == null || details.errorMessage() == null ? "" : details.errorMessage();
            String retryAfter = details == null || details.sdkHttpResponse() == null
                    ? null
                    : details.sdkHttpResponse()
                            .firstMatchingHeader("Retry-After")
                            .orElse(null);
            Duration wait = RetryAfter.parse(retryAfter, now).orElse(Duration.ZERO);
            return refused(refusal.statusCode(), code, message, wait);
        }
        return notAnswered(failure);
    }

    Outcome refused(int status, String code, String message, Duration wait) {
        // The code only: SES's sentences quote addresses.
        String full = status + (code.isEmpty() ? "" : " " + code);
        String reason = full.length() > LONGEST_REASON ? full.substring(0, LONGEST_REASON) : full;
        String words = message.toLowerCase(Locale.ROOT);
        if (OURS.contains(code)) {
            return Outcome.Misconfigured.ofAll(reason);
        }
        if (THROTTLES.contains(code) || status == TOO_MANY) {
            // SES says LimitExceeded of any quota; only its sentence tells which.
            boolean quota =
                    words.contains("daily") || (code.equals("LimitExceededException") && !words.contains("rate"));
            return quota
                    ? Outcome.Retry.ofAll(RetryAfter.atLeast(QUOTA_WAIT, wait), reason + ": daily quota")
                    : Outcome.Retry.ofAll(wait, reason);
        }
        if (code.equals("MessageRejected") && words.contains("not verified") && words.contains(from)) {
            return Outcome.Misconfigured.ofAll(reason + ": sender is not verified");
        }
        return byStatus(status, code, wait, reason);
    }

    private static Outcome byStatus(int status, String code, Duration wait, String reason) {
        return switch (status / 100) {
            case 4 ->
                switch (status) {
                    case 401, 403, 404 -> Outcome.Misconfigured.ofAll(reason);
                    case REQUEST_TIMEOUT -> Outcome.Retry.ofAll(wait, reason);
                    default -> new Outcome.Rejected(reason);
                };
            // Without a code it is a proxy that speaks, and what SES did is not known: nothing hides a second mail.
            case 5 -> code.isEmpty() ? new Outcome.Unknown(reason) : Outcome.Retry.ofAll(wait, reason);
            default -> Outcome.Misconfigured.ofAll(reason);
        };
    }

    /** Only what failed before the request could leave is known not to have been taken. */
    private static Outcome notAnswered(SdkException failure) {
        boolean lost = false;
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof ConnectException
                    || each instanceof ConnectTimeoutException
                    || each instanceof ConnectionRequestTimeoutException
                    || each instanceof UnknownHostException
                    || each instanceof SSLHandshakeException) {
                return Outcome.Retry.ofAll(
                        Duration.ZERO, "not connected: " + each.getClass().getSimpleName());
            }
            if (each instanceof SocketTimeoutException) {
                return LATE;
            }
            lost |= each instanceof IOException;
        }
        String message = String.valueOf(failure.getMessage());
        return !lost && message.startsWith("Unable to load credentials")
                ? Outcome.Misconfigured.ofAll("no credentials")
                : new Outcome.Unknown(
                        lost ? "connection lost" : failure.getClass().getSimpleName());
    }
}
