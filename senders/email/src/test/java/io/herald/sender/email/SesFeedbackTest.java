package io.herald.sender.email;

import static io.herald.sender.email.Deliveries.delivery;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.herald.schema.AddressEvent;
import io.herald.schema.AddressReported;
import io.herald.schema.ReceiptReported;
import io.herald.sender.callback.CallbackConfig;
import io.herald.sender.callback.CallbackRequest;
import io.herald.sender.callback.CallbackResult;
import io.herald.sender.callback.CallbackServer;
import io.herald.sender.callback.RefusedCallbackException;
import io.herald.simulator.SesSimulator;
import io.herald.simulator.SnsTopic;
import io.herald.topic.Topics;
import io.herald.wire.WireFormat;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class SesFeedbackTest {
    private static final String ARN = "arn:aws:sns:eu-central-1:123456789012:feedback";
    private static final URI SNS = URI.create("https://sns.eu-central-1.amazonaws.com");
    private static final SnsTopic TOPIC = new SnsTopic(ARN, SNS);

    private final List<URI> asked = new ArrayList<>();
    private final SesFeedback feedback = feedback(true);

    private SesFeedback feedback(boolean confirms) {
        return new SesFeedback(
                new FeedbackConfig(Set.of(ARN), null),
                topic -> SnsHost.of(topic).orElseThrow(),
                url -> {
                    asked.add(url);
                    if (!confirms && url.getQuery() != null) {
                        throw new IOException("away");
                    }
                    return TOPIC.certificatePem().getBytes(UTF_8);
                },
                InstantSource.system());
    }

    private static CallbackRequest request(Map<String, String> fields) {
        return new CallbackRequest("https://hooks.example/ses", "", Map.of(), TOPIC.signed(fields, 2));
    }

    @Test
    void confirmsTheSubscriptionOfATopicOfOurs() throws Exception {
        Map<String, String> fields = TOPIC.confirmation("SubscriptionConfirmation");

        assertThat(feedback.handle(request(fields))).isEmpty();
        assertThat(asked).containsExactly(TOPIC.certificateUrl(), URI.create(fields.get("SubscribeURL")));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            https://evil.example/?Action=ConfirmSubscription&Token=x,                                    elsewhere
            https://sns.eu-central-1.amazonaws.com/?Action=DeleteTopic&Token=x,                          another act
            https://sns.eu-central-1.amazonaws.com/,                                                     no act
            https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=x,                     another region
            http://169.254.169.254/latest/meta-data/?Action=ConfirmSubscription&Token=x,                 our own network
            """)
    void confirmsNothingElse(String url, String why) {
        Map<String, String> fields = TOPIC.confirmation("SubscriptionConfirmation");
        fields.put("SubscribeURL", url);

        assertThatThrownBy(() -> feedback.handle(request(fields)))
                .as(why)
                .isInstanceOfSatisfying(RefusedCallbackException.class, refused -> assertThat(refused.result())
                        .isEqualTo(CallbackResult.FORGED));
        assertThat(asked).containsExactly(TOPIC.certificateUrl());
    }

    @Test
    void letsSnsAskAgainWhenItCannotConfirm() {
        assertThatThrownBy(() -> feedback(false).handle(request(TOPIC.confirmation("SubscriptionConfirmation"))))
                .isInstanceOfSatisfying(RefusedCallbackException.class, refused -> assertThat(refused.result())
                        .isEqualTo(CallbackResult.NOT_WRITTEN));
    }

    @Test
    void doesNotSubscribeAgainBehindAnOperatorsBack() throws Exception {
        assertThat(feedback.handle(request(TOPIC.confirmation("UnsubscribeConfirmation"))))
                .isEmpty();
        assertThat(asked).containsExactly(TOPIC.certificateUrl());
    }

    @ParameterizedTest(name = "{0}@: {1}, {2}")
    @CsvSource(textBlock = """
            success,         DELIVERED,            ,
            ann,             DELIVERED,            ,
            bounce,          BOUNCED,              HARD_BOUNCE
            bounce+label,    BOUNCED,              HARD_BOUNCE
            suppressionlist, BOUNCED,              HARD_BOUNCE
            mailboxfull,     BOUNCED,              SOFT_BOUNCE
            complaint,       DELIVERED COMPLAINED, COMPLAINT
            delay,           DELAYED DELIVERED,    ,
            """)
    void comesBackFromTheSimulator(String name, String receipts, AddressEvent event) {
        MockProducer<byte[], byte[]> kafka =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        List<CallbackResult> counted = new CopyOnWriteArrayList<>();
        try (SesSimulator ses = SesSimulator.start(0);
                CallbackServer server = server(ses, kafka, counted);
                SesProvider provider = new SesProvider(SesConfig.from(properties(ses)), 1, Duration.ofSeconds(15))) {
            ses.publishTo(URI.create("http://127.0.0.1:" + server.port() + "/ses"));
            await().until(ses::confirmed);

            provider.send(delivery()
                            .setUser("ann/ünïcode")
                            .setAddress(name + "@simulator.amazonses.com")
                            .build())
                    .toCompletableFuture()
                    .join();

            int expected = receipts.split(" ").length + (event == null ? 0 : 1);
            await().untilAsserted(() -> assertThat(kafka.history()).hasSize(expected));
        }
        WireFormat wire = wire();
        List<String> told = new ArrayList<>();
        kafka.history().forEach(record -> {
            if (record.topic().equals(Topics.RECEIPT_REPORTED.name())) {
                ReceiptReported report = wire.read(Topics.RECEIPT_REPORTED, ReceiptReported.class, record.value());
                told.add(report.getReceipt().name());
                assertThat(report.getDeliveryId()).isEqualTo(Deliveries.DELIVERY_ID);
                assertThat(report.getUser()).isEqualTo("ann/ünïcode");
            } else {
                AddressReported report = wire.read(Topics.ADDRESS_REPORTED, AddressReported.class, record.value());
                assertThat(report.getEvent()).isEqualTo(event);
                assertThat(report.getAddressId()).isEqualTo("hash");
            }
        });
        assertThat(told).containsExactlyInAnyOrder(receipts.split(" "));
        assertThat(counted).containsOnly(CallbackResult.TAKEN);
    }

    private static CallbackServer server(
            SesSimulator ses, MockProducer<byte[], byte[]> kafka, List<CallbackResult> counted) {
        Map<String, String> properties = new HashMap<>(properties(ses));
        properties.put("callback.port", "0");
        properties.put("callback.public.url", "https://hooks.example/ses");
        properties.put("ses.feedback.topics", SesSimulator.TOPIC);
        properties.put("ses.feedback.sns.url", ses.url().toString());
        CallbackConfig callbacks = CallbackConfig.from(properties);
        return CallbackServer.start(
                callbacks, SesFeedback.of(FeedbackConfig.from(properties, callbacks)), kafka, wire(), counted::add);
    }

    private static WireFormat wire() {
        return new WireFormat(Map.of("schema.registry.url", "mock://ses-feedback"));
    }

    private static Map<String, String> properties(SesSimulator ses) {
        return Map.of(
                "ses.from.address", "news@herald.example",
                "ses.region", "eu-central-1",
                "ses.access.key.id", "id",
                "ses.secret.access.key", "secret",
                "ses.url", ses.url().toString());
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(textBlock = """
            http://127.0.0.1:1, http://127.0.0.1:2,     true,  both are simulators
            ,                   http://127.0.0.1:2,     false, mails go to SES
            https://ses.example, http://127.0.0.1:2,    false, mails go elsewhere
            http://127.0.0.1:1, http://sns.example,     false, anybody could make up bounces
            http://127.0.0.1:1, https://sns.example,    false, anybody could make up bounces
            """)
    void takesASimulatorsWordOnlyOnLoopback(String ses, String sns, boolean good, String why) {
        Map<String, String> properties = new HashMap<>(Map.of("ses.feedback.sns.url", sns));
        if (ses != null) {
            properties.put("ses.url", ses);
        }
        CallbackConfig none = CallbackConfig.from(Map.of());

        if (good) {
            assertThat(FeedbackConfig.from(properties, none).simulator())
                    .as(why)
                    .isEqualTo(URI.create(sns));
        } else {
            assertThatThrownBy(() -> FeedbackConfig.from(properties, none))
                    .as(why)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("ses.feedback.sns.url");
        }
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(textBlock = """
            arn:aws:sns:eu-central-1:123456789012:a,         sns.eu-central-1.amazonaws.com,    Europe
            arn:aws-cn:sns:cn-north-1:123456789012:a,        sns.cn-north-1.amazonaws.com.cn,   China
            arn:aws-us-gov:sns:us-gov-west-1:123456789012:a, sns.us-gov-west-1.amazonaws.com,   GovCloud
            arn:aws:sqs:eu-central-1:123456789012:a,         ,                                  a queue
            arn:aws:sns:evil.example/:123456789012:a,        ,                                  not a region
            feedback,                                        ,                                  a name
            """)
    void knowsWhereATopicIs(String arn, String host, String why) {
        assertThat(SnsHost.of(arn).map(SnsHost::authority).orElse(null)).as(why).isEqualTo(host);
    }

    @Test
    void needsATopicToListenTo() {
        Map<String, String> properties =
                Map.of("callback.port", "0", "callback.public.url", "https://hooks.example/ses");

        assertThatThrownBy(() -> FeedbackConfig.from(properties, CallbackConfig.from(properties)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("ses.feedback.topics");
    }
}
