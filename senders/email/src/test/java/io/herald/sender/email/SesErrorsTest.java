package io.herald.sender.email;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.ReportedOutcome;
import io.herald.sender.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SesErrorsTest {
    private final SesErrors errors = new SesErrors("News@Herald.example");

    @ParameterizedTest(name = "{0} {1} -> {2}: {3}")
    @CsvSource(textBlock = """
            400, MessageRejected,                    REJECTED,      content or recipient
            400, BadRequestException,                REJECTED,      our request
            400, SerializationException,             REJECTED,      our request
            400, AccountSuspendedException,          MISCONFIGURED, account
            400, SendingPausedException,             MISCONFIGURED, account or configuration set
            400, MailFromDomainNotVerifiedException, MISCONFIGURED, DNS
            404, NotFoundException,                  MISCONFIGURED, configuration set
            403, SignatureDoesNotMatch,              MISCONFIGURED, wrong secret
            403, AccessDeniedException,              MISCONFIGURED, missing permission
            400, ExpiredTokenException,              MISCONFIGURED, credentials
            403, SomethingNew,                       MISCONFIGURED, fallback by status
            404, UnknownOperationException,          MISCONFIGURED, wrong URL
            429, TooManyRequestsException,           RETRY,         rate
            400, ThrottlingException,                RETRY,         rate
            429, '',                                 RETRY,         rate
            400, LimitExceededException,             RETRY,         quota
            408, RequestTimeoutException,            RETRY,         body did not arrive
            413, '',                                 REJECTED,      fallback by class
            409, SomethingNew,                       REJECTED,      fallback by class
            500, InternalServiceErrorException,      RETRY,         AWS says that it failed
            503, ServiceUnavailable,                 RETRY,         AWS says that it failed
            502, '',                                 UNKNOWN,       a proxy speaks
            504, '',                                 UNKNOWN,       a proxy speaks
            302, '',                                 MISCONFIGURED, not SES
            """)
    void mapsEachCode(int status, String code, ReportedOutcome kind, String why) {
        assertThat(errors.refused(status, code, "", Duration.ZERO).kind())
                .as(why)
                .isEqualTo(kind);
    }

    @Test
    void tellsRateFromDailyQuota() {
        assertThat(errors.refused(
                        429, "TooManyRequestsException", "Maximum sending rate exceeded.", Duration.ofSeconds(3)))
                .isEqualTo(Outcome.Retry.ofAll(Duration.ofSeconds(3), "429 TooManyRequestsException"));
        assertThat(errors.refused(400, "ThrottlingException", "Daily message quota exceeded.", Duration.ofSeconds(3)))
                .isEqualTo(Outcome.Retry.ofAll(Duration.ofMinutes(10), "400 ThrottlingException: daily quota"));
        assertThat(errors.refused(400, "LimitExceededException", "Maximum sending rate exceeded.", Duration.ZERO))
                .isEqualTo(Outcome.Retry.ofAll(Duration.ZERO, "400 LimitExceededException"));
    }

    @Test
    void tellsAnUnverifiedSenderFromAnUnverifiedRecipient() {
        String sentence = "Email address is not verified. The following identities failed the check: ";

        assertThat(errors.refused(400, "MessageRejected", sentence + "news@herald.example", Duration.ZERO)
                        .kind())
                .isEqualTo(ReportedOutcome.MISCONFIGURED);
        assertThat(errors.refused(400, "MessageRejected", sentence + "bob@example.com", Duration.ZERO))
                .isEqualTo(new Outcome.Rejected("400 MessageRejected"));
    }
}
