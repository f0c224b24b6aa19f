package io.herald.sender.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Route;
import io.herald.sender.Outcome;
import io.herald.simulator.Answer;
import io.herald.simulator.WebhookSimulator;
import io.herald.testkit.TestDeliveries;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WebhookDisableTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final Hands hands = new Hands();
    private WebhookSimulator simulator;
    private WebhookProvider provider;
    private String broken;
    private String well;

    @BeforeEach
    void start() {
        simulator = WebhookSimulator.start(0);
        broken = simulator.open(WebhookSimulator.Kind.SLACK);
        well = simulator.open(WebhookSimulator.Kind.SLACK);
        provider = new WebhookProvider(
                WebhookConfig.from(Map.of("egress.allow.loopback", "true", "webhook.disable.failures.min", "4")),
                8,
                Duration.ofSeconds(15),
                hands);
    }

    @AfterEach
    void stop() {
        provider.close();
        simulator.close();
    }

    @Test
    void givesAnEndpointUpAfterThreeDaysOfNothingButFailure() {
        fails();
        hands.now = START.plus(Duration.ofDays(1));
        fails();
        hands.now = START.plus(Duration.ofDays(3)).minusSeconds(1);
        fails();
        assertThat(send(well)).isInstanceOf(Outcome.Accepted.class);
        hands.now = START.plus(Duration.ofDays(3));
        simulator.answerNext(1, Answer.error(503, "", ""));

        assertThat(send(broken)).isEqualTo(new Outcome.AddressGone(START, "disabled after 72 h of failure"));
    }

    @Test
    void doesNotHoldPleasForPatienceAgainstIt() {
        for (int i = 0; i < 9; i++) {
            hands.now = START.plus(Duration.ofDays(i));
            assertThat(send(well)).isInstanceOf(Outcome.Accepted.class);
            simulator.answerNext(1, Answer.error(429, "", ""));
            assertThat(send(broken)).isInstanceOf(Outcome.Retry.class);
        }
    }

    private void fails() {
        simulator.answerNext(1, Answer.error(503, "", ""));
        assertThat(send(broken)).isEqualTo(Outcome.Retry.ofOne(Duration.ZERO, "503"));
    }

    private Outcome send(String url) {
        return provider.send(TestDeliveries.to(Route.WEBHOOK, url)
                        .setAddressId(url)
                        .setApp("SLACK")
                        .build())
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    /** A clock whose hands are moved. */
    private static final class Hands extends Clock {
        private volatile Instant now = START;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
