package io.herald.sender;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.sender.CircuitBreaker.State;
import io.herald.sender.Outcome.Health;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CircuitBreakerTest {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration RAMP = Duration.ofSeconds(20);

    private final CircuitBreaker breaker = new CircuitBreaker(FIRST, LONGEST, RAMP);
    /** Close to where it overflows: only differences of it mean anything. */
    private long now = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();

    @ParameterizedTest(name = "{2}")
    @CsvSource(textBlock = """
            iiiiiiiii,                   CLOSED, nine are not yet half of twenty
            iiiiiiiiii,                  OPEN,   ten are
            wwwwwwwwwwwwwwwwwwwwiiiiiiiii,  CLOSED, well before and nine ill
            wwwwwwwwwwwwwwwwwwwwiiiiiiiiii, OPEN, the last twenty count
            iwiwiwiwiwiwiwiwiwi,         OPEN,   every other one
            iwwiwwiwwiwwiwwiwwiwwiwwiwwiww, CLOSED, every third is a bad day and no outage
            iiiiiiiiiwwwwwwwwwwwwwwwwwwwwiiiii, CLOSED, those of before are forgotten
            uuuuuuuuuuuuuuuuuuuu,        CLOSED, what was not asked says nothing
            """)
    void opensWhenHalfOfTheLastTwentyAreIll(String answers, State expected, String why) {
        answers.chars().forEach(each -> answer(health(each)));

        assertThat(breaker.state()).isEqualTo(expected);
    }

    @Test
    void triesOneAfterAPauseThatDoubles() {
        breaker.trip(now);
        for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30}) {
            pass(Duration.ofSeconds(seconds).minusNanos(1));
            assertThat(breaker.waitNanos(now))
                    .as("before %d s are over", seconds)
                    .isEqualTo(1);
            pass(Duration.ofNanos(1));
            assertThat(breaker.waitNanos(now)).as("after %d s", seconds).isZero();
            breaker.goes();
            assertThat(breaker.waitNanos(now)).as("one at a time").isPositive();
            answer(Health.ILL);
            assertThat(breaker.state()).isEqualTo(State.OPEN);
        }
        assertThat(breaker.openings()).as("one outage").isEqualTo(1);
    }

    @Test
    void closesWhenOneFindsTheProviderWellAndBeginsAnewWithItsPauses() {
        breaker.trip(now);
        probe(Health.ILL);
        probe(Health.WELL);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);

        breaker.trip(now);
        assertThat(breaker.waitNanos(now)).isEqualTo(FIRST.toNanos());
        assertThat(breaker.openings()).isEqualTo(2);
    }

    @Test
    void anotherMayTryWhenTheProbeWasNotMade() {
        breaker.trip(now);
        probe(Health.UNSEEN);

        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        assertThat(breaker.waitNanos(now)).isZero();
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(textBlock = """
            PT0S,   PT1S,  it does not say
            PT0.5S, PT1S,  less than ours
            PT7M,   PT7M,  more than ours
            P7D,    PT1H,  it may be mistaken
            """)
    void waitsAsLongAsTheProviderAsks(Duration asked, Duration waited, String why) {
        for (int i = 0; i < CircuitBreaker.MOST_ILL; i++) {
            breaker.found(Health.ILL, asked, now);
        }
        assertThat(breaker.waitNanos(now)).isEqualTo(waited.toNanos());
    }

    @Test
    void letsMoreAndMoreThroughAfterAnOutage() {
        assertThat(breaker.strength(now)).as("at the start").isEqualTo(1);
        breaker.trip(now);
        probe(Health.WELL);

        assertThat(breaker.strength(now)).isEqualTo(CircuitBreaker.FIRST_STRENGTH);
        pass(Duration.ofSeconds(10));
        assertThat(breaker.strength(now)).isEqualTo(0.5);
        pass(Duration.ofSeconds(10));
        assertThat(breaker.strength(now)).isEqualTo(1);
        pass(Duration.ofDays(100_000));
        assertThat(breaker.strength(now)).as("times wrap around").isEqualTo(1);
    }

    @Test
    void answersOfBeforeDoNotEndTheNextOutage() {
        breaker.trip(now);
        answer(Health.WELL);

        assertThat(breaker.state()).as("open: nobody was let through to see").isEqualTo(State.OPEN);
        assertThat(breaker.wells()).isEqualTo(1);
    }

    private void probe(Health health) {
        pass(Duration.ofNanos(breaker.waitNanos(now)));
        assertThat(breaker.waitNanos(now)).isZero();
        breaker.goes();
        answer(health);
    }

    private void answer(Health health) {
        breaker.found(health, Duration.ZERO, now);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private static Health health(int letter) {
        return switch (letter) {
            case 'i' -> Health.ILL;
            case 'w' -> Health.WELL;
            case 'u' -> Health.UNSEEN;
            default -> throw new IllegalArgumentException(Character.toString(letter));
        };
    }
}
