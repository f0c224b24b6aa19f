package io.herald.sender.email;

import static io.herald.sender.email.Deliveries.DELIVERY_ID;
import static io.herald.sender.email.Deliveries.delivery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.herald.schema.Delivery;
import io.herald.sender.Outcome;
import io.herald.simulator.Answer;
import io.herald.simulator.Mail;
import io.herald.simulator.SesSimulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SesProviderTest {
    private static final Duration PATIENT = Duration.ofSeconds(15);
    private static final Duration IMPATIENT = Duration.ofSeconds(2);
    private static final int IN_FLIGHT = 8;

    private static SesSimulator ses;
    private static SesProvider provider;
    private static SesProvider impatient;

    @BeforeAll
    static void start() {
        ses = SesSimulator.start(0);
        ses.block("blocked.example");
        provider = provider(ses.url(), PATIENT);
        impatient = provider(ses.url(), IMPATIENT);
    }

    @AfterAll
    static void stop() {
        provider.close();
        impatient.close();
        ses.close();
    }

    @BeforeEach
    void reset() {
        ses.clear();
    }

    private static SesProvider provider(URI url, Duration timeout) {
        return new SesProvider(
                new SesConfig(
                        "news@herald.example",
                        "Herald",
                        "eu-central-1",
                        null,
                        new SesConfig.Keys("AKIDEXAMPLE", "secret"),
                        url,
                        Duration.ofSeconds(5),
                        null,
                        Duration.ZERO),
                IN_FLIGHT,
                timeout);
    }

    private static Outcome send(Delivery delivery) {
        return send(provider, delivery);
    }

    private static Outcome send(SesProvider by, Delivery delivery) {
        return by.send(delivery)
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void sendsWhatTheDeliverySays() {
        Outcome outcome = send(delivery().build());

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Accepted.class, accepted -> assertThat(accepted.providerId())
                .isNotBlank());
        Mail mail = ses.received().get(0);
        assertThat(mail.deliveryId()).isEqualTo(DELIVERY_ID);
        assertThat(mail.to()).isEqualTo("alice@example.com");
        assertThat(mail.toName()).isEqualTo("Alice");
        assertThat(mail.from()).isEqualTo("\"Herald\" <news@herald.example>");
        assertThat(mail.subject()).isEqualTo("Your order has shipped");
        assertThat(mail.text()).isEqualTo("It is on its way.");
        assertThat(mail.html()).isEqualTo("<p>It is on its way.</p>");
        assertThat(mail.tags())
                .isEqualTo(MailTags.of(delivery().build()).tags())
                .containsEntry("deliveryId", DELIVERY_ID);
    }

    @Test
    void sendsNoMailThatIsToShowNothing() {
        assertThat(send(delivery().setSilent(true).setClearSeqs(List.of(1L)).build()))
                .isEqualTo(new Outcome.Rejected("a mail cannot be silent"));
        assertThat(ses.received()).isEmpty();
    }

    @Test
    void sendsWithoutNameAndHtml() {
        send(delivery().setAddressName(null).setHtml(null).build());

        assertThat(ses.received().get(0).toName()).isEmpty();
        assertThat(ses.received().get(0).html()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Zoë O'Brien 👩‍🚀",
                "שלום \"עולם\" مرحبا",
                "Ann \"The <b>\" O'Neil, Jr.; \\o/",
                "=?UTF-8?B?SGVsbG8=?=",
                "👩‍🚀 sehr langer Name mit vielen Zeichen äöüß, damit er in mehrere Wörter zerfällt 👨‍👩‍👧‍👦"
            })
    void keepsNamesUnharmed(String name) {
        send(delivery().setAddressName(name).setTitle(name).setBody(name).build());

        Mail mail = ses.received().get(0);
        assertThat(mail.toName()).isEqualTo(name);
        assertThat(mail.subject()).isEqualTo(name);
        assertThat(mail.text()).isEqualTo(name);
    }

    @Test
    void letsNoLineBreakIntoHeaders() {
        String attack = "Hi\r\nBcc: all@example.com\u0000\u2028\u202ex";

        Outcome outcome =
                send(delivery().setAddressName(attack).setTitle(attack).build());

        assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
        Mail mail = ses.received().get(0);
        assertThat(mail.subject()).isEqualTo("Hi Bcc: all@example.com x");
        assertThat(mail.toName()).isEqualTo("Hi Bcc: all@example.com x");
        assertThat(mail.to()).isEqualTo("alice@example.com");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "alice",
                "alice@",
                "@example.com",
                "a b@example.com",
                "alice@example.com,bob@example.com",
                "alice@exa mple.com",
                "alice@example..com",
                "alice@example.com\r\nBcc: bob@example.com",
                "Alice <alice@example.com>",
                "zoë@example.com"
            })
    void refusesWhatIsNotOneAddress(String address) {
        assertThat(send(delivery().setAddress(address).build()))
                .isEqualTo(new Outcome.Rejected("not an address that SES takes"));
        assertThat(ses.count()).isZero();
    }

    @Test
    void sendsToInternationalDomains() {
        send(delivery().setAddress("alice@bücher.example").build());

        assertThat(ses.received().get(0).to()).isEqualTo("alice@xn--bcher-kva.example");
    }

    @Test
    void rejectsAnAddressThatSesRefuses() {
        assertThat(send(delivery().setAddress("bob@blocked.example").build()))
                .isEqualTo(new Outcome.Rejected("400 MessageRejected"));
    }

    @Test
    void sendsTheLargestThatARouterMayRender() {
        String text = "ü".repeat(65_536);
        String html = "<p>" + "€".repeat(131_065) + "</p>";

        assertThat(send(delivery().setBody(text).setHtml(html).build())).isInstanceOf(Outcome.Accepted.class);
        assertThat(ses.received().get(0).text()).isEqualTo(text);
        assertThat(ses.received().get(0).html()).isEqualTo(html);
    }

    @Test
    void waitsAsLongAsAskedWhenThereAreTooMany() {
        ses.answerNext(
                1,
                Answer.error(429, "TooManyRequestsException", "Maximum sending rate exceeded.")
                        .retryAfter("42"));

        assertThat(send(delivery().build()))
                .isEqualTo(Outcome.Retry.ofAll(Duration.ofSeconds(42), "429 TooManyRequestsException"));
    }

    @Test
    void neverRepeatsByItself() {
        ses.answerNext(1, Answer.error(500, "InternalServiceErrorException", "Oops"));
        ses.answerNext(1, Answer.error(503, "ServiceUnavailable", "Oops"));
        ses.answerNext(1, Answer.error(429, "TooManyRequestsException", "Slow down"));
        ses.answerNext(1, Answer.raw(502, "<html>Bad Gateway</html>"));
        ses.answerNext(1, Answer.error(403, "ExpiredTokenException", "Expired"));

        assertThat(IntStream.range(0, 5).mapToObj(i -> send(delivery().build())))
                .containsExactly(
                        Outcome.Retry.ofAll(Duration.ZERO, "500 InternalServiceErrorException"),
                        Outcome.Retry.ofAll(Duration.ZERO, "503 ServiceUnavailable"),
                        Outcome.Retry.ofAll(Duration.ZERO, "429 TooManyRequestsException"),
                        new Outcome.Unknown("502"),
                        Outcome.Misconfigured.ofAll("403 ExpiredTokenException"));
        assertThat(ses.count()).isZero();
    }

    @Test
    void doesNotKnowWhenNoAnswerComes() {
        ses.answerNext(1, Answer.silence());

        assertThat(send(impatient, delivery().build())).isEqualTo(new Outcome.Unknown("no answer in time"));
        await().untilAsserted(() -> assertThat(ses.count()).isEqualTo(1));
    }

    @Test
    void doesNotKnowWhenTheConnectionIsLost() {
        // Twice: on a connection that was kept, and on a fresh one.
        send(delivery().build());
        ses.clear();
        ses.answerNext(2, Answer.reset());

        assertThat(send(delivery().build())).isEqualTo(new Outcome.Unknown("connection lost"));
        assertThat(send(delivery().build())).isEqualTo(new Outcome.Unknown("connection lost"));
        assertThat(ses.count()).isEqualTo(2);
    }

    @Test
    void retriesWhatCouldNotLeave() throws IOException {
        URI nobody;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + closed.getLocalPort());
        }
        try (SesProvider lonely = provider(nobody, PATIENT)) {
            assertThat(send(lonely, delivery().build()))
                    .isInstanceOfSatisfying(Outcome.Retry.class, retry -> assertThat(retry.reason())
                            .startsWith("not connected"));
        }
    }

    @Test
    void goesOnAfterAllThreadsWereStuck() {
        ses.answerNext(IN_FLIGHT, Answer.silence());
        List<CompletableFuture<Outcome>> stuck = IntStream.range(0, IN_FLIGHT)
                .mapToObj(i -> impatient.send(delivery().build()).toCompletableFuture())
                .toList();
        await().untilAsserted(() -> assertThat(ses.count()).isEqualTo(IN_FLIGHT));

        Outcome next = send(impatient, delivery().build());

        assertThat(next).isInstanceOf(Outcome.Accepted.class);
        assertThat(stuck).allSatisfy(each -> assertThat(each.join()).isInstanceOf(Outcome.Unknown.class));
    }
}
