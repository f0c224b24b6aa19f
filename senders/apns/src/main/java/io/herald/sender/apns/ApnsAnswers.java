package io.herald.sender.apns;

import io.herald.schema.Delivery;
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
    /** Our credentials: the same for whatever we send. */
    private static final Set<String> OUR_FAULT = Set.of(
            "BadCertificate",
            "InvalidProviderToken",
            "MissingProviderToken",
            "UnrelatedKeyIdInToken",
            "TooManyProviderTokenUpdates");

    /** Of one app, or of one environment that our key is not for; others may be well. */
    private static final Set<String> OUR_FAULT_WITH_SOME = Set.of(
            "BadTopic",
            "MissingTopic",
            "TopicDisallowed",
            "BadCertificateEnvironment",
            "BadEnvironmentKeyIdInToken",
            "BadEnvironmentKeyInToken");

    /** Of the connection or the moment. Pushy closes a connection whose token has expired, and signs anew. */
    private static final Set<String> PASSING = Set.of("IdleTimeout", "ExpiredProviderToken", "Shutdown");

    /** Forbidden for this message, so Apple says, whoever asks. */
    private static final Set<String> FINAL = Set.of("Forbidden");

    private static final Set<String> GONE = Set.of("BadDeviceToken", "ExpiredToken", "Unregistered");
    private static final String OTHER_TOPIC = "DeviceTokenNotForTopic";
    private static final String DEVICE_BUSY = "TooManyRequests";

    /** "After 15 minutes, you can retry" what is answered by 5xx; one or two quick tries do no harm. */
    private static final Duration AFTER_ERRORS = Duration.ofMinutes(15);

    private static final int QUICK_TRIES = 2;

    private static final Map<Integer, String> NAMES =
            Map.of(400, "BadRequest", 403, "Refused", 410, "Gone", 413, "PayloadTooLarge", 429, "TooManyRequests");

    private ApnsAnswers() {}

    /**
     * Returns the outcome of a request that was not accepted.
     *
     * @param reason in Apple's words; empty if there is none
     * @param goneSince since when the token is gone, or null
     */
    static Outcome refused(int status, String reason, Instant goneSince, Delivery delivery) {
        String told = reason.isEmpty() ? NAMES.getOrDefault(status, "status " + status) : reason;
        if (GONE.contains(reason)) {
            return new Outcome.AddressGone(goneSince, told);
        }
        if (reason.equals(OTHER_TOPIC)) {
            // A device's token and app were registered together, so both go; the token may be another device's with
            // another app. Where the topic is ours, it is not the device that is wrong.
            return delivery.getApp() == null
                    ? Outcome.Misconfigured.ofSome(told)
                    : new Outcome.AddressGone(goneSince, told);
        }
        if (OUR_FAULT.contains(reason)) {
            return Outcome.Misconfigured.ofAll(told);
        }
        if (OUR_FAULT_WITH_SOME.contains(reason)) {
            return Outcome.Misconfigured.ofSome(told);
        }
        if (reason.equals(DEVICE_BUSY)) {
            return Outcome.Retry.ofOne(Duration.ZERO, told);
        }
        if (PASSING.contains(reason)) {
            return Outcome.Retry.ofAll(Duration.ZERO, told);
        }
        if (FINAL.contains(reason)) {
            return new Outcome.Rejected(told);
        }
        return byStatus(status, told, goneSince, delivery);
    }

    private static Outcome byStatus(int status, String told, Instant goneSince, Delivery delivery) {
        if (status == 410) {
            return new Outcome.AddressGone(goneSince, told);
        }
        if (status == 401 || status == 403 || status == 407) {
            return Outcome.Misconfigured.ofAll(told);
        }
        if (status == 408 || status == 429) {
            return Outcome.Retry.ofAll(Duration.ZERO, told);
        }
        if (status >= 500) {
            return Outcome.Retry.ofAllButWait(
                    delivery.getFailures() < QUICK_TRIES ? Duration.ZERO : AFTER_ERRORS, told);
        }
        return new Outcome.Rejected(told);
    }
}
