package io.herald.sender.email;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.sender.callback.CallbackResult;
import io.herald.sender.callback.RefusedCallbackException;
import io.herald.simulator.SnsTopic;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnsVerifierTest {
    private static final String ARN = "arn:aws:sns:eu-central-1:123456789012:feedback";
    private static final URI SNS = URI.create("https://sns.eu-central-1.amazonaws.com");
    private static final SnsTopic TOPIC = new SnsTopic(ARN, SNS);

    private final List<URI> asked = new ArrayList<>();
    private Instant now = Instant.now();

    private SnsVerifier verifier(SnsTopic signer) {
        return verifier(url -> signer.certificatePem().getBytes(UTF_8));
    }

    private SnsVerifier verifier(SnsCertificates.Fetch fetch) {
        SnsCertificates certificates = new SnsCertificates(
                url -> {
                    asked.add(url);
                    return fetch.get(url);
                },
                () -> now);
        return new SnsVerifier(Set.of(ARN), topic -> SnsHost.of(topic).orElseThrow(), certificates, () -> now);
    }

    private static void refuses(SnsVerifier verifier, String body, CallbackResult result, String reason) {
        assertThatThrownBy(() -> verifier.verified(body))
                .as(reason)
                .isInstanceOfSatisfying(RefusedCallbackException.class, refused -> {
                    assertThat(refused.result()).isEqualTo(result);
                    assertThat(refused).hasMessageContaining(reason);
                });
    }

    @ParameterizedTest(name = "{0}, version {1}")
    @CsvSource({
        "Notification, 1",
        "Notification, 2",
        "SubscriptionConfirmation, 1",
        "SubscriptionConfirmation, 2",
        "UnsubscribeConfirmation, 2"
    })
    void takesWhatSnsHasSigned(String type, int version) throws Exception {
        Map<String, String> fields =
                type.equals("Notification") ? TOPIC.notification("hello\n\"ünïcode\"") : TOPIC.confirmation(type);

        SnsMessage message = verifier(TOPIC).verified(TOPIC.signed(fields, version));

        assertThat(message.fields()).containsAllEntriesOf(fields);
    }

    @Test
    void signsTheSubjectIfThereIsOne() throws Exception {
        Map<String, String> fields = TOPIC.notification("hello");
        fields.put("Subject", "Amazon SES Email Event Notification");
        String body = TOPIC.signed(fields, 2);

        assertThat(verifier(TOPIC).verified(body).field("Subject")).isNotEmpty();
        refuses(
                verifier(TOPIC),
                body.replace("Event Notification", "Event"),
                CallbackResult.FORGED,
                "signature is not good");
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(textBlock = """
            Message,          forged,                    another message under the same signature
            MessageId,        forged,                    signed too
            Timestamp,        2026-11-21T00:00:00.000Z,  signed too; so is the age
            Type,             UnsubscribeConfirmation,   signed too
            Signature,        AAAA,                      no signature of that key
            Signature,        not base64!,               no signature at all
            """)
    void refusesWhatWasChanged(String field, String value, String why) {
        now = Instant.parse("2026-11-21T00:00:30Z");
        Map<String, String> fields = TOPIC.notification("hello");
        fields.put("Timestamp", "2026-11-21T00:00:01.000Z");
        SnsTopic topic = new SnsTopic(ARN, SNS, "sns.amazonaws.com", now.plus(Duration.ofDays(1)));
        String body = topic.signed(fields, 2);
        String changed = body.replaceFirst("(\"" + field + "\":\")[^\"]*\"", "$1" + value + "\"");
        assertThat(changed).as(why).isNotEqualTo(body);

        refuses(verifier(topic), changed, CallbackResult.FORGED, "signature is not good");
    }

    @Test
    void refusesWhatAnotherHasSigned() {
        SnsTopic stranger = new SnsTopic(ARN, SNS);

        refuses(
                verifier(TOPIC),
                stranger.signed(stranger.notification("x"), 2),
                CallbackResult.FORGED,
                "signature is not good");
    }

    @ParameterizedTest(name = "{1}: {0}")
    @CsvSource(textBlock = """
            https://sns.eu-central-1.amazonaws.com.evil.example/a.pem,   ends differently
            https://evil.example/sns.eu-central-1.amazonaws.com/a.pem,   is in the path
            https://sns.eu-central-1.amazonaws.com@evil.example/a.pem,   is a user
            https://evil.example#@sns.eu-central-1.amazonaws.com/a.pem,  is a fragment
            http://sns.eu-central-1.amazonaws.com/a.pem,                 anybody could answer
            https://sns.eu-central-1.amazonaws.com:8443/a.pem,           another port
            https://sns.us-east-1.amazonaws.com/a.pem,                   another region than the topic
            https://s3.eu-central-1.amazonaws.com/a.pem,                 anybody can put files there
            https://sns.eu-central-1.amazonaws.com/?Action=Publish,      not a certificate
            https://sns.eu-central-1.amazonaws.com/a.pem?x=1,            not a certificate
            https://sns.eu-central-1.amazonaws.com/../a.pem,             no plain path
            file:///etc/passwd,                                          not even the web
            'not a url',                                                 nothing
            '',                                                          nothing
            """)
    void neverAsksAnybodyElseForACertificate(String url, String why) {
        Map<String, String> fields = TOPIC.notification("x");
        fields.put("SigningCertURL", url);

        refuses(verifier(TOPIC), TOPIC.signed(fields, 2), CallbackResult.FORGED, "not at SNS");
        assertThat(asked).as(why).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:sns:eu-central-1:123456789012:other",
                "arn:aws:sns:eu-central-1:999999999999:feedback",
                "arn:aws:sns:us-east-1:123456789012:feedback"
            })
    void refusesAnotherTopicWhoeverSignsIt(String arn) {
        SnsTopic other = new SnsTopic(arn, SNS);

        refuses(verifier(other), other.signed(other.notification("x"), 2), CallbackResult.FORGED, "another topic");
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest(name = "{0} minutes later: {2}")
    @CsvSource(textBlock = """
            0,    true,  just now
            59,   true,  SNS repeats for a while
            61,   false, replayed
            1440, false, replayed
            -61,  false, nobody's clock is that wrong
            """)
    void refusesWhatIsReplayed(int minutes, boolean good, String why) throws Exception {
        SnsTopic lasting = new SnsTopic(ARN, SNS, "sns.amazonaws.com", now.plus(Duration.ofDays(1)));
        String body = lasting.signed(lasting.notification("x"), 2);
        now = now.plus(Duration.ofMinutes(minutes));

        if (good) {
            assertThat(verifier(lasting).verified(body)).as(why).isNotNull();
        } else {
            refuses(verifier(lasting), body, CallbackResult.FORGED, "more than an hour");
            assertThat(asked).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(textBlock = """
            sns.amazonaws.com,                        true,  most regions
            sns-signing.ca-west-1.amazonaws.com,      true,  newer regions
            sns-us-gov-west-1.amazonaws.com,          true,  GovCloud
            sns-cn-north-1.amazonaws.com.cn,          true,  China
            evil.example,                             false, not SNS
            sns.amazonaws.com.evil.example,           false, not SNS
            xsns.amazonaws.com,                       false, not SNS
            """)
    void wantsACertificateInTheNameOfSns(String name, boolean good, String why) throws Exception {
        SnsTopic topic = new SnsTopic(ARN, SNS, name, now.plus(Duration.ofDays(1)));
        String body = topic.signed(topic.notification("x"), 2);

        if (good) {
            assertThat(verifier(topic).verified(body)).as(why).isNotNull();
        } else {
            refuses(verifier(topic), body, CallbackResult.FORGED, "not in the name of SNS");
        }
    }

    @Test
    void wantsACertificateInForce() {
        SnsTopic expired = new SnsTopic(ARN, SNS, "sns.amazonaws.com", now.minusSeconds(60));

        refuses(verifier(expired), expired.signed(expired.notification("x"), 2), CallbackResult.FORGED, "not in force");
    }

    @Test
    void isToldAgainWhenTheCertificateCannotBeFetched() {
        SnsVerifier offline = verifier(url -> {
            throw new IOException("away");
        });

        refuses(offline, TOPIC.signed(TOPIC.notification("x"), 2), CallbackResult.NOT_WRITTEN, "cannot be fetched");
    }

    @Test
    void fetchesACertificateOnceADay() throws Exception {
        SnsTopic lasting = new SnsTopic(ARN, SNS, "sns.amazonaws.com", now.plus(Duration.ofDays(1)));
        SnsVerifier verifier = verifier(lasting);
        verifier.verified(lasting.signed(lasting.notification("x"), 2));
        verifier.verified(lasting.signed(lasting.notification("y"), 2));

        assertThat(asked).containsExactly(lasting.certificateUrl());
    }

    @Test
    void fetchesFewForStrangers() {
        SnsVerifier verifier = verifier(url -> "no certificate".getBytes(UTF_8));
        for (int i = 0; i < 50; i++) {
            Map<String, String> fields = TOPIC.notification("x");
            fields.put("SigningCertURL", SNS + "/" + i + ".pem");
            String body = TOPIC.signed(fields, 2);
            assertThatThrownBy(() -> verifier.verified(body)).isInstanceOf(RefusedCallbackException.class);
        }
        assertThat(asked).hasSize(10);
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(textBlock = """
            MALFORMED, '',                                  nothing
            MALFORMED, 'hello',                             not JSON
            MALFORMED, '[]',                                not an object
            MALFORMED, '{}',                                empty
            MALFORMED, '{"Type":"Gossip","TopicArn":"a"}',  no type of SNS's
            MALFORMED, '{"eventType":"Bounce"}',            delivered raw and so without a signature
            MALFORMED, '{"Type":"Notification","Type":"SubscriptionConfirmation","TopicArn":"a"}', twice the same name
            """)
    void refusesWhatIsNoMessage(CallbackResult result, String body, String why) {
        assertThatThrownBy(() -> verifier(TOPIC).verified(body))
                .as(why)
                .isInstanceOfSatisfying(RefusedCallbackException.class, refused -> assertThat(refused.result())
                        .isEqualTo(result));
    }

    @Test
    void refusesSignaturesOfOtherKinds() {
        String body = TOPIC.signed(TOPIC.notification("x"), 2);

        refuses(
                verifier(TOPIC),
                body.replace("\"SignatureVersion\":\"2\"", "\"SignatureVersion\":\"3\""),
                CallbackResult.FORGED,
                "version 1 or 2");
        refuses(
                verifier(TOPIC),
                body.replace("\"SignatureVersion\":\"2\"", "\"SignatureVersion\":\"1\""),
                CallbackResult.FORGED,
                "signature is not good");
    }
}
