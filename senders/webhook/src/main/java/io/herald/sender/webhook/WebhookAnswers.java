package io.herald.sender.webhook;

import io.herald.egress.Exchange;
import io.herald.sender.Outcome;
import io.herald.sender.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * What an endpoint's answers mean. Whatever goes wrong speaks of that endpoint alone: each is another's server, so that
 * none may stop the sender.
 */
final class WebhookAnswers {
    /** However long an endpoint asks for. */
    static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private static final int GONE = 410;
    private static final int TOO_MANY = 429;
    private static final Set<Integer> SLACK_GONE = Set.of(403, 404, GONE);
    /**
     * Of a body, only these are repeated: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks.
     */
    private static final Set<String> SLACK_CODES = Set.of(
            "action_prohibited",
            "channel_is_archived",
            "channel_not_found",
            "invalid_blocks",
            "invalid_payload",
            "invalid_token",
            "no_active_hooks",
            "no_service",
            "no_service_id",
            "no_team",
            "no_text",
            "posting_to_general_channel_denied",
            "team_disabled",
            "too_many_attachments",
            "user_not_found");

    private WebhookAnswers() {}

    /**
     * Returns what an attempt came to.
     *
     * @param id names it where the endpoint does not
     */
    static Outcome outcome(WebhookFormat format, String id, Exchange exchange, Instant now) {
        if (exchange instanceof Exchange.Answered answered) {
            return answered(format, id, answered, now);
        }
        return exchange.withoutStatus(false);
    }

    private static Outcome answered(WebhookFormat format, String id, Exchange.Answered answer, Instant now) {
        int status = answer.status();
        String reason = reason(format, answer);
        if (status / 100 == 2) {
            return new Outcome.Accepted(id);
        }
        if (status == GONE || (format == WebhookFormat.SLACK && SLACK_GONE.contains(status))) {
            return new Outcome.AddressGone(null, reason);
        }
        if (status == 408 || status == TOO_MANY || status / 100 == 5) {
            Duration asked = RetryAfter.parse(answer.header("Retry-After"), now).orElse(Duration.ZERO);
            return Outcome.Retry.ofOne(asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked, reason);
        }
        // A redirect may lead to where nothing may be sent; other 4xx stay what they are.
        return new Outcome.Rejected(reason);
    }

    /** Returns whether it speaks against the endpoint; a plea for patience does not. */
    static boolean failed(Exchange exchange) {
        return !(exchange instanceof Exchange.Answered answered)
                || (answered.status() / 100 != 2 && answered.status() != TOO_MANY);
    }

    private static String reason(WebhookFormat format, Exchange.Answered answer) {
        String word = answer.body().strip();
        return format == WebhookFormat.SLACK && SLACK_CODES.contains(word)
                ? answer.status() + " " + word
                : String.valueOf(answer.status());
    }
}
