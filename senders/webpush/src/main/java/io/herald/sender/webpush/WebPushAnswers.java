package io.herald.sender.webpush;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.herald.egress.Exchange;
import io.herald.sender.Outcome;
import io.herald.sender.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What the answers of push services mean.
 *
 * <p>The status decides (RFC 8030 §5 and §7.3, RFC 8292 §4.2); of the body only whether a 400 is about our key.
 */
final class WebPushAnswers {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_]{1,40}");

    private final PushServices services;

    WebPushAnswers(PushServices services) {
        this.services = services;
    }

    /**
     * Returns what an attempt came to.
     *
     * @param triedBefore whether an attempt before this one failed
     */
    Outcome outcome(String origin, String key, boolean triedBefore, Exchange exchange, Instant now) {
        if (exchange instanceof Exchange.Answered answered) {
            return answered(origin, key, triedBefore, answered, now);
        }
        return exchange.withoutStatus(services.noOtherIsWell(origin, now));
    }

    private Outcome answered(String origin, String key, boolean triedBefore, Exchange.Answered answer, Instant now) {
        String reason = reason(answer);
        int status = answer.status();
        return switch (status) {
            case 404, 410 -> {
                services.refused(origin, now);
                yield new Outcome.AddressGone(null, reason);
            }
            case 401, 403 -> keyRefused(origin, key, triedBefore, reason);
            case 400 -> {
                if (blamesKey(answer.body())) {
                    yield keyRefused(origin, key, triedBefore, reason);
                }
                services.refused(origin, now);
                yield new Outcome.Rejected(reason);
            }
            case 408, 429 -> {
                Duration wait = wait(answer, now);
                services.hold(origin, wait, now);
                yield Outcome.Retry.of(wait, reason, services.noOtherIsWell(origin, now));
            }
            default ->
                switch (status / 100) {
                    case 2 -> {
                        services.accepted(origin, key, now);
                        yield new Outcome.Accepted(id(origin, answer));
                    }
                    case 4 -> {
                        services.refused(origin, now);
                        yield new Outcome.Rejected(reason);
                    }
                    case 5 -> Outcome.Retry.of(wait(answer, now), reason, services.noOtherIsWell(origin, now));
                    // Not a push service: a proxy, or a wrong host among those allowed.
                    default -> Outcome.Misconfigured.ofSome(reason);
                };
        };
    }

    /**
     * A key that is refused may be the wrong one for this subscription, or a wrong one for all: then nobody's
     * subscription may be forgotten for it. It is the subscription's fault if the key was refused again on a later
     * attempt, and everything else that it signed for this service in between was taken.
     */
    private Outcome keyRefused(String origin, String key, boolean triedBefore, String reason) {
        boolean othersAreTaken = services.refusedKey(origin, key);
        return othersAreTaken && triedBefore
                ? new Outcome.AddressGone(null, reason + " of this subscription alone")
                : Outcome.Misconfigured.ofSome(reason);
    }

    private static Duration wait(Exchange.Answered answer, Instant now) {
        return RetryAfter.parse(answer.header("Retry-After"), now).orElse(Duration.ZERO);
    }

    /** Apple: VapidPkHashMismatch, BadJwtToken; Google: UnauthorizedRegistration; others in words of their own. */
    private static boolean blamesKey(String body) {
        String text = body.toLowerCase(Locale.ROOT);
        return text.contains("vapid") || text.contains("jwt") || text.contains("unauthorized");
    }

    /** Apple names each message; the others' Location is a secret that would let one take it back. */
    private static String id(String origin, Exchange.Answered answer) {
        String apple = answer.header("apns-id");
        return apple != null && apple.length() <= 64 ? apple : answer.status() + " of " + origin;
    }

    /** Returns the status and the service's code, if it has one; never its sentences, as they quote endpoints. */
    private static String reason(Exchange.Answered answer) {
        JsonNode error = parsed(answer.body());
        String code = error.path("reason").asText(error.path("errno").asText(""));
        return WORD.matcher(code).matches() ? answer.status() + " " + code : String.valueOf(answer.status());
    }

    private static JsonNode parsed(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException notJson) {
            return MissingNode.getInstance();
        }
    }
}
