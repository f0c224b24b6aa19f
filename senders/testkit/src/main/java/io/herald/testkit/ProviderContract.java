package io.herald.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Delivery;
import io.herald.sender.Outcome;
import io.herald.sender.Provider;
import io.herald.simulator.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every provider does, whoever the vendor is. A sender's test extends this, against a simulator of its vendor. */
@Timeout(60)
public abstract class ProviderContract {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Stands for the loop's own limit, which ends every wait. */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    private static final String HARD_NAME = "Siân O’Brien-d'Arcy 👩🏽‍🚀 \u202Bשלום مرحبا\u202C";

    private Provider provider;

    /**
     * What arrived, in the words of all vendors.
     *
     * @param title null where the vendor has no such thing
     * @param replaces what hides a repeat: collapse id or tag; null where the vendor has no such thing
     */
    public record Arrival(String deliveryId, String address, String title, String body, String replaces) {}

    /** Starts a simulator, new for each test, and returns a provider that talks to it. */
    protected abstract Provider connect() throws Exception;

    /** Stops the simulator; twice in some tests. */
    protected abstract void stopSimulator();

    /** Returns what the simulator took, oldest first. */
    protected abstract List<Arrival> arrivals();

    /** Makes the simulator answer the next request so. */
    protected abstract void answerNext(Answer answer);

    /** Returns a new delivery to an address that the simulator takes. */
    protected abstract Delivery.Builder delivery();

    /** Returns an address of the right form that the simulator refuses. */
    protected abstract String unknownAddress();

    /** Returns an address that is none. */
    protected abstract String malformedAddress();

    /** Returns the outcome for {@link #unknownAddress}. */
    protected abstract Class<? extends Outcome> unknownIs();

    /** Returns the outcome for {@link #malformedAddress}. */
    protected abstract Class<? extends Outcome> malformedIs();

    /** Returns how this vendor says that it is broken: a status of 5xx. */
    protected abstract Answer broken();

    /** Returns how this vendor says that it is asked too often: a status of 429. */
    protected abstract Answer busy();

    /** Returns how this vendor says that our credentials are not good. */
    protected abstract Answer forbidden();

    /** Returns the outcome for {@link #forbidden}: our fault, unless an address is all the credential there is. */
    protected Class<? extends Outcome> forbiddenIs() {
        return Outcome.Misconfigured.class;
    }

    /** Returns whether the vendor's client shows how long to wait. */
    protected abstract boolean tellsHowLongToWait();

    /** Returns how long a vendor is left alone that asks for {@code asked}. */
    protected Duration waitsFor(Duration asked) {
        return tellsHowLongToWait() ? asked : Duration.ZERO;
    }

    /** Returns whether the vendor's messages have a title. */
    protected boolean hasTitle() {
        return true;
    }

    /** Returns how a title arrives: some channels leave out what could end a line, or hide what follows. */
    protected String arriving(String title) {
        return title;
    }

    @BeforeEach
    void open() throws Exception {
        provider = connect();
    }

    @AfterEach
    void close() {
        provider.close();
        stopSimulator();
    }

    @Test
    void deliversWhatItIsGiven() {
        Delivery delivery = delivery().build();

        assertThat(send(delivery))
                .isInstanceOfSatisfying(Outcome.Accepted.class, accepted -> assertThat(accepted.providerId())
                        .isNotBlank());
        assertThat(arrivals()).singleElement().satisfies(arrival -> {
            assertThat(arrival.deliveryId()).isEqualTo(delivery.getDeliveryId());
            assertThat(arrival.address()).isEqualTo(delivery.getAddress());
            assertThat(arrival.title()).isEqualTo(hasTitle() ? delivery.getTitle() : null);
            assertThat(arrival.body()).isEqualTo(delivery.getBody());
        });
    }

    @Test
    void namesTheDeliveryInEveryRepeat() {
        Delivery delivery = delivery().build();

        send(delivery);
        send(Delivery.newBuilder(delivery).setAttempt(2).build());

        assertThat(arrivals()).hasSize(2).allSatisfy(arrival -> {
            assertThat(arrival.deliveryId()).isEqualTo(delivery.getDeliveryId());
            assertThat(arrival.replaces()).isEqualTo(arrivals().get(0).replaces());
        });
    }

    @Test
    void saysSoWhenTheAddressIsUnknown() {
        assertThat(send(delivery().setAddress(unknownAddress()).build())).isInstanceOf(unknownIs());
        assertThat(arrivals()).isEmpty();
    }

    @Test
    void saysSoWhenTheAddressIsNone() {
        assertThat(send(delivery().setAddress(malformedAddress()).build())).isInstanceOf(malformedIs());
        assertThat(arrivals()).isEmpty();
    }

    /** A second request within the attempt would be accepted, and arrive. */
    @Test
    void leavesItToTheRouterToRepeatWhatABrokenProviderRefuses() {
        answerNext(broken());

        assertThat(send(delivery().build())).isInstanceOf(Outcome.Retry.class);
        assertThat(arrivals()).isEmpty();
    }

    @Test
    void waitsAsLongAsABusyProviderAsks() {
        answerNext(busy().retryAfter("7"));

        assertThat(send(delivery().build()))
                .isInstanceOfSatisfying(Outcome.Retry.class, retry -> assertThat(retry.after())
                        .isEqualTo(waitsFor(Duration.ofSeconds(7))));
        assertThat(arrivals()).isEmpty();
    }

    @Test
    void takesBadCredentialsForWhatTheyAre() {
        answerNext(forbidden());

        assertThat(send(delivery().build())).isInstanceOf(forbiddenIs());
    }

    @Test
    void retriesOnAnErrorPageOfAProxy() {
        answerNext(Answer.raw(502, "<html>Bad gateway</html>"));

        assertThat(withinTheLoopsLimit(provider.send(delivery().build()).toCompletableFuture()))
                .isInstanceOfAny(Outcome.Retry.class, Outcome.Unknown.class);
    }

    @Test
    void doesNotKnowWhenThereIsNoAnswer() {
        answerNext(Answer.silence());

        assertThat(withinTheLoopsLimit(provider.send(delivery().build()).toCompletableFuture()))
                .isInstanceOf(Outcome.Unknown.class);
        assertThat(arrivals()).as("sent once").hasSize(1);
    }

    @Test
    void doesNotKnowWhenTheConnectionBreaksBeforeTheAnswer() {
        answerNext(Answer.reset());

        assertThat(send(delivery().build())).isInstanceOf(Outcome.Unknown.class);
        assertThat(arrivals()).as("sent once").hasSize(1);
    }

    @Test
    void recoversAfterABrokenConnection() {
        answerNext(Answer.reset());
        send(delivery().build());

        assertThat(send(delivery().build())).isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void retriesWhenThereIsNoConnection() {
        stopSimulator();

        assertThat(send(delivery().build())).isInstanceOf(Outcome.Retry.class);
    }

    @Test
    void servesOthersWhileOneWaits() {
        answerNext(Answer.slow(Duration.ofSeconds(10)));
        CompletableFuture<Outcome> slow = provider.send(delivery().build()).toCompletableFuture();
        List<CompletableFuture<Outcome>> others = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            others.add(provider.send(delivery().build()).toCompletableFuture());
        }
        others.add(slow);

        long done = others.stream()
                .map(each -> each.completeOnTimeout(null, SILENCE.toMillis(), TimeUnit.MILLISECONDS)
                        .join())
                .filter(Outcome.Accepted.class::isInstance)
                .count();

        assertThat(done).as("of six, one of which takes ten seconds").isEqualTo(5);
    }

    @Test
    void carriesHardNamesUnharmed() {
        Delivery delivery = delivery()
                .setTitle(HARD_NAME)
                .setBody(HARD_NAME + " <b>&amp;\"\\ \u2028")
                .build();

        assertThat(send(delivery)).isInstanceOf(Outcome.Accepted.class);
        assertThat(arrivals()).singleElement().satisfies(arrival -> {
            assertThat(arrival.title()).isEqualTo(hasTitle() ? arriving(delivery.getTitle()) : null);
            assertThat(arrival.body()).isEqualTo(delivery.getBody());
        });
    }

    @Test
    void fitsTheLongestTextsThatTheRouterSends() {
        List<String> letters = List.of("x", "\"", "é", "\u20AC", "😀", "👩🏽‍🚀");
        for (String letter : letters) {
            Delivery delivery = delivery()
                    .setTitle(letter.repeat(200 / letter.length()))
                    .setBody(letter.repeat(1_000 / letter.length()))
                    .setLink("https://example.com/" + "p".repeat(500))
                    .build();

            assertThat(send(delivery)).as(letter).isInstanceOf(Outcome.Accepted.class);
        }
        assertThat(arrivals()).hasSize(letters.size()).allSatisfy(arrival -> assertThat(arrival.body())
                .doesNotContain("\uFFFD")
                .hasSizeGreaterThan(500));
    }

    /** A provider's words may quote what it was sent: logs and reasons go where neither may be read. */
    @Test
    void tellsNobodyWhatItSends() {
        Delivery secret = delivery()
                .setTitle("canary-title")
                .setBody("canary-body")
                .setHtml("<p>canary-html</p>")
                .setLink("https://example.com/canary-link")
                .setAddressName("canary-name")
                .build();
        String quoting = "canary-body for " + secret.getAddress() + " is no good";
        List<String> canaries = List.of("canary", secret.getAddress(), unknownAddress(), malformedAddress());
        List<Answer> answers = List.of(
                saying(broken(), quoting),
                saying(busy(), quoting),
                saying(forbidden(), quoting),
                Answer.raw(400, quoting),
                Answer.raw(502, quoting),
                Answer.reset(),
                Answer.silence());
        List<String> said = new ArrayList<>();

        try (LogCapture logs = LogCapture.begin()) {
            for (Answer answer : answers) {
                answerNext(answer);
                said.add(withinTheLoopsLimit(provider.send(secret).toCompletableFuture())
                        .toString());
            }
            said.add(send(secret).toString());
            said.add(send(Delivery.newBuilder(secret)
                            .setAddress(unknownAddress())
                            .build())
                    .toString());
            said.add(send(Delivery.newBuilder(secret)
                            .setAddress(malformedAddress())
                            .build())
                    .toString());
            stopSimulator();
            said.add(send(secret).toString());
            said.addAll(logs.lines());
        }

        assertThat(said).hasSizeGreaterThanOrEqualTo(answers.size() + 4).allSatisfy(line -> assertThat(line)
                .doesNotContain(canaries));
    }

    private static Answer saying(Answer answer, String message) {
        return new Answer(
                answer.ending(), answer.status(), answer.code(), message, answer.retryAfter(), answer.latency());
    }

    /** Sends, and waits for the outcome. */
    protected final Outcome send(Delivery delivery) {
        try {
            return provider.send(delivery).toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new AssertionError("no outcome", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }

    private static Outcome withinTheLoopsLimit(CompletableFuture<Outcome> answer) {
        return answer.completeOnTimeout(
                        new Outcome.Unknown("the loop's limit"), SILENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
