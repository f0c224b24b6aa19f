package io.herald.sender.apns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import io.herald.schema.Delivery;
import io.herald.schema.Route;
import io.herald.sender.Outcome;
import io.herald.simulator.Answer;
import io.herald.simulator.ApnsCredentials;
import io.herald.simulator.ApnsSimulator;
import io.herald.simulator.Push;
import io.herald.testkit.TestDeliveries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What connections and keys come and go with. */
@Timeout(60)
class ApnsConnectionsTest {
    private static final String TOKEN = "a1".repeat(32);
    private static final ApnsCredentials OLD = ApnsCredentials.generate("OLDKEY1234");
    private static final ApnsCredentials NEW = ApnsCredentials.generate("NEWKEY1234");

    @TempDir
    Path folder;

    private final AtomicReference<ApnsSigningKey> key = new AtomicReference<>();
    private ApnsSimulator apns;
    private ApnsProvider provider;

    @BeforeEach
    void start() throws Exception {
        apns = ApnsSimulator.start(0, OLD);
        apns.register(TOKEN);
        ApnsConfig config = config(OLD);
        key.set(ApnsKeys.of(config).get());
        provider = new ApnsProvider(config, key::get);
    }

    @AfterEach
    void stop() {
        provider.close();
        apns.close();
    }

    private ApnsConfig config(ApnsCredentials credentials) throws Exception {
        Path certificate = Files.writeString(folder.resolve("apns.pem"), apns.certificatePem());
        Path file = Files.writeString(folder.resolve("key.p8"), credentials.privateKey());
        Path id = Files.writeString(folder.resolve("key.id"), credentials.keyId() + "\n");
        return ApnsConfig.from(Map.of(
                "apns.team.id", credentials.teamId(),
                "apns.key.file", file.toString(),
                "apns.key.id.file", id.toString(),
                "apns.trusted.certificates.file", certificate.toString(),
                "apns.production.server", "127.0.0.1:" + apns.port(),
                "apns.sandbox.server", "127.0.0.1:" + apns.port()));
    }

    private CompletableFuture<Outcome> sending(Delivery delivery) {
        return provider.send(delivery).toCompletableFuture();
    }

    private Outcome send() {
        return sending(delivery()).join();
    }

    private static Delivery delivery() {
        return TestDeliveries.to(Route.APNS, TOKEN).build();
    }

    @Test
    void signsWithTheNewKeyAndLosesNothingThatIsUnderWay() throws Exception {
        assertThat(send()).isInstanceOf(Outcome.Accepted.class);
        apns.trust(NEW);
        apns.answerNext(20, Answer.slow(Duration.ofSeconds(1)));
        List<CompletableFuture<Outcome>> underWay =
                IntStream.range(0, 20).mapToObj(i -> sending(delivery())).toList();
        await().until(() -> apns.requests() == 21);

        key.set(ApnsKeys.of(config(NEW)).get());
        assertThat(send()).isInstanceOf(Outcome.Accepted.class);
        assertThat(underWay).as("the old connections have not answered").noneMatch(CompletableFuture::isDone);
        apns.revoke(OLD.keyId());

        assertThat(send()).as("by the new key").isInstanceOf(Outcome.Accepted.class);
        assertThat(underWay).allSatisfy(each -> assertThat(each.join()).isInstanceOf(Outcome.Accepted.class));
        await().untilAsserted(() -> assertThat(apns.connections())
                .as("those of the old key are closed")
                .isLessThanOrEqualTo(2));
    }

    @Test
    void doesNotStartWithoutAnId() throws Exception {
        ApnsConfig config = config(NEW);
        Files.writeString(config.keyIdFile(), "");

        assertThatThrownBy(() -> new ApnsProvider(config))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("apns.key.file");
    }

    @Test
    void goesOnAfterTheServerSaysGoodbye() {
        send();
        apns.goAway();

        // What is written while the connection goes down may be without an answer; after that there is another one.
        Outcome next = send();
        for (int i = 0; i < 20 && !(next instanceof Outcome.Accepted); i++) {
            assertThat(next).isInstanceOfAny(Outcome.Retry.class, Outcome.Unknown.class);
            next = send();
        }
        assertThat(next).isInstanceOf(Outcome.Accepted.class);
    }

    /** The promise behind Unknown: whatever is said to be safe to repeat has not arrived. */
    @Test
    void knowsWhatAGoodbyeMayHaveLost() {
        send();
        apns.clear();
        apns.answerNext(300, Answer.slow(Duration.ofMillis(400)));
        Map<String, CompletableFuture<Outcome>> sent = new LinkedHashMap<>();
        for (int i = 0; i < 300; i++) {
            Delivery delivery = delivery();
            sent.put(delivery.getDeliveryId(), sending(delivery));
            if (i == 200) {
                await().until(() -> apns.count() >= 100);
                apns.goAway();
            }
        }
        sent.values().forEach(CompletableFuture::join);

        Set<String> arrived = apns.received().stream().map(Push::deliveryId).collect(Collectors.toSet());
        sent.forEach((id, outcome) -> {
            if (arrived.contains(id)) {
                assertThat(outcome.join()).isInstanceOfAny(Outcome.Accepted.class, Outcome.Unknown.class);
            } else {
                assertThat(outcome.join()).isInstanceOfAny(Outcome.Retry.class, Outcome.Unknown.class);
            }
        });
        assertThat(sent.values().stream().map(CompletableFuture::join))
                .as("those without an answer when it said goodbye")
                .filteredOn(Outcome.Unknown.class::isInstance)
                .hasSizeGreaterThanOrEqualTo(100);
        assertThat(apns.count()).as("nothing arrived twice").isEqualTo(arrived.size());
    }
}
