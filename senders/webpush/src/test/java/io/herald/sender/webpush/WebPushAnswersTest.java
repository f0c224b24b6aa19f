package io.herald.sender.webpush;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.egress.Exchange;
import io.herald.sender.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebPushAnswersTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String MOZILLA = "https://updates.push.services.mozilla.com";
    private static final String GOOGLE = "https://fcm.googleapis.com";

    private final PushServices services = new PushServices();
    private final WebPushAnswers answers = new WebPushAnswers(services);

    @ParameterizedTest(name = "{0} {1}: {4}")
    @CsvSource(textBlock = """
            # status, body,                                outcome,       reason,                    why
            200, '',                                       Accepted,      200 of https://fcm.googleapis.com, some answer so
            201, '',                                       Accepted,      201 of https://fcm.googleapis.com, RFC 8030
            202, '',                                       Accepted,      202 of https://fcm.googleapis.com, some answer so
            400, '{"errno":110}',                          Rejected,      400 110,                   we wrote nonsense
            400, '{"reason":"VapidPkHashMismatch"}',       Misconfigured, 400 VapidPkHashMismatch,   Apple blames the key
            400, 'UnauthorizedRegistration',               Misconfigured, 400,                       Google blames the key
            401, '{"errno":109}',                          Misconfigured, 401 109,                   a bad signature
            403, '{"reason":"BadJwtToken"}',               Misconfigured, 403 BadJwtToken,           a bad signature
            403, '{"reason":"see https://secret/x"}',      Misconfigured, 403,                       no sentences
            404, '',                                       AddressGone,   404,                       it never was
            410, '{"errno":106}',                          AddressGone,   410 106,                   it was
            405, '',                                       Rejected,      405,                       other 4xx
            413, '',                                       Rejected,      413,                       too large even without texts
            408, '',                                       Retry,         408,                       it lost patience
            429, '',                                       Retry,         429,                       too many
            500, '',                                       Retry,         500,                       broken
            503, '<html>',                                 Retry,         503,                       busy
            302, '',                                       Misconfigured, 302,                       no push service
            """)
    void knowsEachStatus(int status, String body, String outcome, String reason, String why) {
        Outcome came = outcome(GOOGLE, answered(status, body));

        assertThat(came.getClass().getSimpleName()).as(why).isEqualTo(outcome);
        assertThat(reason(came)).isEqualTo(reason);
    }

    @Test
    void takesASilentServiceForAnOutageUnlessAnotherIsWell() {
        assertThat(outcome(GOOGLE, answered(503, ""))).isEqualTo(Outcome.Retry.ofAll(Duration.ZERO, "503"));
        assertThat(outcome(GOOGLE, new Exchange.NotConnected("x"))).isEqualTo(Outcome.Retry.ofAll(Duration.ZERO, "x"));
        assertThat(outcome(GOOGLE, new Exchange.NoAnswer("x"))).isEqualTo(new Outcome.Unknown("x"));

        outcome(MOZILLA, answered(201, ""));

        assertThat(outcome(GOOGLE, answered(503, ""))).isEqualTo(Outcome.Retry.ofOne(Duration.ZERO, "503"));
        assertThat(outcome(GOOGLE, new Exchange.NotConnected("x"))).isEqualTo(Outcome.Retry.ofOne(Duration.ZERO, "x"));
        assertThat(outcome(GOOGLE, new Exchange.NoAnswer("x"))).isEqualTo(Outcome.Unknown.ofOne("x"));
        assertThat(services.noOtherIsWell(GOOGLE, NOW.plus(PushServices.RECENT).plusMillis(1)))
                .as("that was long ago")
                .isTrue();
    }

    @Test
    void waitsForOneServiceAlone() {
        Exchange busy = new Exchange.Answered(429, Map.of("retry-after", "3600"), "");

        assertThat(outcome(GOOGLE, busy)).isEqualTo(Outcome.Retry.ofAll(Duration.ofHours(1), "429"));
        assertThat(services.held(GOOGLE, NOW)).as("not for an hour").isEqualTo(PushServices.LONGEST_HOLD);
        assertThat(services.held(GOOGLE, NOW.plus(PushServices.LONGEST_HOLD))).isZero();
        assertThat(services.held(MOZILLA, NOW)).isZero();
    }

    @Test
    void rejectsWhatMayNotBeCalled() {
        assertThat(outcome(GOOGLE, new Exchange.Forbidden("no public address")))
                .isEqualTo(new Outcome.Rejected("no public address"));
    }

    @Test
    void namesTheMessageAsAppleDoes() {
        Exchange taken = new Exchange.Answered(201, Map.of("apns-id", "A-1", "location", "https://secret"), "");

        assertThat(outcome(GOOGLE, taken)).isEqualTo(new Outcome.Accepted("A-1"));
    }

    private Outcome outcome(String origin, Exchange exchange) {
        return answers.outcome(origin, "2026", false, exchange, NOW);
    }

    private static Exchange answered(int status, String body) {
        return new Exchange.Answered(status, Map.of(), body);
    }

    private static String reason(Outcome outcome) {
        if (outcome instanceof Outcome.Accepted accepted) {
            return accepted.providerId();
        }
        if (outcome instanceof Outcome.Rejected rejected) {
            return rejected.reason();
        }
        if (outcome instanceof Outcome.AddressGone gone) {
            return gone.reason();
        }
        if (outcome instanceof Outcome.Misconfigured ours) {
            return ours.reason();
        }
        return ((Outcome.Retry) outcome).reason();
    }
}
