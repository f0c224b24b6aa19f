package io.herald.sender.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.egress.Exchange;
import io.herald.sender.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookAnswersTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @ParameterizedTest(name = "{0} {1} {2}: {5}")
    @CsvSource(textBlock = """
            # format, status, body,               outcome,     reason,                    why
            WEBHOOK,  200,    ok,                 Accepted,    id,                        taken
            WEBHOOK,  204,    '',                 Accepted,    id,                        taken
            TEAMS,    202,    '',                 Accepted,    id,                        the workflow runs
            WEBHOOK,  301,    '',                 Rejected,    301,                       no redirects
            WEBHOOK,  400,    secret,             Rejected,    400,                       nothing of the body
            WEBHOOK,  401,    '',                 Rejected,    401,                       it does not believe us
            WEBHOOK,  403,    '',                 Rejected,    403,                       it may not know us
            WEBHOOK,  404,    '',                 Rejected,    404,                       a deployment perhaps
            WEBHOOK,  410,    '',                 AddressGone, 410,                       it says so
            TEAMS,    404,    '',                 Rejected,    404,                       a workflow that is off
            SLACK,    400,    invalid_payload,    Rejected,    400 invalid_payload,       our bug
            SLACK,    400,    <b>secret</b>,      Rejected,    400,                       not Slack's word
            SLACK,    403,    action_prohibited,  AddressGone, 403 action_prohibited,     an administrator forbade it
            SLACK,    404,    no_service,         AddressGone, 404 no_service,            it was taken away
            SLACK,    410,    channel_is_archived, AddressGone, 410 channel_is_archived,  its channel is closed
            WEBHOOK,  408,    '',                 Retry,       408,                       it lost patience
            WEBHOOK,  429,    '',                 Retry,       429,                       too many
            WEBHOOK,  500,    '',                 Retry,       500,                       broken
            SLACK,    500,    rollback_error,     Retry,       500,                       broken
            WEBHOOK,  503,    '',                 Retry,       503,                       busy
            """)
    void knowsEachStatus(WebhookFormat format, int status, String body, String outcome, String reason, String why) {
        Outcome came = WebhookAnswers.outcome(format, "id", new Exchange.Answered(status, Map.of(), body), NOW);

        assertThat(came.getClass().getSimpleName()).as(why).isEqualTo(outcome);
        assertThat(came.toString()).contains("=" + reason);
        assertThat(came.toString()).doesNotContain("secret");
        assertThat(came.health()).as("one endpoint stops nobody else").isNotEqualTo(Outcome.Health.ILL);
    }

    @ParameterizedTest
    @CsvSource({"30, PT30S", "3600, PT1H", "86400, PT1H", "'', PT0S", "soon, PT0S"})
    void waitsAnHourAtMost(String asked, Duration wait) {
        Exchange busy = new Exchange.Answered(429, Map.of("retry-after", asked), "");

        assertThat(WebhookAnswers.outcome(WebhookFormat.WEBHOOK, "id", busy, NOW))
                .isEqualTo(Outcome.Retry.ofOne(wait, "429"));
    }

    @Test
    void holdsNoEndpointAgainstOthers() {
        assertThat(WebhookAnswers.outcome(WebhookFormat.SLACK, "id", new Exchange.NotConnected("x"), NOW))
                .isEqualTo(Outcome.Retry.ofOne(Duration.ZERO, "x"));
        assertThat(WebhookAnswers.outcome(WebhookFormat.SLACK, "id", new Exchange.NoAnswer("x"), NOW))
                .isEqualTo(Outcome.Unknown.ofOne("x"));
        assertThat(WebhookAnswers.outcome(WebhookFormat.SLACK, "id", new Exchange.Forbidden("x"), NOW))
                .isEqualTo(new Outcome.Rejected("x"));
    }

    @ParameterizedTest
    @CsvSource({"200, false", "429, false", "404, true", "302, true", "500, true"})
    void tellsFailuresFromPleasForPatience(int status, boolean failed) {
        assertThat(WebhookAnswers.failed(new Exchange.Answered(status, Map.of(), "")))
                .isEqualTo(failed);
    }
}
