package io.herald.sender.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.ReportedOutcome;
import io.herald.sender.Outcome;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FcmErrorsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest(name = "{0} {1} -> {2}: {4}")
    @CsvSource(textBlock = """
            400, INVALID_ARGUMENT,       REJECTED,       0, our payload
            401, THIRD_PARTY_AUTH_ERROR, MISCONFIGURED,  0, APNs or web push key missing in Firebase
            401, '',                     MISCONFIGURED,  0, credentials
            403, '',                     MISCONFIGURED,  0, role or API not enabled
            403, SENDER_ID_MISMATCH,     REJECTED,       0, token of another project
            404, UNREGISTERED,           ADDRESS_GONE,   0, app deleted
            404, '',                     MISCONFIGURED,  0, wrong project
            413, '',                     REJECTED,       0, fallback by class
            429, QUOTA_EXCEEDED,         RETRY,         60, quota without Retry-After
            429, '',                     RETRY,         60, quota without a code
            408, '',                     RETRY,         10, slow request
            418, NEW_CODE,               REJECTED,       0, unlisted code falls back to its class
            500, INTERNAL,               RETRY,         10, Google's fault
            502, '',                     RETRY,         10, a proxy
            503, UNAVAILABLE,            RETRY,         10, overloaded
            504, '',                     RETRY,         10, a proxy
            500, UNSPECIFIED_ERROR,      RETRY,         10, unlisted code falls back to its class
            302, '',                     MISCONFIGURED,  0, not FCM
            """)
    void mapsEachStatus(int status, String code, ReportedOutcome kind, long seconds, String why) {
        Outcome outcome = FcmErrors.outcome(status, null, body(status, code, "Some text", ""), NOW);

        assertThat(outcome.kind()).as(why).isEqualTo(kind);
        if (outcome instanceof Outcome.Retry retry) {
            assertThat(retry.after()).isEqualTo(Duration.ofSeconds(seconds));
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "message.token, ADDRESS_GONE",
        "message.fid, ADDRESS_GONE",
        "message.android.ttl, REJECTED",
        "'message.token,message.data', REJECTED"
    })
    void forgetsATokenOnlyIfNothingElseIsBlamed(String fields, ReportedOutcome kind) {
        String invalid = "The registration token is not a valid FCM registration token";

        assertThat(FcmErrors.outcome(400, null, body(400, "INVALID_ARGUMENT", invalid, fields), NOW)
                        .kind())
                .isEqualTo(kind);
    }

    @Test
    void forgetsATokenThatIsCalledInvalid() {
        String invalid = "The registration token is not a valid FCM registration token";

        assertThat(FcmErrors.outcome(400, null, body(400, "INVALID_ARGUMENT", invalid, ""), NOW))
                .isEqualTo(new Outcome.AddressGone(null, "400 INVALID_ARGUMENT"));
    }

    @ParameterizedTest
    @CsvSource({"Quota exceeded for the project, true", "Device message rate exceeded, false"})
    void tellsTheQuotaOfOneDeviceFromThatOfAll(String message, boolean outage) {
        assertThat(FcmErrors.outcome(429, "30", body(429, "QUOTA_EXCEEDED", message, ""), NOW))
                .isEqualTo(Outcome.Retry.of(Duration.ofSeconds(30), "429 QUOTA_EXCEEDED", outage));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "120, 120",
        "3, 10",
        "'Thu, 01 Jan 2026 00:05:00 GMT', 300",
        "'Wed, 31 Dec 2025 23:59:00 GMT', 60",
        "99999999999999999999, 86400",
        "soon, 60",
        "-5, 60"
    })
    void honoursRetryAfter(String header, long seconds) {
        assertThat(FcmErrors.outcome(429, header, "", NOW))
                .isEqualTo(Outcome.Retry.ofAll(Duration.ofSeconds(seconds), "429"));
    }

    @ParameterizedTest
    @CsvSource({"<html>", "''", "[]", "'{\"error\":\"text\"}'", "'{\"error\":{\"details\":{\"a\":1}}}'"})
    void fallsBackToTheStatusWhenTheBodyIsForeign(String body) {
        assertThat(FcmErrors.outcome(503, null, body, NOW))
                .isEqualTo(Outcome.Retry.ofAll(Duration.ofSeconds(10), "503"));
    }

    private static String body(int status, String code, String message, String fields) {
        StringBuilder details = new StringBuilder();
        if (!code.isEmpty()) {
            details.append("{\"@type\":\"type.googleapis.com/google.firebase.fcm.v1.FcmError\",\"errorCode\":\"")
                    .append(code)
                    .append("\"}");
        }
        if (!fields.isEmpty()) {
            details.append(
                            ",{\"@type\":\"type.googleapis.com/google.rpc.BadRequest\",\"fieldViolations\":[{\"field\":\"")
                    .append(fields.replace(",", "\"},{\"field\":\""))
                    .append("\"}]}");
        }
        return "{\"error\":{\"code\":" + status + ",\"message\":\"" + message + "\",\"details\":[" + details + "]}}";
    }
}
