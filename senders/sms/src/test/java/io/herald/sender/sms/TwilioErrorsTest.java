package io.herald.sender.sms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.herald.sender.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TwilioErrorsTest {
    private static final String TABLE = """
            400 | 21610 | REJECTED      | WELL | 0   | replied STOP
            400 | 21211 | ADDRESS_GONE  | WELL | 0   | no number
            400 | 21214 | ADDRESS_GONE  | WELL | 0   | cannot be reached
            400 | 21217 | ADDRESS_GONE  | WELL | 0   | no number
            400 | 21614 | ADDRESS_GONE  | WELL | 0   | no mobile
            400 | 30005 | ADDRESS_GONE  | WELL | 0   | nobody has it
            400 | 30006 | ADDRESS_GONE  | WELL | 0   | a landline
            400 | 30003 | RETRY         | WELL | 900 | switched off
            400 | 30008 | RETRY         | WELL | 900 | the carrier does not say
            400 | 30004 | REJECTED      | WELL | 0   | blocked
            400 | 30007 | REJECTED      | WELL | 0   | filtered for its content
            400 | 30036 | REJECTED      | WELL | 0   | its time is over
            400 | 21602 | REJECTED      | WELL | 0   | no text
            400 | 21617 | REJECTED      | WELL | 0   | too long
            429 | 20429 | RETRY         | ILL  | 7   | too many requests
            400 | 30022 | RETRY         | ILL  | 7   | faster than the carrier allows
            400 | 63017 | RETRY         | ILL  | 7   | faster than the account is allowed
            400 | 21611 | RETRY         | ILL  | 300 | the sender's queue is full
            400 | 30001 | RETRY         | ILL  | 300 | the queue is full
            401 | 20003 | MISCONFIGURED | ILL  | 0   | wrong credentials
            403 | 20005 | MISCONFIGURED | ILL  | 0   | account not active
            400 | 30002 | MISCONFIGURED | ILL  | 0   | account suspended
            400 | 21606 | MISCONFIGURED | ILL  | 0   | not our number
            400 | 21212 | MISCONFIGURED | ILL  | 0   | no sender
            400 | 21609 | MISCONFIGURED | ILL  | 0   | callbacks to nowhere
            400 | 30032 | MISCONFIGURED | ILL  | 0   | toll-free number not verified
            400 | 30034 | MISCONFIGURED | ILL  | 0   | number not registered
            400 | 21408 | MISCONFIGURED | WELL | 0   | country not permitted
            400 | 21608 | MISCONFIGURED | WELL | 0   | trial account
            400 | 21612 | MISCONFIGURED | WELL | 0   | sender does not reach it
            400 | 99999 | REJECTED      | WELL | 0   | unknown: by its status
            401 | 99999 | MISCONFIGURED | ILL  | 0   | unknown: by its status
            403 | 99999 | MISCONFIGURED | ILL  | 0   | unknown: by its status
            404 | 20404 | MISCONFIGURED | ILL  | 0   | no such account
            404 | 0     | MISCONFIGURED | ILL  | 0   | a wrong URL
            408 | 0     | RETRY         | ILL  | 7   | too slow
            429 | 0     | RETRY         | ILL  | 7   | too many
            500 | 20500 | RETRY         | ILL  | 7   | Twilio's fault
            503 | 20503 | RETRY         | ILL  | 7   | away
            502 | 0     | UNKNOWN       | ILL  | 0   | a proxy: what was done is not known
            302 | 0     | MISCONFIGURED | ILL  | 0   | not Twilio
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = TABLE)
    void knowsWhatARefusalMeans(int status, int code, String kind, String health, long after, String why) {
        Outcome outcome = TwilioErrors.refused(status, code, Duration.ofSeconds(7));

        assertThat(outcome.kind()).as(why).hasToString(kind);
        assertThat(outcome.health()).as(why).hasToString(health);
        if (outcome instanceof Outcome.Retry retry) {
            assertThat(retry.after()).as(why).isEqualTo(Duration.ofSeconds(after));
        }
    }

    @Test
    void namesEachInTheReadme() throws Exception {
        String readme = Files.readString(Path.of("README.md"), UTF_8);

        assertThat(TABLE.lines().map(line -> line.split("\\|", -1)[1].strip()))
                .filteredOn(code -> !code.equals("0") && !code.equals("99999"))
                .allSatisfy(code -> assertThat(readme).contains(code));
    }

    @Test
    void knowsWhatHasNotLeft() {
        assertThat(TwilioErrors.notAnswered(new ConnectException("refused"))).isInstanceOf(Outcome.Retry.class);
        assertThat(TwilioErrors.notAnswered(new HttpConnectTimeoutException("late")))
                .isInstanceOf(Outcome.Retry.class);
        assertThat(TwilioErrors.notAnswered(new IOException(new ConnectException("refused"))))
                .isInstanceOf(Outcome.Retry.class);
        assertThat(TwilioErrors.notAnswered(new HttpTimeoutException("late")))
                .isEqualTo(new Outcome.Unknown("no answer in time"));
        assertThat(TwilioErrors.notAnswered(new IOException("reset")))
                .isEqualTo(new Outcome.Unknown("connection lost"));
    }
}
