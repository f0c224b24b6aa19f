package io.herald.topology.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    @ParameterizedTest(name = "{3}")
    @CsvSource(nullValues = "-", textBlock = """
            1, -,        5,     the first
            2, -,        10,    twice as long
            3, -,        20,    and again
            4, -,        40,    the last wait there is
            1, 0,        5,     the provider would have it at once
            1, 4,        5,     the provider asks for less
            1, 5,        5,     for the same
            1, 6,        6,     for more
            4, 3600,     3600,  for an hour
            4, 39,       40,    for less than it has come to
            """)
    void doublesAndNeverWaitsLessThanTheProviderAsks(int failures, Long asked, long seconds, String why) {
        assertThat(Backoff.after(failures, asked == null ? null : Duration.ofSeconds(asked)))
                .isEqualTo(Duration.ofSeconds(seconds));
    }
}
