package io.herald.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WeatherTest {
    private static final Dialect DIALECT =
            new Dialect("P", Answer.raw(503, ""), Answer.raw(429, ""), Answer.raw(401, ""));

    private final Script script = new Script(DIALECT);

    @Test
    void meetsTheSameRequestsForTheSameSeed() {
        Weather half = Weather.of(Fault.ERRORS).percent(50, 7);

        List<Integer> first = statuses(half);

        assertThat(statuses(half)).isEqualTo(first);
        assertThat(statuses(half.percent(50, 8))).isNotEqualTo(first);
        assertThat(first.stream().filter(status -> status == 503).count()).isBetween(400L, 600L);
    }

    @Test
    void staysUntilItChanges() {
        script.weather(Weather.of(Fault.SILENCE));
        assertThat(IntStream.range(0, 100).mapToObj(i -> script.take().ending()))
                .containsOnly(Answer.Ending.SILENCE);

        script.weather(Weather.FINE);
        assertThat(script.take().ending()).isEqualTo(Answer.Ending.USUAL);
    }

    @Test
    void givesWayToWhatIsOrdered() {
        script.weather(Weather.of(Fault.ERRORS));
        script.add(1, Answer.reset());

        assertThat(script.take().ending()).isEqualTo(Answer.Ending.RESET);
        assertThat(script.take().status()).isEqualTo(503);
        assertThat(script.requests()).isEqualTo(2);
    }

    @Test
    void saysHowLongToWait() {
        script.weather(Weather.of(Fault.THROTTLING).delay(Duration.ofSeconds(12)));
        assertThat(script.take().retryAfter()).isEqualTo("12");

        script.weather(Weather.of(Fault.LATENCY).delay(Duration.ofMillis(80)));
        assertThat(script.take().latency()).isEqualTo(Duration.ofMillis(80));
    }

    @Test
    void isForgottenWithTheOrders() {
        script.weather(Weather.of(Fault.ERRORS));
        script.clear();

        assertThat(script.take().ending()).isEqualTo(Answer.Ending.USUAL);
    }

    @Test
    void breaksHandshakesOnlyWithItsOwnFault() {
        script.weather(Weather.of(Fault.ERRORS));
        assertThat(script.breaksHandshake()).isFalse();

        script.weather(Weather.of(Fault.TLS_BREAK));
        assertThat(script.breaksHandshake()).isTrue();
    }

    @Test
    void isNoMoreThanAll() {
        assertThatThrownBy(() -> Weather.of(Fault.ERRORS).percent(101, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Weather.of(Fault.ERRORS).percent(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private List<Integer> statuses(Weather weather) {
        script.weather(weather);
        return IntStream.range(0, 1_000).mapToObj(i -> script.take().status()).toList();
    }
}
