package io.herald.sender.apns;

import io.herald.sender.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * What an answer of APNs means. Reasons are texts, not a closed list: Apple sends some that it does not document, and
 * then the class of the status decides.
 *
 * @see <a
 *     href="https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns">Apple:
 *     Handling notification responses from APNs</a>
 */
final class ApnsAnswers {
    /** Our credentials, our topic: nothing that message or token could help. */
    private static final Set<String> OUR_FAULT = Set.of(
            "BadTopic",
            "MissingTopic",
            "TopicDisallowed",
            "BadCertificate",
            "BadCertificateEnvironment",
            "InvalidProviderToken",
            "MissingProviderToken",
            "UnrelatedKeyIdInToken",
            "BadEnvironmentKeyIdInToken",
            "BadEnvironmentKeyInToken",
            "TooManyProviderTokenUpdates");

    /** Of the connection or the moment. Pushy closes a connection whose token has expired, and signs anew. */
    private static final Set<String> PASSING = Set.of("IdleTimeout", "ExpiredProviderToken");

    /** Forbidden for this message, so Apple says, whoever asks. */
    private static final Set<String> FINAL = Set.of("Forbidden");

    private static final Set<String> GONE = Set.of("BadDeviceToken", "ExpiredToken", "Unregistered");

    private static final Map<Integer, String> NAMES =
            Map.of(400, "BadRequest", 403, "Refused", 410, "Gone", 413, "PayloadTooLarge", 429, "TooManyRequests");

    private ApnsAnswers() {}

    /**
     * Returns the outcome of a request that was not accepted.
     *
     * @param reason in Apple's words; empty if there is none
     * @param goneSince since when the token is gone, or null
     */
    static Outcome refused(int status, String reason, Instant goneSince) {
        String told = reason.isEmpty() ? NAMES.getOrDefault(status, "status " + status) : reason;
        if (GONE.contains(reason)) {
            return new Outcome.AddressGone(goneSince, told);
        }
        if (OUR_FAULT.contains(reason)) {
            return Outcome.Misconfigured.ofAll(told);
        }
        if (PASSING.contains(reason)) {
            return Outcome.Retry.ofAll(Duration.ZERO, told);
        }
        if (FINAL.contains(reason)) {
            return new Outcome.Rejected(told);
        }
        return byStatus(status, told, goneSince);
    }

    private static Outcome byStatus(int status, String told, Instant goneSince) {
        if (status == 410) {
            return new Outcome.AddressGone(goneSince, told);
        }
        if (status == 401 || status == 403 || status == 407) {
            return Outcome.Misconfigured.ofAll(told);
        }
        if (status == 408 || status == 429 || status >= 500) {
            return Outcome.Retry.ofAll(Duration.ZERO, told);
        }
        return new Outcome.Rejected(told);
    }
}
