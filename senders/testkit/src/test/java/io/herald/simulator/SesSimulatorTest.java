package io.herald.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SesSimulatorTest {
    private static final String SIGNATURE = "AWS4-HMAC-SHA256 Credential=AKID/20260101/eu-central-1/ses/aws4_request, "
            + "SignedHeaders=host;x-amz-date, Signature=" + "0a".repeat(32);

    private static SesSimulator ses;

    @BeforeAll
    static void start() {
        ses = SesSimulator.start(0);
    }

    @AfterAll
    static void stop() {
        ses.close();
    }

    @BeforeEach
    void clear() {
        ses.clear();
    }

    private static HttpResponse<String> send(String to, String subject) {
        String json = ("{'FromEmailAddress':'a@b.c','Destination':{'ToAddresses':['" + to + "']},'Content':{'Simple':"
                        + "{'Subject':{'Data':'" + subject + "'},'Body':{'Text':{'Data':'T'}}}}}")
                .replace('\'', '"');
        return Http.post(path(), json, "Authorization", SIGNATURE, "X-Amz-Date", "20260101T000000Z");
    }

    private static URI path() {
        return ses.url().resolve("/v2/email/outbound-emails");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            bob@example.com                                   |
            Bob O <bob@example.com>                          | Bob O
            =?UTF-8?B?w6k=?= =?utf-8?Q?_=C3=A9?= <bob@example.com> | é é
            """)
    void decodesNames(String to, String name) {
        assertThat(send(to, "S").statusCode()).isEqualTo(200);

        assertThat(ses.received().get(0).to()).isEqualTo("bob@example.com");
        assertThat(ses.received().get(0).toName()).isEqualTo(name == null ? "" : name);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "bob, S",
        "Zoë <zoe@example.com>, S",
        "bob@bücher.example, S",
        "'bob@example.com,ann@example.com', S",
        "bob@example.com, S\\r\\nBcc: x",
    })
    void refusesWhatSesRefuses(String to, String subject) {
        HttpResponse<String> response = send(to, subject);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("x-amzn-ErrorType")).contains("BadRequestException");
        assertThat(ses.count()).isZero();
    }

    @Test
    void rejectsBlockedDomainsUntilTheyAreUnblocked() {
        ses.block("Example.com");

        HttpResponse<String> response = send("bob@example.com", "S");

        assertThat(response.headers().firstValue("x-amzn-ErrorType")).contains("MessageRejected");
        ses.unblock("example.com");
        assertThat(send("bob@example.com", "S").statusCode()).isEqualTo(200);
    }

    @Test
    void wantsASignature() {
        HttpResponse<String> response = Http.post(path(), "{}");

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.headers().firstValue("x-amzn-ErrorType")).contains("MissingAuthenticationTokenException");
        assertThat(Http.post(path(), "{}", "Authorization", "Basic x").statusCode())
                .isEqualTo(403);
    }
}
