package io.herald.sender.apns;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.ReportedOutcome;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApnsAnswersTest {
    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(textBlock = """
            400, BadCollapseId,              REJECTED
            400, BadDeviceToken,             ADDRESS_GONE
            400, BadExpirationDate,          REJECTED
            400, BadMessageId,               REJECTED
            400, BadPriority,                REJECTED
            400, BadTopic,                   MISCONFIGURED
            400, DeviceTokenNotForTopic,     REJECTED
            400, DuplicateHeaders,           REJECTED
            400, IdleTimeout,                RETRY
            400, InvalidPushType,            REJECTED
            400, MissingDeviceToken,         REJECTED
            400, MissingTopic,               MISCONFIGURED
            400, PayloadEmpty,               REJECTED
            400, TopicDisallowed,            MISCONFIGURED
            403, BadCertificate,             MISCONFIGURED
            403, BadCertificateEnvironment,  MISCONFIGURED
            403, ExpiredProviderToken,       RETRY
            403, Forbidden,                  REJECTED
            403, InvalidProviderToken,       MISCONFIGURED
            403, MissingProviderToken,       MISCONFIGURED
            403, UnrelatedKeyIdInToken,      MISCONFIGURED
            403, BadEnvironmentKeyIdInToken, MISCONFIGURED
            403, BadEnvironmentKeyInToken,   MISCONFIGURED
            404, BadPath,                    REJECTED
            405, MethodNotAllowed,           REJECTED
            410, ExpiredToken,               ADDRESS_GONE
            410, Unregistered,               ADDRESS_GONE
            413, PayloadTooLarge,            REJECTED
            429, TooManyProviderTokenUpdates, MISCONFIGURED
            429, TooManyRequests,            RETRY
            500, InternalServerError,        RETRY
            503, ServiceUnavailable,         RETRY
            503, Shutdown,                   RETRY
            400, NobodyKnowsThis,            REJECTED
            403, NobodyKnowsThis,            MISCONFIGURED
            410, NobodyKnowsThis,            ADDRESS_GONE
            429, NobodyKnowsThis,            RETRY
            502, NobodyKnowsThis,            RETRY
            408, NobodyKnowsThis,            RETRY
            404, NobodyKnowsThis,            REJECTED
            """)
    void knowsWhatAnAnswerMeans(int status, String reason, ReportedOutcome outcome) {
        assertThat(ApnsAnswers.refused(status, reason, null).kind()).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({"400, BadRequest", "410, Gone", "500, status 500"})
    void namesAnAnswerWithoutAReason(int status, String told) {
        assertThat(ApnsAnswers.refused(status, "", null)).asString().contains(told);
    }

    @Test
    void tellsSinceWhen() {
        Instant since = Instant.parse("2026-01-02T03:04:05Z");

        assertThat(ApnsAnswers.refused(410, "Unregistered", since)).asString().contains(since.toString());
    }
}
