package io.herald.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void takesTheBurstAndThenTheRate() {
        RateLimit limit = new RateLimit(10, 3, 0);

        for (int i = 0; i < 3; i++) {
            assertThat(limit.tryTake(0)).isTrue();
        }
        assertThat(limit.tryTake(0)).isFalse();
        assertThat(limit.untilFree(1, 0)).isEqualTo(Duration.ofMillis(100));
        assertThat(limit.tryTake(SECOND / 10)).isTrue();
    }

    @Test
    void owesWhatWasMoreThanTheBurst() {
        RateLimit limit = new RateLimit(10, 5, 0);

        assertThat(limit.tryTake(25, 0)).isTrue();
        assertThat(limit.tryTake(1, 2 * SECOND)).isFalse();
        assertThat(limit.untilFree(1, 2 * SECOND)).isEqualTo(Duration.ofMillis(100));
        assertThat(limit.tryTake(1, 2 * SECOND + SECOND / 10)).isTrue();
    }

    @Test
    void handsKafkaNoMoreThanMayWait() {
        Backlog backlog = new Backlog(2, Duration.ofSeconds(2));

        assertThat(backlog.enter(0)).isTrue();
        assertThat(backlog.enter(1)).isTrue();
        assertThat(backlog.enter(0)).isFalse();
        backlog.leave(true, 1);
        assertThat(backlog.enter(1)).isTrue();
    }

    @Test
    void failsFastWhileNothingIsAcknowledgedAndTriesAgainOnceAllHasFailed() {
        Backlog backlog = new Backlog(100, Duration.ofSeconds(2));
        assertThat(backlog.enter(0) && backlog.enter(SECOND)).isTrue();

        assertThat(backlog.enter(3 * SECOND)).isFalse();
        backlog.leave(false, 10 * SECOND);
        assertThat(backlog.enter(10 * SECOND)).as("one still waits").isFalse();
        backlog.leave(false, 10 * SECOND);
        assertThat(backlog.enter(10 * SECOND)).isTrue();
        backlog.leave(true, 10 * SECOND);
        assertThat(backlog.isOpen(100 * SECOND)).as("idle").isTrue();
    }

    @Test
    void saysOnceThatManyWritesFail() {
        Backlog backlog = new Backlog(100, Duration.ofSeconds(2));
        for (int i = 0; i < 3; i++) {
            assertThat(backlog.enter(0)).isTrue();
        }

        assertThat(backlog.leave(false, 0)).isTrue();
        assertThat(backlog.leave(false, SECOND)).isFalse();
        assertThat(backlog.leave(false, 6 * SECOND)).isTrue();
    }
}
