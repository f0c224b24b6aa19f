package io.herald.sender.sms;

import static io.herald.sender.sms.Twilio.NUMBER;
import static io.herald.sender.sms.Twilio.PUBLIC_URL;
import static io.herald.sender.sms.Twilio.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.herald.schema.AddressReported;
import io.herald.schema.Delivery;
import io.herald.schema.ReceiptReported;
import io.herald.schema.Route;
import io.herald.sender.callback.CallbackRequest;
import io.herald.sender.callback.CallbackResult;
import io.herald.sender.callback.RefusedCallbackException;
import io.herald.simulator.TwilioSimulator;
import io.herald.testkit.TestDeliveries;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TwilioCallbacksTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Delivery DELIVERY =
            TestDeliveries.to(Route.SMS, NUMBER).setUser("ann ü/1").build();
    private static final String STATUS_URL =
            PUBLIC_URL + "?" + CallbackRef.to(DELIVERY).query();

    @TempDir
    Path folder;

    private final NumberBook numbers = new NumberBook();
    private TwilioCallbacks callbacks;

    @BeforeEach
    void create() {
        callbacks = new TwilioCallbacks(credentials(TOKEN + "\nthe-next\n"), numbers, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private TwilioCredentials credentials(String tokens) {
        Path file = Twilio.file(folder, "tokens", tokens);
        return Twilio.credentials(
                Twilio.config(URI.create("http://127.0.0.1:1"), file, null, new VelocityCaps.Limits(6, 0, 0, 0)));
    }

    private static CallbackRequest signed(String token, String url, Map<String, String> params) {
        return request(url, params, TwilioSimulator.signature(token, url, params));
    }

    private static CallbackRequest request(String url, Map<String, String> params, String signature) {
        Map<String, String> headers =
                new HashMap<>(Map.of("content-type", "application/x-www-form-urlencoded; charset=UTF-8"));
        if (signature != null) {
            headers.put("x-twilio-signature", signature);
        }
        int question = url.indexOf('?');
        return new CallbackRequest(
                url, question < 0 ? "" : url.substring(question + 1), headers, TwilioSimulator.form(params));
    }

    private List<SpecificRecord> handle(String url, Map<String, String> params) throws RefusedCallbackException {
        return callbacks.handle(signed(TOKEN, url, params));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    delivered   | -     | DELIVERED   | delivered         | -           | it is there
                    undelivered | 30003 | UNDELIVERED | undelivered 30003 | -           | switched off: proves nothing
                    undelivered | 30005 | UNDELIVERED | undelivered 30005 | HARD_BOUNCE | nobody has the number
                    undelivered | 30006 | UNDELIVERED | undelivered 30006 | HARD_BOUNCE | a landline
                    failed      | 21211 | UNDELIVERED | failed 21211      | HARD_BOUNCE | no number
                    failed      | 21614 | UNDELIVERED | failed 21614      | HARD_BOUNCE | no mobile
                    failed      | 21610 | UNDELIVERED | failed 21610      | STOP        | opted out, said by a messaging service
                    undelivered | 30007 | UNDELIVERED | undelivered 30007 | -           | filtered for its content
                    failed      | 30001 | UNDELIVERED | failed 30001      | -           | the queue was full
                    failed      | -     | UNDELIVERED | failed            | -           | no reason given
                    failed      | x'"   | UNDELIVERED | failed            | -           | no number for a reason
                    queued      | -     | -           | -                 | -           | on its way
                    sending     | -     | -           | -                 | -           | on its way
                    sent        | -     | -           | -                 | -           | on its way: may come after delivered
                    read        | -     | -           | -                 | -           | not of SMS
                    ''          | -     | -           | -                 | -           | says nothing
                    """)
    void reportsHowAMessageEnded(String status, String code, String receipt, String detail, String event, String why)
            throws Exception {
        Map<String, String> params = new HashMap<>(Map.of("MessageStatus", status, "To", NUMBER, "MessageSid", "SM1"));
        if (code != null) {
            params.put("ErrorCode", code);
        }

        List<SpecificRecord> reports = handle(STATUS_URL, params);

        List<ReceiptReported> receipts = of(ReceiptReported.class, reports);
        List<AddressReported> addresses = of(AddressReported.class, reports);
        assertThat(receipts).as(why).hasSize(receipt == null ? 0 : 1).allSatisfy(each -> {
            assertThat(each.getReceipt()).hasToString(receipt);
            assertThat(each.getDetail()).isEqualTo(detail);
            assertThat(each.getTenant()).isEqualTo("acme");
            assertThat(each.getUser()).isEqualTo("ann ü/1");
            assertThat(each.getNotificationId()).isEqualTo(DELIVERY.getNotificationId());
            assertThat(each.getDeliveryId()).isEqualTo(DELIVERY.getDeliveryId());
            assertThat(each.getAt()).isEqualTo(NOW);
        });
        assertThat(addresses).as(why).hasSize(event == null ? 0 : 1).allSatisfy(each -> {
            assertThat(each.getEvent()).hasToString(event);
            assertThat(each.getUser()).isEqualTo("ann ü/1");
            assertThat(each.getAddressId()).isEqualTo(DELIVERY.getAddressId());
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    STOP        | -     | STOP  | as Twilio's replies ask for
                    ' sToP '    | -     | STOP  | in any case
                    STOPALL     | -     | STOP  | one of Twilio's words
                    Unsubscribe | -     | STOP  | one of Twilio's words
                    CANCEL      | -     | STOP  | one of Twilio's words
                    END         | -     | STOP  | one of Twilio's words
                    quit        | -     | STOP  | one of Twilio's words
                    START       | -     | START | back again
                    unstop      | -     | START | back again
                    YES         | -     | START | back again
                    HELP        | -     | -     | Twilio answers by itself
                    INFO        | -     | -     | Twilio answers by itself
                    Stop please | -     | -     | only the word alone counts
                    Adieu       | STOP  | STOP  | a word of the messaging service's own
                    Hola        | START | START | a word of the messaging service's own
                    STOP        | HELP  | -     | Twilio's verdict wins
                    """)
    void hearsWhoWantsNoMore(String body, String type, String event, String why) throws Exception {
        numbers.wrote(DELIVERY);
        Map<String, String> params = new HashMap<>(Map.of("From", NUMBER, "Body", body, "SmsStatus", "received"));
        if (type != null) {
            params.put("OptOutType", type);
        }

        List<AddressReported> reports = of(AddressReported.class, handle(PUBLIC_URL, params));

        assertThat(reports).as(why).hasSize(event == null ? 0 : 1).allSatisfy(each -> {
            assertThat(each.getEvent()).hasToString(event);
            assertThat(each.getUser()).isEqualTo("ann ü/1");
        });
    }

    @Test
    void tellsAllWhoShareANumber() throws Exception {
        numbers.wrote(DELIVERY);
        numbers.wrote(DELIVERY);
        numbers.wrote(TestDeliveries.to(Route.SMS, NUMBER).setUser("bob").build());
        numbers.wrote(
                TestDeliveries.to(Route.SMS, "+15551230002").setUser("eve").build());

        assertThat(of(AddressReported.class, handle(PUBLIC_URL, Map.of("From", NUMBER, "Body", "STOP"))))
                .extracting(AddressReported::getUser)
                .containsExactly("ann ü/1", "bob");
    }

    @Test
    void takesAReplyFromANumberThatItDoesNotKnow() throws Exception {
        assertThat(handle(PUBLIC_URL, Map.of("From", NUMBER, "Body", "STOP"))).isEmpty();
    }

    @Test
    void remembersABoundedNumberOfNumbers() {
        for (int i = 0; i <= NumberBook.MOST_NUMBERS; i++) {
            numbers.wrote(TestDeliveries.to(Route.SMS, "+" + (10_000_000L + i)).build());
        }
        for (int i = 0; i <= NumberBook.MOST_OWNERS; i++) {
            numbers.wrote(TestDeliveries.to(Route.SMS, NUMBER).setUser("u" + i).build());
        }

        assertThat(numbers.owners("+10000000")).as("the oldest").isEmpty();
        assertThat(numbers.owners("+" + (10_000_000L + NumberBook.MOST_NUMBERS)))
                .hasSize(1);
        assertThat(numbers.owners(NUMBER))
                .hasSize(NumberBook.MOST_OWNERS)
                .extracting(NumberBook.Owner::user)
                .doesNotContain("u0");
    }

    @Test
    void takesEitherTokenWhileOneIsChanged() throws Exception {
        Map<String, String> params = Map.of("MessageStatus", "delivered");

        assertThat(callbacks.handle(signed(TOKEN, STATUS_URL, params))).hasSize(1);
        assertThat(callbacks.handle(signed("the-next", STATUS_URL, params))).hasSize(1);
        refuses(CallbackResult.FORGED, signed("a-third", STATUS_URL, params));
    }

    @Test
    void takesASignatureThatCoversTheFragment() throws Exception {
        Map<String, String> params = Map.of("MessageStatus", "delivered");
        String signature =
                TwilioSimulator.signature(TOKEN, CallbackRef.to(DELIVERY).url(PUBLIC_URL), params);

        assertThat(callbacks.handle(request(STATUS_URL, params, signature))).hasSize(1);
    }

    @Test
    void refusesWhatTwilioHasNotSigned() {
        Map<String, String> params = Map.of("MessageStatus", "undelivered", "ErrorCode", "30005");
        String good = TwilioSimulator.signature(TOKEN, STATUS_URL, params);
        CallbackRef other = new CallbackRef("acme", "eve", "n", "d", "a");

        refuses(CallbackResult.FORGED, request(STATUS_URL, params, null));
        refuses(CallbackResult.FORGED, request(STATUS_URL, params, ""));
        refuses(CallbackResult.FORGED, request(PUBLIC_URL + "?" + other.query(), params, good));
        refuses(CallbackResult.FORGED, request(STATUS_URL, Map.of("MessageStatus", "delivered"), good));
        refuses(CallbackResult.FORGED, request(STATUS_URL + "&x=y", params, good));
        refuses(CallbackResult.FORGED, request("https://other.example/", params, good));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%zz", "%=b"})
    void refusesWhatIsNoForm(String body) {
        refuses(
                CallbackResult.MALFORMED,
                new CallbackRequest(PUBLIC_URL, "", Map.of("content-type", "application/x-www-form-urlencoded"), body));
    }

    @Test
    void refusesJson() {
        refuses(
                CallbackResult.MALFORMED,
                new CallbackRequest(PUBLIC_URL, "", Map.of("content-type", "application/json"), "{}"));
    }

    private void refuses(CallbackResult result, CallbackRequest request) {
        assertThatThrownBy(() -> callbacks.handle(request))
                .isInstanceOfSatisfying(RefusedCallbackException.class, refused -> {
                    assertThat(refused.result()).isEqualTo(result);
                    assertThat(refused.getMessage()).doesNotContain(NUMBER).doesNotContain("eve");
                });
    }

    private static <T> List<T> of(Class<T> type, List<SpecificRecord> reports) {
        return reports.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
