package io.herald.sender.sms;

import static io.herald.sender.sms.Twilio.NUMBER;
import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.AddressEvent;
import io.herald.schema.AddressReported;
import io.herald.schema.Delivery;
import io.herald.schema.Route;
import io.herald.sender.Outcome;
import io.herald.sender.Provider;
import io.herald.simulator.Answer;
import io.herald.simulator.SmsMessage;
import io.herald.simulator.TwilioSimulator;
import io.herald.testkit.ProviderContract;
import io.herald.testkit.TestDeliveries;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TwilioProviderTest extends ProviderContract {
    private static final VelocityCaps.Limits LOW = new VelocityCaps.Limits(6, 3, 0, 4);
    private static final VelocityCaps.Limits NONE = new VelocityCaps.Limits(6, 0, 0, 0);

    @TempDir
    Path folder;

    private final List<AddressReported> reports = new CopyOnWriteArrayList<>();
    private TwilioSimulator twilio;

    @Override
    protected Provider connect() {
        twilio = TwilioSimulator.start(0, Twilio.TOKEN);
        twilio.invalid(unknownAddress());
        return provider(NONE, null);
    }

    private TwilioProvider provider(VelocityCaps.Limits caps, Path apiKey) {
        Path tokens = Twilio.file(folder, "tokens", Twilio.TOKEN + "\n");
        TwilioProvider provider = Twilio.provider(Twilio.config(twilio.url(), tokens, apiKey, caps), new NumberBook());
        provider.reportTo(report -> {
            reports.add(report);
            return CompletableFuture.completedFuture(null);
        });
        return provider;
    }

    @Override
    protected void stopSimulator() {
        twilio.close();
    }

    @Override
    protected List<Arrival> arrivals() {
        return twilio.received().stream()
                .map(sms -> new Arrival(sms.deliveryId(), sms.to(), null, sms.body(), null))
                .toList();
    }

    @Override
    protected boolean hasTitle() {
        return false;
    }

    @Override
    protected void answerNext(Answer answer) {
        twilio.answerNext(1, answer);
    }

    @Override
    protected Delivery.Builder delivery() {
        return TestDeliveries.to(Route.SMS, NUMBER);
    }

    @Override
    protected String unknownAddress() {
        return "+15551239999";
    }

    @Override
    protected String malformedAddress() {
        return "555 123";
    }

    @Override
    protected Class<? extends Outcome> unknownIs() {
        return Outcome.AddressGone.class;
    }

    @Override
    protected Class<? extends Outcome> malformedIs() {
        return Outcome.Rejected.class;
    }

    @Override
    protected Answer broken() {
        return Answer.error(500, "20500", "Internal Server Error");
    }

    @Override
    protected Answer busy() {
        return Answer.error(429, "20429", "Too Many Requests");
    }

    @Override
    protected Answer forbidden() {
        return Answer.error(401, "20003", "Authenticate");
    }

    @Override
    protected boolean tellsHowLongToWait() {
        return true;
    }

    private static Outcome send(TwilioProvider by, Delivery delivery) {
        return by.send(delivery).toCompletableFuture().join();
    }

    @Test
    void namesTheDeliveryInItsCallback() {
        Delivery delivery = delivery().setUser("a/b c ü\u00e9&=?").build();

        send(delivery);

        String callback = twilio.received().get(0).statusCallback();
        assertThat(callback).startsWith(Twilio.PUBLIC_URL + "?").endsWith("#rc=5&rp=5xx,ct,rt&ct=2000&rt=2500");
        String query = URI.create(callback).getRawQuery();
        assertThat(query).as("nothing that is escaped on the way").matches("[A-Za-z0-9=&_-]+");
        assertThat(CallbackRef.parse(query)).contains(CallbackRef.to(delivery));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    3600   | 3590  | 3600  | what is left
                    600000 | 36000 | 36000 | no more than Twilio keeps
                    0      | 1     | 1     | no less than Twilio takes
                    """)
    void isValidAsLongAsTheDelivery(long left, int least, int most, String why) {
        send(delivery().setExpiresAt(Instant.now().plusSeconds(left)).build());

        assertThat(twilio.received().get(0).validSeconds()).as(why).isBetween(least, most);
    }

    @Test
    void tellsOfAnOptOutBeforeTheOutcome() {
        twilio.optOut(NUMBER, true);
        Delivery delivery = delivery().build();

        assertThat(send(delivery)).isEqualTo(new Outcome.Rejected("400 21610: replied STOP"));

        assertThat(reports).singleElement().satisfies(report -> {
            assertThat(report.getEvent()).isEqualTo(AddressEvent.STOP);
            assertThat(report.getUser()).isEqualTo(delivery.getUser());
            assertThat(report.getAddressId()).isEqualTo(delivery.getAddressId());
            assertThat(report.getAddress()).isNull();
        });
    }

    @Test
    void doesNotEndBeforeTheOptOutIsWritten() {
        twilio.optOut(NUMBER, true);
        CompletableFuture<Void> written = new CompletableFuture<>();
        try (TwilioProvider waiting = provider(NONE, null)) {
            waiting.reportTo(report -> written);
            CompletableFuture<Outcome> outcome =
                    waiting.send(delivery().build()).toCompletableFuture();
            assertThat(outcome.copy()
                            .completeOnTimeout(null, 300, TimeUnit.MILLISECONDS)
                            .join())
                    .isNull();

            written.complete(null);

            assertThat(outcome.join()).isInstanceOf(Outcome.Rejected.class);
        }
    }

    @Test
    void sendsWhatFitsNowhereElse() {
        assertThat(send(delivery().setBody("😀".repeat(528)).build())).isInstanceOf(Outcome.Accepted.class);
        assertThat(send(delivery().setBody("😀".repeat(529)).build()))
                .isEqualTo(new Outcome.Rejected("17 segments, 16 allowed"));
        assertThat(twilio.count()).isEqualTo(1);
    }

    @Test
    void weighsInSegmentsAndKeepsAUsersOrder() {
        try (TwilioProvider provider = provider(NONE, null)) {
            assertThat(provider.weight(delivery().setBody("a".repeat(161)).build()))
                    .isEqualTo(2);
            assertThat(provider.weight(delivery().setBody("").build())).isEqualTo(1);
            assertThat(provider.inOrder()).isTrue();
        }
    }

    @Test
    void refusesByItself() {
        assertThat(send(delivery().setSilent(true).build())).isInstanceOf(Outcome.Rejected.class);
        assertThat(send(delivery().setBody(" ").build())).isEqualTo(new Outcome.Rejected("no text"));
        assertThat(send(delivery().setAddress("+18765551234").build()))
                .isEqualTo(new Outcome.Rejected("a country that is not allowed"));
        assertThat(send(delivery().setAddress("+33612345678").build()))
                .isEqualTo(new Outcome.Rejected("a country that is not allowed"));
        assertThat(twilio.count()).isZero();
    }

    @Test
    void stopsWhereTollsArePumped() {
        try (TwilioProvider capped = provider(LOW, null)) {
            for (int i = 0; i < 3; i++) {
                assertThat(send(capped, delivery().build())).isInstanceOf(Outcome.Accepted.class);
            }
            assertThat(send(capped, delivery().build()))
                    .isEqualTo(new Outcome.Rejected("above the hourly cap of its range of numbers"));
            assertThat(send(capped, delivery().setAddress("+447700900001").build()))
                    .isInstanceOf(Outcome.Accepted.class);
            assertThat(send(capped, delivery().setAddress("+447700900001").build()))
                    .isEqualTo(Outcome.Misconfigured.ofAll("above the daily cap of the account"));
        }
        assertThat(twilio.count()).isEqualTo(4);
    }

    @Test
    void logsInWithAnApiKey() {
        twilio.apiKey("SK" + "1".repeat(32), "a-secret");
        twilio.authToken("another");
        Path key = Twilio.file(folder, "key", "SK" + "1".repeat(32) + "\na-secret\n");
        try (TwilioProvider provider = provider(NONE, key)) {
            assertThat(send(provider, delivery().build())).isInstanceOf(Outcome.Accepted.class);
        }
    }

    @Test
    void neverRepeatsByItself() {
        twilio.answerNext(1, Answer.error(503, "20503", "Service Unavailable"));
        twilio.answerNext(1, Answer.raw(502, "<html>+15551230001</html>"));
        twilio.answerNext(1, Answer.raw(200, "<html>hello</html>"));

        assertThat(send(delivery().build())).isEqualTo(Outcome.Retry.ofAll(Duration.ZERO, "503 20503"));
        assertThat(send(delivery().build())).isEqualTo(new Outcome.Unknown("502"));
        assertThat(send(delivery().build())).isEqualTo(new Outcome.Unknown("an answer that cannot be read"));
        assertThat(twilio.received()).extracting(SmsMessage::to).isEmpty();
    }
}
