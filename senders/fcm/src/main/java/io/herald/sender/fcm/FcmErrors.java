package io.herald.sender.fcm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.herald.sender.Outcome;
import io.herald.sender.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What FCM's refusals mean.
 *
 * <p>The error's code decides; one that is not listed here falls back to what its HTTP status class means. See
 * https://firebase.google.com/docs/cloud-messaging/error-codes.
 */
final class FcmErrors {
    /** Google: never sooner than ten seconds. */
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(10);
    /** Google: without Retry-After, wait a minute for quota. */
    private static final Duration QUOTA_WAIT = Duration.ofMinutes(1);

    private static final Set<String> TOKEN_FIELDS = Set.of("message.token", "message.fid");
    private static final String TOKEN_INVALID = "not a valid FCM registration token";
    private static final int UNAUTHENTICATED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY = 429;
    private static final int LONGEST_REASON = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private FcmErrors() {}

    /**
     * Returns what a refusal means for the delivery.
     *
     * @param retryAfter header Retry-After; null if it is missing
     * @param body as it came; anything that is not Google's JSON counts as empty
     */
    static Outcome outcome(int status, String retryAfter, String body, Instant now) {
        JsonNode error = parsed(body).path("error");
        String code = code(error);
        List<String> fields = violations(error);
        String reason = reason(status, code, fields);
        Duration wait = RetryAfter.parse(retryAfter, now).orElse(Duration.ZERO);
        return switch (code) {
            case "UNREGISTERED" -> new Outcome.AddressGone(null, reason);
            case "INVALID_ARGUMENT" ->
                blamesToken(error, fields) ? new Outcome.AddressGone(null, reason) : new Outcome.Rejected(reason);
            // A token of another project: true of this token, but one wrong credential would make it true of all.
            case "SENDER_ID_MISMATCH" -> new Outcome.Rejected(reason);
            case "THIRD_PARTY_AUTH_ERROR" -> Outcome.Misconfigured.ofAll(reason);
            case "QUOTA_EXCEEDED" -> quota(error, wait, reason);
            case "UNAVAILABLE", "INTERNAL" -> retry(wait, SHORTEST_WAIT, reason);
            default -> byStatus(status, wait, reason);
        };
    }

    private static Outcome byStatus(int status, Duration wait, String reason) {
        return switch (status) {
            // A 404 without a code is about the project in the path, not about the token.
            case UNAUTHENTICATED, FORBIDDEN, NOT_FOUND -> Outcome.Misconfigured.ofAll(reason);
            case TOO_MANY -> retry(wait, QUOTA_WAIT, reason);
            case REQUEST_TIMEOUT -> retry(wait, SHORTEST_WAIT, reason);
            default ->
                switch (status / 100) {
                    case 4 -> new Outcome.Rejected(reason);
                    case 5 -> retry(wait, SHORTEST_WAIT, reason);
                    // Not FCM: a proxy, or a wrong URL.
                    default -> Outcome.Misconfigured.ofAll(reason);
                };
        };
    }

    // Of the project, which all share; or of one device, which gets too many.
    private static Outcome quota(JsonNode error, Duration asked, String reason) {
        Duration wait = waiting(asked, QUOTA_WAIT);
        return error.path("message").asText().toLowerCase(Locale.ROOT).contains("device")
                ? Outcome.Retry.ofOne(wait, reason)
                : Outcome.Retry.ofAll(wait, reason);
    }

    /** Waits as long as asked, and {@code usual} if nothing is asked; never less than {@link #SHORTEST_WAIT}. */
    private static Outcome retry(Duration asked, Duration usual, String reason) {
        return Outcome.Retry.ofAll(waiting(asked, usual), reason);
    }

    private static Duration waiting(Duration asked, Duration usual) {
        return RetryAfter.atLeast(SHORTEST_WAIT, asked.isZero() ? usual : asked);
    }

    /** A bad request forgets an address only if FCM blames nothing but the token. */
    private static boolean blamesToken(JsonNode error, List<String> fields) {
        return fields.isEmpty()
                ? error.path("message").asText().contains(TOKEN_INVALID)
                : TOKEN_FIELDS.containsAll(fields);
    }

    private static String code(JsonNode error) {
        for (JsonNode detail : error.path("details")) {
            if (detail.path("@type").asText().endsWith("google.firebase.fcm.v1.FcmError")) {
                return detail.path("errorCode").asText();
            }
        }
        // Left out by older front ends where it would only repeat the status.
        return error.path("status").asText().equals("INVALID_ARGUMENT") ? "INVALID_ARGUMENT" : "";
    }

    private static List<String> violations(JsonNode error) {
        List<String> fields = new ArrayList<>();
        for (JsonNode detail : error.path("details")) {
            if (detail.path("@type").asText().endsWith("google.rpc.BadRequest")) {
                detail.path("fieldViolations")
                        .forEach(violation -> fields.add(violation.path("field").asText()));
            }
        }
        return fields;
    }

    /** Names code and fields only: Google's sentences may quote the payload. */
    private static String reason(int status, String code, List<String> fields) {
        String text = status + (code.isEmpty() ? "" : " " + code) + (fields.isEmpty() ? "" : " " + fields);
        return text.length() > LONGEST_REASON ? text.substring(0, LONGEST_REASON) : text;
    }

    private static JsonNode parsed(String body) {
        try {
            return body.isBlank() ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (JsonProcessingException foreign) {
            return MissingNode.getInstance();
        }
    }
}
