package io.herald.sender.sms;

import static io.herald.sender.sms.Twilio.NUMBER;
import static io.herald.sender.sms.Twilio.PUBLIC_URL;
import static io.herald.sender.sms.Twilio.TOKEN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.schema.Delivery;
import io.herald.schema.Route;
import io.herald.sender.SenderApp;
import io.herald.sender.callback.CallbackConfig;
import io.herald.sender.callback.CallbackResult;
import io.herald.sender.callback.CallbackServer;
import io.herald.simulator.SmsMessage;
import io.herald.simulator.TwilioSimulator;
import io.herald.testkit.TestDeliveries;
import io.herald.wire.WireFormat;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sender's parts together, over HTTP. */
@Timeout(60)
class SmsSenderTest {
    @TempDir
    Path folder;

    private final TwilioSimulator twilio = TwilioSimulator.start(0, TOKEN);

    @AfterEach
    void stop() {
        twilio.close();
    }

    @Test
    void hearsWhatBecameOfWhatItSent() throws Exception {
        NumberBook numbers = new NumberBook();
        Path tokens = Twilio.file(folder, "tokens", TOKEN);
        TwilioConfig config = Twilio.config(twilio.url(), tokens, null, new VelocityCaps.Limits(6, 0, 0, 0));
        MockProducer<byte[], byte[]> kafka =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        List<CallbackResult> results = new CopyOnWriteArrayList<>();
        Delivery delivery =
                TestDeliveries.to(Route.SMS, NUMBER).setUser("ann ü/1").build();
        try (TwilioProvider provider = Twilio.provider(config, numbers);
                CallbackServer server = CallbackServer.start(
                        new CallbackConfig("127.0.0.1", 0, PUBLIC_URL),
                        new TwilioCallbacks(Twilio.credentials(config), numbers, Clock.systemUTC()),
                        kafka,
                        new WireFormat(Map.of("schema.registry.url", "mock://sms")),
                        results::add)) {
            URI behind = URI.create("http://127.0.0.1:" + server.port() + "/");
            provider.send(delivery).toCompletableFuture().join();
            SmsMessage message = twilio.received().get(0);

            assertThat(twilio.status(behind, message, "sent", null)).isEqualTo(200);
            assertThat(twilio.status(behind, message, "undelivered", 30_006)).isEqualTo(200);
            assertThat(twilio.status(behind, message, "delivered", null)).isEqualTo(200);
            assertThat(twilio.reply(PUBLIC_URL, behind, NUMBER, "Stop", "STOP")).isEqualTo(200);
            assertThat(twilio.reply(PUBLIC_URL + "/", behind, NUMBER, "START", null))
                    .as("configured by another URL")
                    .isEqualTo(403);
            twilio.authToken("not ours");
            assertThat(twilio.reply(PUBLIC_URL, behind, NUMBER, "START", null)).isEqualTo(403);
        }

        assertThat(kafka.history())
                .extracting(record -> record.topic() + " " + new String(record.key(), UTF_8))
                .containsExactly(
                        "receipt.reported acme/ann ü/1",
                        "address.reported acme/ann ü/1",
                        "receipt.reported acme/ann ü/1",
                        "address.reported acme/ann ü/1");
        assertThat(results)
                .containsExactly(
                        CallbackResult.TAKEN,
                        CallbackResult.TAKEN,
                        CallbackResult.TAKEN,
                        CallbackResult.TAKEN,
                        CallbackResult.FORGED,
                        CallbackResult.FORGED);
    }

    /** There is neither Kafka nor a registry here, which a sender outlives. */
    @Test
    void startsWithWhatItsPropertiesSay() throws Exception {
        try (SenderApp sender = SmsSender.start(properties(Map.of()))) {
            URI behind = URI.create("http://127.0.0.1:" + sender.callbackPort().orElseThrow() + "/");
            Delivery delivery = TestDeliveries.to(Route.SMS, NUMBER).build();
            SmsMessage message = new SmsMessage(
                    delivery.getDecidedAt(),
                    "SM1",
                    delivery.getDeliveryId(),
                    NUMBER,
                    "+15005550006",
                    "hi",
                    1,
                    CallbackRef.to(delivery).url(PUBLIC_URL),
                    "");

            assertThat(twilio.status(behind, message, "sent", null)).isEqualTo(200);
            assertThat(twilio.status(behind, message, "delivered", null))
                    .as("Twilio repeats it")
                    .isEqualTo(503);
            assertThat(sender.metrics())
                    .contains("herald_sender_callbacks_total{result=\"TAKEN\",route=\"SMS\"} 1.0")
                    .contains("herald_sender_callbacks_total{result=\"NOT_WRITTEN\",route=\"SMS\"} 1.0");
        }
    }

    @Test
    void doesNotStartWithoutItsSecrets() {
        assertThatThrownBy(() -> SmsSender.start(properties(
                        Map.of("twilio.auth.tokens.file", folder.resolve("none").toString()))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("none");
        assertThatThrownBy(() -> SmsSender.start(properties(Map.of("twilio.auth.token", "inline"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("unknown key");
    }

    private Map<String, String> properties(Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "bootstrap.servers", "127.0.0.1:1",
                "schema.registry.url", "http://127.0.0.1:1",
                "health.port", "-1",
                "callback.port", "0",
                "callback.public.url", PUBLIC_URL,
                "drain.timeout.ms", "100",
                "twilio.account.sid", TwilioSimulator.ACCOUNT));
        properties.put(
                "twilio.auth.tokens.file", Twilio.file(folder, "tokens", TOKEN).toString());
        properties.put("twilio.from", "+15005550006");
        properties.put("twilio.url", twilio.url().toString());
        properties.put("sms.countries", "+1");
        properties.putAll(more);
        return properties;
    }
}
