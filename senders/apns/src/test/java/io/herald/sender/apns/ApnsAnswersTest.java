package io.herald.sender.apns;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Delivery;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Route;
import io.herald.sender.Outcome;
import io.herald.sender.Outcome.Health;
import io.herald.testkit.TestDeliveries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApnsAnswersTest {
    private static final Delivery DELIVERY =
            TestDeliveries.to(Route.APNS, "a1".repeat(32)).build();

    private static Outcome refused(int status, String reason, Delivery delivery) {
        return ApnsAnswers.refused(status, reason, null, delivery);
    }

    @ParameterizedTest(name = "{0} {1}: {2}, {3}: {4}")
    @CsvSource(textBlock = """
            400, BadCollapseId,               REJECTED,      WELL, built wrongly
            400, BadDeviceToken,              ADDRESS_GONE,  WELL, not of this environment
            400, BadExpirationDate,           REJECTED,      WELL, built wrongly
            400, BadMessageId,                REJECTED,      WELL, built wrongly
            400, BadPriority,                 REJECTED,      WELL, built wrongly
            400, BadTopic,                    MISCONFIGURED, WELL, one app's
            400, DeviceTokenNotForTopic,      ADDRESS_GONE,  WELL, the device's token and app do not go together
            400, DuplicateHeaders,            REJECTED,      WELL, built wrongly
            400, IdleTimeout,                 RETRY,         ILL,  the connection's
            400, InvalidPushType,             REJECTED,      WELL, built wrongly
            400, MissingDeviceToken,          REJECTED,      WELL, built wrongly
            400, MissingTopic,                MISCONFIGURED, WELL, one app's
            400, PayloadEmpty,                REJECTED,      WELL, built wrongly
            400, TopicDisallowed,             MISCONFIGURED, WELL, one app's
            403, BadCertificate,              MISCONFIGURED, ILL,  our credentials
            403, BadCertificateEnvironment,   MISCONFIGURED, WELL, one environment's
            403, ExpiredProviderToken,        RETRY,         ILL,  the connection's: the next signs anew
            403, Forbidden,                   REJECTED,      WELL, Apple says not to repeat it
            403, InvalidProviderToken,        MISCONFIGURED, ILL,  our credentials
            403, MissingProviderToken,        MISCONFIGURED, ILL,  our credentials
            403, UnrelatedKeyIdInToken,       MISCONFIGURED, ILL,  our credentials
            403, BadEnvironmentKeyIdInToken,  MISCONFIGURED, WELL, a key for the other environment
            403, BadEnvironmentKeyInToken,    MISCONFIGURED, WELL, what Apple really sends
            404, BadPath,                     REJECTED,      WELL, built wrongly
            405, MethodNotAllowed,            REJECTED,      WELL, built wrongly
            410, ExpiredToken,                ADDRESS_GONE,  WELL, the device's
            410, Unregistered,                ADDRESS_GONE,  WELL, the device's
            413, PayloadTooLarge,             REJECTED,      WELL, built wrongly
            429, TooManyProviderTokenUpdates, MISCONFIGURED, ILL,  too many connections sign
            429, TooManyRequests,             RETRY,         WELL, to one device
            500, InternalServerError,         RETRY,         ILL,  Apple's
            503, ServiceUnavailable,          RETRY,         ILL,  Apple's
            503, Shutdown,                    RETRY,         ILL,  the connection's
            400, NobodyKnowsThis,             REJECTED,      WELL, by the class of the status
            403, NobodyKnowsThis,             MISCONFIGURED, ILL,  by the class of the status
            410, NobodyKnowsThis,             ADDRESS_GONE,  WELL, by the class of the status
            429, NobodyKnowsThis,             RETRY,         ILL,  by the class of the status
            502, NobodyKnowsThis,             RETRY,         ILL,  by the class of the status
            408, NobodyKnowsThis,             RETRY,         ILL,  by the class of the status
            404, NobodyKnowsThis,             REJECTED,      WELL, by the class of the status
            """)
    void knowsWhatAnAnswerMeans(int status, String reason, ReportedOutcome outcome, Health health, String why)
            throws Exception {
        assertThat(refused(status, reason, DELIVERY).kind()).as(why).isEqualTo(outcome);
        assertThat(refused(status, reason, DELIVERY).health()).as(why).isEqualTo(health);
        if (!reason.equals("NobodyKnowsThis")) {
            assertThat(Files.readString(Path.of("README.md"))).contains(reason);
        }
    }

    @ParameterizedTest
    @CsvSource({"400, BadRequest", "410, Gone", "500, status 500"})
    void namesAnAnswerWithoutAReason(int status, String told) {
        assertThat(refused(status, "", DELIVERY)).asString().contains(told);
    }

    @Test
    void tellsSinceWhen() {
        Instant since = Instant.parse("2026-01-02T03:04:05Z");

        assertThat(ApnsAnswers.refused(410, "Unregistered", since, DELIVERY))
                .isEqualTo(new Outcome.AddressGone(since, "Unregistered"));
    }

    @Test
    void blamesNoDeviceForATopicOfOurs() {
        Delivery withoutApp = Delivery.newBuilder(DELIVERY).setApp(null).build();

        assertThat(refused(400, "DeviceTokenNotForTopic", withoutApp))
                .isEqualTo(Outcome.Misconfigured.ofSome("DeviceTokenNotForTopic"));
    }

    @ParameterizedTest(name = "{0} after {1} failures: {2} minutes")
    @CsvSource(textBlock = """
            500, 0, 0
            503, 1, 0
            500, 2, 15
            503, 4, 15
            429, 4, 0
            """)
    void leavesAppleAloneAfterTwoQuickTries(int status, int failures, int minutes) {
        Delivery tried = Delivery.newBuilder(DELIVERY).setFailures(failures).build();

        assertThat(refused(status, "", tried))
                .isInstanceOfSatisfying(
                        Outcome.Retry.class, retry -> assertThat(retry.after()).isEqualTo(Duration.ofMinutes(minutes)));
    }
}
